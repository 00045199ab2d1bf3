package dev.bactrian.http.api;

import dev.bactrian.postgres.url.Databases;
import dev.bactrian.schedule.CurrentSettings;
import dev.bactrian.schedule.Schedule;
import dev.bactrian.schedule.SettingsAtRunTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Header;
import org.jspecify.annotations.Nullable;

/** Writes where each configured database stands. */
public final class DatabaseResponses {

    private static final String STANDING = "standing";

    private final Databases databases;
    private final SettingsAtRunTime settings;
    private final Instant started = Instant.now();

    public DatabaseResponses(Databases databases, SettingsAtRunTime settings) {
        this.databases = databases;
        this.settings = settings;
    }

    /** Names of all databases, separated by spaces, which no name has. */
    public String names() {
        return String.join(" ", databases.names());
    }

    /**
     * Answers.
     *
     * @param rows of find-standings.sql
     * @param asked rows of find-asked.sql
     * @param leftovers how many failed backups may still have something in the store
     * @param settingsRows of system_settings_kv
     */
    public void databases(
            Exchange exchange,
            @Body List<Map<String, Object>> rows,
            @Header("asked") List<Map<String, Object>> asked,
            @Header("leftovers") long leftovers,
            @ExchangeProperty("settings") List<Map<String, Object>> settingsRows) {
        Instant now = Instant.now();
        CurrentSettings current = settings.with(settingsRows);
        Overdue overdue = new Overdue(current, started, now);
        List<Map<String, @Nullable Object>> views = new ArrayList<>();
        for (Schedule schedule : current.schedules()) {
            String name = schedule.database();
            Map<String, @Nullable Object> view = new LinkedHashMap<>();
            view.put("name", name);
            view.put("database", databases.get(name).url().database());
            for (String standing : List.of("last", "last_good", "running")) {
                view.put(standing, backup(rows, name, standing));
            }
            view.put("cron", schedule.cron() == null ? null : schedule.cron().text());
            view.put("next_fire_time", schedule.after(now).orElse(null));
            view.put("overdue_since", overdue.since(schedule, row(asked, name)).orElse(null));
            views.add(view);
        }
        JsonResponse.of(exchange, Map.of("databases", views, "leftovers", leftovers));
    }

    private static Map<String, Object> row(List<Map<String, Object>> rows, String database) {
        return rows.stream()
                .filter(row -> database.equals(row.get("database")))
                .findFirst()
                .orElseThrow();
    }

    private static @Nullable Map<String, Object> backup(
            List<Map<String, Object>> rows, String database, String standing) {
        for (Map<String, Object> row : rows) {
            if (database.equals(row.get("database")) && standing.equals(row.get(STANDING))) {
                Map<String, Object> view = RowView.of(row);
                view.remove(STANDING);
                return view;
            }
        }
        return null;
    }
}
