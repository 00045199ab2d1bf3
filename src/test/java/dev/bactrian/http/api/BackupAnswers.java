package dev.bactrian.http.api;

import dev.bactrian.testing.BactrianService;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;

/** Answers about backups: requested, listed, looked into, refused. */
final class BackupAnswers extends ContractCases {

    private static final String DOWNLOAD = "/downloads/{id}/{signature}";

    static void given() {
        look("POST", "/api/backups", service.send("POST", "/api/backups", "{\"dispatch_id\": \"contract-1\"}"));
        look("POST", "/api/backups", service.send("POST", "/api/backups", "{\"dispatch_id\": \"contract-failed\"}"));
        look(
                "POST",
                "/api/backups",
                service.send(
                        "POST",
                        "/api/backups",
                        "{\"dispatch_id\": \"contract-part\", \"schemas\": [\"*\"], \"exclude_table_data\": [\"*.x\"]}"));
        look("POST", "/api/backups", service.send("POST", "/api/backups", "{\"databases\": [\"default\", \"empty\"]}"));
        look("GET", "/api/backups", service.send("GET", "/api/backups?limit=1", null));
        look("GET", "/api/backups", service.send("GET", "/api/backups?database=default&status=failed", null));
        for (String id : List.of(backup, FAILED, RUNNING)) {
            look("GET", "/api/backups/{id}", service.send("GET", "/api/backups/" + id, null));
        }
        look("GET", "/api/backups/{id}/manifest", service.send("GET", "/api/backups/" + backup + "/manifest", null));
        look(
                "POST",
                "/api/backups/{id}/download-url",
                service.send("POST", "/api/backups/" + backup + "/download-url", null));
        for (String range : List.of("lines=1-", "bytes=1-9", "bytes=999999999-")) {
            look("GET", DOWNLOAD, download(range));
        }
        look("GET", "/api/backups", service.send("GET", "/api/backups?trigger=push", null));
        for (String name : List.of("manifest.json", "README.txt", "db/roles.sql", "db%2Fschema.dump", "not-there")) {
            look(
                    "GET",
                    "/api/backups/{id}/entries/{name}",
                    service.send("GET", "/api/backups/" + backup + "/entries/" + name, null));
        }
    }

    private static HttpResponse<String> download(String range) {
        return BactrianService.send(HttpRequest.newBuilder(URI.create(service.base() + filled(DOWNLOAD, backup)))
                .header("Range", range)
                .build());
    }

    static void refused() {
        // 400, 413, 415
        look("GET", DOWNLOAD, service.send("GET", filled(DOWNLOAD, backup) + "?id=x", null));
        look("POST", "/api/backups", service.send("POST", "/api/backups", "{"));
        look("GET", "/api/backups", service.send("GET", "/api/backups?limit=0", null));
        look("POST", "/api/backups", service.send("POST", "/api/backups", BIG));
        look("POST", "/api/backups", typed(BactrianService.API_KEY, "POST", "/api/backups", "text/plain", "default"));
        look(
                "POST",
                "/api/backups/{id}/download-url",
                service.send("POST", "/api/backups/" + backup + "/download-url", BIG));
        look("POST", "/api/backups/{id}/cancel", service.send("POST", "/api/backups/" + backup + "/cancel", BIG));
        look("DELETE", "/api/backups/{id}", service.send("DELETE", "/api/backups/" + backup, BIG));
        look("DELETE", "/api/backups/{id}", service.send("DELETE", "/api/backups/" + backup + "?force=x", null));
        look("DELETE", "/api/backups/{id}", service.send("DELETE", "/api/backups/" + backup, null));
        look("POST", "/api/backups/{id}/verify", service.send("POST", "/api/backups/" + backup + "/verify", BIG));
    }
}
