package dev.bactrian.http.api;

import dev.bactrian.testing.BactrianService;
import java.net.URI;
import java.net.http.HttpRequest;
import java.util.List;
import java.util.Map;

/** Answers of all resources: to odd ids, without a key, and when something is full, switched off or lost. */
final class CommonAnswers extends ContractCases {

    /** 400, 404 and 409, by what is wrong with the id. */
    static void toOddIds() {
        Contract.eachOperation((name, operation) -> {
            String path = name.substring(name.indexOf(' ') + 1);
            String method = name.substring(0, name.indexOf(' '));
            for (String id : path.contains("{id}") ? List.of("x", UNKNOWN, FAILED, RUNNING) : List.<String>of()) {
                if (path.endsWith("/events") && id.equals(RUNNING)) {
                    // It would be followed for minutes: FollowIT does so.
                    continue;
                }
                look(method, path, call(method, filled(path, id), null));
            }
        });
    }

    /** 401. */
    static void withoutAKey() {
        Contract.eachOperation((name, operation) -> {
            String path = name.substring(name.indexOf(' ') + 1);
            String method = name.substring(0, name.indexOf(' '));
            look(
                    method,
                    path,
                    BactrianService.send(HttpRequest.newBuilder(URI.create(service.base() + filled(path, backup)))
                            .method(method, HttpRequest.BodyPublishers.noBody())
                            .build()));
        });
    }

    /** 422 and 429. */
    static void whenTheQueueIsFull() {
        look(
                "POST",
                "/api/backups",
                service.send("POST", "/api/backups", "{\"dispatch_id\": \"contract-1\", \"sha\": \"abcdef0\"}"));
        control.run("INSERT INTO backup_history (database, target, phase) "
                + "SELECT 'nowhere', 'nowhere', 'queued' FROM generate_series(1, 100)");
        look("POST", "/api/backups", service.send("POST", "/api/backups", null));
        ask("POST", "trigger-backup", null);
        look(
                "POST",
                HOOK,
                DeliveryAnswers.deliver(service, "push", GithubHookIT.resource("push.json"), "contract-full"));
        control.run("DELETE FROM backup_history WHERE database = 'nowhere'");
    }

    /** 409. */
    static void whenBackupsAreOff() {
        control.run("INSERT INTO system_settings_kv (key, value) VALUES ('backup_enabled', 'false')");
        look("POST", "/api/backups", service.send("POST", "/api/backups", null));
        ask("POST", "trigger-backup", null);
        look("POST", HOOK, DeliveryAnswers.deliver(service, "push", GithubHookIT.resource("push.json")));
        control.run("DELETE FROM system_settings_kv");
    }

    /** 502. */
    static void withoutAStore() {
        try (BactrianService lost = BactrianService.start(
                Map.of(
                        "DATABASE_URL",
                        control.url(),
                        "RESTORE_API_KEY",
                        BactrianService.RESTORE_KEY,
                        "S3_ENDPOINT",
                        "http://127.0.0.1:" + BactrianService.freePort()),
                control,
                store)) {
            for (String operation : List.of(
                    "GET /api/backups/{id}/manifest",
                    "GET /api/backups/{id}/entries/{name}",
                    "GET /downloads/{id}/{signature}",
                    "DELETE /api/backups/{id}")) {
                String path = operation.substring(operation.indexOf(' ') + 1);
                String method = operation.substring(0, operation.indexOf(' '));
                look(method, path, lost.send(method, filled(path, backup), null));
            }
            String elsewhere = "{\"backup\": \"" + backup + "\", \"database\": \"default\", \"dry_run\": true, "
                    + "\"confirm\": \"" + control.name() + "\"}";
            look("POST", "/api/restores", lost.send(BactrianService.RESTORE_KEY, "POST", "/api/restores", elsewhere));
            // 403
            look("POST", HOOK, DeliveryAnswers.deliver(lost, "ping", "{}"));
        }
    }

    /** 503. */
    static void withoutAHistory() {
        control.run(
                "ALTER TABLE backup_history RENAME TO elsewhere",
                "ALTER TABLE restore_history RENAME TO elsewhere_too",
                "ALTER TABLE system_settings_kv RENAME TO elsewhere_as_well");
        String named = "{\"backup_id\": \"" + backup + "\", \"s3_key\": \"a\", \"enabled\": true}";
        for (String function : List.of("update-backup", "backup-status", "generate-signed-url", "settings-toggle")) {
            ask("POST", function, named);
        }
        ask("GET", "backup-status?dispatch_id=a", null);
        look("POST", HOOK, DeliveryAnswers.deliver(service, "push", GithubHookIT.resource("push.json")));
        look("POST", "/api/restores", call("POST", "/api/restores", restore));
        look("PUT", "/api/settings", call("PUT", "/api/settings", "{\"backup_enabled\": true}"));
        Contract.eachOperation((name, operation) -> {
            String path = name.substring(name.indexOf(' ') + 1);
            String method = name.substring(0, name.indexOf(' '));
            look(method, path, call(method, filled(path, backup), null));
        });
        control.run(
                "ALTER TABLE elsewhere RENAME TO backup_history",
                "ALTER TABLE elsewhere_too RENAME TO restore_history",
                "ALTER TABLE elsewhere_as_well RENAME TO system_settings_kv");
    }
}
