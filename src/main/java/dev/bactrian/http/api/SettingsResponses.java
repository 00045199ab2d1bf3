package dev.bactrian.http.api;

import dev.bactrian.schedule.CurrentSettings;
import dev.bactrian.schedule.CurrentSettings.Value;
import dev.bactrian.schedule.Schedule;
import dev.bactrian.schedule.SettingsAtRunTime;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/** Writes what the settings are now, and since when. */
public final class SettingsResponses {

    private final SettingsAtRunTime settings;

    public SettingsResponses(SettingsAtRunTime settings) {
        this.settings = settings;
    }

    /**
     * Answers with all of them.
     *
     * @param rows of system_settings_kv
     */
    public void settings(Exchange exchange, @Body List<Map<String, Object>> rows) {
        CurrentSettings current = settings.with(rows);
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("backup_enabled", current.backupEnabled().value());
        answer.put("timezone", current.zone().value().getId());
        Map<String, Object> schedules = new LinkedHashMap<>();
        current.schedules().forEach(schedule -> schedules.put(schedule.database(), view(schedule, Instant.now())));
        answer.put("schedules", schedules);
        answer.put("retention", current.retention().value().members());
        answer.put(
                "origins",
                Map.of(
                        "backup_enabled",
                        origin(current.backupEnabled()),
                        "timezone",
                        origin(current.zone()),
                        "retention",
                        origin(current.retention())));
        JsonResponse.of(exchange, answer);
    }

    private static Map<String, @Nullable Object> view(Schedule schedule, Instant now) {
        Map<String, @Nullable Object> view = new LinkedHashMap<>();
        view.put("cron", schedule.cron() == null ? null : schedule.cron().text());
        view.put("next_fire_time", schedule.after(now).orElse(null));
        view.putAll(origin(schedule.updatedAt(), schedule.problem()));
        return view;
    }

    private static Map<String, @Nullable Object> origin(Value<?> value) {
        return origin(value.updatedAt(), value.problem());
    }

    private static Map<String, @Nullable Object> origin(@Nullable Instant updatedAt, @Nullable String problem) {
        Map<String, @Nullable Object> view = new LinkedHashMap<>();
        view.put("from", updatedAt == null ? "configuration" : "settings");
        view.put("updated_at", updatedAt);
        view.put("problem", problem);
        return view;
    }
}
