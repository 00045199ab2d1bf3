package dev.bactrian.http.api;

import dev.bactrian.testing.BactrianService;
import java.util.List;

/** Answers of the functions that dashboards call. */
final class FunctionAnswers extends ContractCases {

    static void given() {
        // 200
        ask("POST", "trigger-backup", "{\"dispatch_id\": \"contract-function\"}");
        ask("POST", "backup-status", "{\"dispatch_id\": \"contract-function\"}");
        ask("GET", "backup-status?backup_id=" + FAILED, null);
        ask("POST", "backup-history", "{\"limit\": 1}");
        ask("GET", "backup-history?status=completed", null);
        ask("POST", "generate-signed-url", "{\"backup_id\": \"" + backup + "\"}");
        ask("GET", "settings-toggle", null);
        ask("POST", "settings-toggle", "{\"enabled\": true}");
        control.run("DELETE FROM system_settings_kv");
        String report = "{\"dispatch_id\": \"contract-worker\", \"s3_key\": \"a/worker.zip\"}";
        control.run("INSERT INTO backup_history (dispatch_id, status) VALUES ('contract-worker', 'in_progress')");
        ask("GET", "backup-status?dispatch_id=contract-worker", null);
        ask("POST", "update-backup", report);
        ask("POST", "update-backup", report);
        // 400
        ask("POST", "trigger-backup", "{\"database\": \"x\"}");
        // 422
        ask("POST", "trigger-backup", "{\"dispatch_id\": \"contract-function\", \"sha\": \"abcdef0\"}");
        ask("POST", "update-backup", report.replace("a/worker.zip", ""));
        ask("POST", "backup-status", "{}");
        ask("GET", "backup-status", null);
        ask("POST", "backup-history", "{\"limit\": 0}");
        ask("GET", "backup-history?limit=0", null);
        ask("POST", "generate-signed-url", "{}");
        ask("POST", "settings-toggle", "{}");
        // 404, 409
        for (String id : List.of(UNKNOWN, FAILED)) {
            String json = "{\"backup_id\": \"" + id + "\", \"s3_key\": \"b\"}";
            ask("POST", "update-backup", json);
            ask("POST", "generate-signed-url", json.replace("\"b\"", "\"c\""));
            ask("POST", "backup-status", json.replace("\"b\"", "\"c\""));
            ask("GET", "backup-status?backup_id=" + id, null);
        }
        // 413, 415
        for (String function : List.of(
                "trigger-backup",
                "update-backup",
                "backup-status",
                "backup-history",
                "generate-signed-url",
                "settings-toggle")) {
            ask("POST", function, BIG);
            look(
                    "POST",
                    FUNCTIONS + function,
                    typed(BactrianService.API_KEY, "POST", FUNCTIONS + function, "application/xml", "default"));
        }
    }
}
