package dev.bactrian.http.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.bactrian.testing.BactrianService;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;

/** Answers about restores and verifications. */
final class RestoreAnswers extends ContractCases {

    static void given() {
        HttpResponse<String> begun = call("POST", "/api/restores", restore);
        look("POST", "/api/restores", begun);
        String dryRun = BactrianService.json(begun.body()).path("id").asText();
        JsonNode ended = Awaitility.await("the end of a dry run")
                .atMost(Duration.ofSeconds(60))
                .until(
                        () -> BactrianService.json(
                                call("GET", "/api/restores/" + dryRun, null).body()),
                        row -> !"in_progress".equals(row.path("status").asText()));
        assertThat(ended.at("/report/plan").isObject()).as(ended.toString()).isTrue();
        for (String id : List.of(dryRun, FAILED, RUNNING)) {
            look("GET", "/api/restores/{id}", call("GET", "/api/restores/" + id, null));
        }
        HttpResponse<String> proof = service.send("POST", "/api/backups/" + backup + "/verify", null);
        look("POST", "/api/backups/{id}/verify", proof);
        String verification = BactrianService.json(proof.body()).path("id").asText();
        JsonNode proven = Awaitility.await("the end of a verification")
                .atMost(Duration.ofSeconds(90))
                .until(
                        () -> BactrianService.json(call("GET", "/api/restores/" + verification, null)
                                .body()),
                        row -> !"in_progress".equals(row.path("status").asText()));
        look("GET", "/api/restores/{id}", call("GET", "/api/restores/" + verification, null));
        assertThat(proven.path("status").asText()).as(proven.toString()).isEqualTo("success");
        assertThat(service.backup(backup).path("verified_at").asText()).startsWith("20");
        look("GET", "/api/restores", call("GET", "/api/restores", null));
        look("GET", "/api/restores", call("GET", "/api/restores?limit=x", null));
    }

    static void refused() {
        // 403, 404, 409, 413, 415
        look("POST", "/api/restores", service.send("POST", "/api/restores", restore));
        look("POST", "/api/restores/{id}/cancel", service.send("POST", "/api/restores/" + FAILED + "/cancel", null));
        look("POST", "/api/restores", call("POST", "/api/restores", restore.replace("latest", UNKNOWN)));
        look("POST", "/api/restores", call("POST", "/api/restores", restore.replace("latest", FAILED)));
        look("POST", "/api/restores", call("POST", "/api/restores", BIG));
        look("POST", "/api/restores/{id}/cancel", call("POST", "/api/restores/" + FAILED + "/cancel", BIG));
        look(
                "POST",
                "/api/restores",
                typed(BactrianService.RESTORE_KEY, "POST", "/api/restores", "text/plain", "latest"));
    }
}
