package dev.bactrian.http.functions;

import dev.bactrian.http.api.ApiException;
import dev.bactrian.http.api.ApiProblem;
import dev.bactrian.http.api.ApiResponses;
import dev.bactrian.http.api.JsonResponse;
import dev.bactrian.http.api.ListQuery;
import dev.bactrian.http.api.RowView;
import dev.bactrian.schedule.BackupSwitch;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.jspecify.annotations.Nullable;

/** Writes the answers of {@code /functions/v1}. */
public final class FunctionResponses {

    private static final int NOT_FOUND = 404;
    private static final int LINK_SECONDS = 900;

    private final BackupSwitch backupSwitch;

    FunctionResponses(BackupSwitch backupSwitch) {
        this.backupSwitch = backupSwitch;
    }

    /** Refuses a name that no row has. */
    public void known(@Body @Nullable Object row) {
        if (row == null) {
            throw new ApiException(new ApiProblem(
                    NOT_FOUND,
                    "not-found",
                    "Backup entry not found",
                    "No backup has this backup_id, dispatch_id or s3_key. backup-history lists them."));
        }
    }

    /** The answer of {@code trigger-backup}. */
    public void triggered(Exchange exchange, @Body List<Map<String, Object>> rows) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("message", "Backup triggered");
        if (rows.size() > 1) {
            answer.put("backups", rows.stream().map(RowView::of).toList());
        }
        answer(exchange, about(answer, rows.get(0)));
    }

    /** The answer of {@code backup-status}. */
    public void status(Exchange exchange, @Body Map<String, Object> row) {
        answer(exchange, about(new LinkedHashMap<>(), row));
    }

    /** The answer of {@code backup-history}. */
    public void page(
            Exchange exchange, @Body List<Map<String, Object>> rows, @ExchangeProperty("list") ListQuery query) {
        answer(exchange, ApiResponses.members(rows, query));
    }

    /** The answer of {@code generate-signed-url}. */
    public void link(Exchange exchange, @Body String url, @ExchangeProperty("key") String key) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("url", url);
        answer.put("s3_key", key);
        answer.put("expires_in", LINK_SECONDS);
        answer.put("expires_at", Instant.now().plusSeconds(LINK_SECONDS).truncatedTo(ChronoUnit.SECONDS));
        answer(exchange, answer);
    }

    /**
     * The answer of {@code settings-toggle}.
     *
     * @param rows of system_settings_kv
     */
    public void toggle(Exchange exchange, @Body List<Map<String, Object>> rows) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("enabled", backupSwitch.isOn(rows));
        answer(exchange, answer);
    }

    void answer(Exchange exchange, Map<String, Object> members) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("success", true);
        answer.putAll(members);
        JsonResponse.of(exchange, answer);
    }

    private static Map<String, Object> about(Map<String, Object> answer, Map<String, Object> row) {
        answer.put("backup_id", row.get("id"));
        Map<String, Object> view = RowView.of(row);
        for (String column : List.of("dispatch_id", "status", "phase", "error_text")) {
            answer.put(column, view.get(column));
        }
        answer.put("backup", view);
        return answer;
    }
}
