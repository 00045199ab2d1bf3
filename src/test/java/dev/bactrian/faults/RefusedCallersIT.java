package dev.bactrian.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import dev.bactrian.testing.stores.S3Gateway;
import dev.bactrian.testing.stores.TestStore;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The store refuses, and callers of the API are told its words; what can't be deleted keeps nothing else waiting. */
class RefusedCallersIT {

    private static final int STUCK = 25;

    private static TestDatabase source;
    private static TestStore store;
    private static S3Gateway gateway;
    private static Scene scene;
    private static String backup;

    @BeforeAll
    static void start() {
        source = Sources.small();
        store = TestStore.start();
        gateway = S3Gateway.to(store);
        scene = Scene.start(
                Map.of(
                        "DATABASE_URL", source.url(),
                        "RESTORE_API_KEY", BactrianService.RESTORE_KEY,
                        "S3_ENDPOINT", gateway.endpoint().toString()),
                PostgresServer.V15.createDatabase(),
                store);
        success();
        backup = success();
    }

    @AfterAll
    static void stop() {
        scene.close();
        gateway.close();
    }

    @AfterEach
    void nothingIsWrong() {
        gateway.refuseNothing();
        scene.steps().reset();
    }

    @ParameterizedTest
    @CsvSource({
        "403, AccessDenied, Not for you., s3:GetObject",
        "403, InvalidAccessKeyId, There is no such key., AWS_ACCESS_KEY_ID",
        "403, SignatureDoesNotMatch, The secret is another one., AWS_SECRET_ACCESS_KEY",
        "404, NoSuchBucket, It was deleted., S3_BUCKET",
        "500, InternalError, We are sorry., state"
    })
    void theStoresWordsAreTheAnswer(int status, String code, String message, String remedy) {
        gateway.refuse(request -> true, status, code, message);

        for (HttpResponse<String> answer : List.of(
                send("GET", "/manifest"), send("GET", "/entries/db/roles.sql"), send("DELETE", ""), restore())) {
            assertStoreFailed(answer, Integer.toString(status), remedy, "Nothing was changed.");
            if (!answer.uri().getPath().contains("/entries/")) {
                // That one asks by HEAD, whose answers have no body.
                assertThat(answer.body()).contains(code, message);
            }
        }
        assertThat(scene.aftermath().row(backup).get("archive_delete_reason")).isNull();
    }

    @Test
    void aDeletionThatHadBegunSaysSoAndGoesOn() {
        String doomed = success();
        gateway.refuse(request -> "DELETE".equals(request.method()), 403, "AccessDenied", "Not for you.");

        HttpResponse<String> refused = scene.service().send("DELETE", "/api/backups/" + doomed, null);

        assertStoreFailed(refused, "403 AccessDenied", "Not for you.", "The deletion of this backup has begun");
        assertThat(refused.body()).doesNotContain("Nothing was changed");
        gateway.refuseNothing();
        HttpResponse<String> again = scene.service().send("DELETE", "/api/backups/" + doomed, null);
        assertThat(again.statusCode()).as(again.body()).isEqualTo(200);
    }

    /** A HEAD can't tell whether the object is missing, or the bucket. */
    @Test
    void anArchiveThatIsGoneIsNotABucketThatDoesNotExist() {
        String gone = success();
        store.delete(String.valueOf(scene.aftermath().row(gone).get("s3_key")));

        HttpResponse<String> answer =
                scene.service().send("GET", "/api/backups/" + gone + "/entries/db/roles.sql", null);

        assertStoreFailed(answer, "S3 answered 404", "the object was not found", "Nothing was changed.");
        scene.control().run("DELETE FROM backup_history WHERE id = '" + gone + "'");
        store.keys().stream().filter(key -> key.contains(gone)).forEach(store::delete);
    }

    /** More than one look takes: those that can go are removed all the same. */
    @Test
    void whatCannotBeRemovedKeepsNothingElseWaiting() {
        scene.control()
                .run("INSERT INTO backup_history (status, node, s3_key, finished_at) SELECT 'failed', 'elsewhere/1/1', "
                        + "'backups/archive/stuck-' || n || '/backup.zip', now() - interval '1 day' FROM generate_series(1, "
                        + STUCK + ") n");
        store.put("backups/archive/free/backup.zip", new byte[1]);
        scene.control()
                .run(
                        "INSERT INTO backup_history (status, node, s3_key, finished_at) VALUES ('failed', 'elsewhere/1/1', "
                                + "'backups/archive/free/backup.zip', now())");
        gateway.refuse(request -> request.path().contains("/stuck-"), 403, "AccessDenied", "Locked.");

        scene.steps().hurry("remove-leftovers");

        Awaitility.await("the removal of what can be removed")
                .atMost(Duration.ofSeconds(60))
                .until(() -> store.keys().stream().noneMatch(key -> key.contains("/free/")));
        assertThat(scene.control()
                        .jdbc()
                        .queryForObject(
                                "SELECT count(*) FROM backup_history WHERE s3_key LIKE '%/stuck-%'", Integer.class))
                .isEqualTo(STUCK);
        scene.control().run("DELETE FROM backup_history WHERE status = 'failed'");
    }

    /** Nor does an archive under a lock keep others from being deleted, run after run. */
    @Test
    void anArchiveThatCannotBeDeletedKeepsNoOtherFromIt() throws Exception {
        String locked = success();
        List<String> others = List.of(success(), success(), success());
        String newest = success();
        String key = String.valueOf(scene.aftermath().row(locked).get("s3_key"));
        String folder = key.substring(0, key.lastIndexOf('/'));
        gateway.refuse(
                request -> "DELETE".equals(request.method()) && request.path().contains(folder),
                403,
                "AccessDenied",
                "Locked.");
        String kept = "SELECT count(*) FROM backup_history WHERE archive_deleted_at IS NULL AND id = ANY (?::uuid[])";
        assertThat(scene.service()
                        .send("PUT", "/api/settings?force=true", "{\"retention\": {\"keep_last\": 1}}")
                        .statusCode())
                .isEqualTo(200);
        try {
            Awaitility.await("the deletion of the others")
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> {
                        scene.service().app().producer().request("direct:apply-retention", exchange -> {});
                        return scene.control()
                                        .jdbc()
                                        .queryForObject(kept, Integer.class, "{" + String.join(",", others) + "}")
                                == 0;
                    });
        } finally {
            scene.service().send("PUT", "/api/settings", "{\"retention\": null}");
        }
        assertThat(store.keys()).contains(key);
        backup = newest;
    }

    private static String success() {
        String id = scene.request("default");
        scene.awaitEnd(id);
        assertThat(scene.aftermath().row(id)).containsEntry("status", "success");
        return id;
    }

    private static HttpResponse<String> send(String method, String path) {
        return scene.service().send(method, "/api/backups/" + backup + path, null);
    }

    private static HttpResponse<String> restore() {
        return scene.service()
                .send(
                        BactrianService.RESTORE_KEY,
                        "POST",
                        "/api/restores",
                        "{\"backup\": \"latest\", \"database\": \"default\", \"dry_run\": true, \"confirm\": \""
                                + source.name() + "\"}");
    }

    private static void assertStoreFailed(HttpResponse<String> answer, String... words) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(502);
        JsonNode problem = BactrianService.json(answer.body());
        assertThat(problem.path("type").asText()).isEqualTo("urn:bactrian:problem:store-failed");
        assertThat(problem.path("detail").asText()).contains(words).doesNotContain("start the backup again");
    }
}
