package dev.bactrian.http.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.Run;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import dev.bactrian.testing.stores.TestStore;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.apache.camel.spi.RouteController;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Workers elsewhere: the rows they insert, and what they report to {@code update-backup}, request by request as documented. */
class UpdateBackupIT {

    private static final String UPDATE = "/functions/v1/update-backup";

    private static TestDatabase database;
    private static TestDatabase control;
    private static TestStore store;
    private static BactrianService service;

    @BeforeAll
    static void start() {
        database = PostgresServer.V17.createDatabase().run("CREATE TABLE t AS SELECT 1 AS a");
        control = PostgresServer.V17.createDatabase();
        store = TestStore.start();
        service = BactrianService.start(
                Map.of(
                        "DATABASE_URL",
                        database.url(),
                        "RESTORE_API_KEY",
                        BactrianService.RESTORE_KEY,
                        "VERIFY_DATABASE_URL",
                        database.url()),
                control,
                store);
    }

    @AfterAll
    static void stop() {
        service.close();
        store.close();
    }

    // Success

    @Test
    void aRowThatAWorkerInsertedIsEndedByItsReport() {
        String dispatch = begin();
        String id = id(dispatch);
        assertThat(service.backup(id).path("phase").asText()).isEqualTo("external");

        HttpResponse<String> answer = update("{\"backup_id\": \"" + id + "\", \"s3_key\": \"backups/test/" + dispatch
                + ".zip\", \"size_bytes\": 1024000, \"workflow_run_id\": \"123456789\"}");

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        JsonNode body = BactrianService.json(answer.body());
        assertThat(body.path("success").asBoolean()).isTrue();
        assertThat(body.path("message").asText()).isEqualTo("Backup updated successfully");
        assertThat(body.has("idempotent")).isFalse();
        JsonNode backup = body.path("backup");
        assertThat(backup).isEqualTo(service.backup(id));
        assertThat(backup.path("id").asText()).isEqualTo(id);
        assertThat(backup.path("status").asText()).isEqualTo("success");
        assertThat(backup.path("phase").isNull()).isTrue();
        assertThat(backup.path("s3_key").asText()).isEqualTo("backups/test/" + dispatch + ".zip");
        assertThat(backup.path("size_bytes").asLong()).isEqualTo(1_024_000);
        assertThat(backup.path("workflow_run_id").asText()).isEqualTo("123456789");
        assertThat(backup.path("error_text").isNull()).isTrue();
        assertThat(backup.path("finished_at").asText()).startsWith("20");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"size_bytes\": 5, \"workflow_run_id\": 19553012345",
                "\"size_bytes\": \"5\", \"status\": \"completed\"",
                "\"size_bytes\": 5, \"status\": \"success\", \"finished_at\": \"whenever\"",
                "\"size_bytes\": 5, \"backup_id\": \"\"",
                "\"size_bytes\": 5, \"backup_id\": null, \"error_text\": null"
            })
    void theDispatchIdIsEnoughAndScriptsMayBeCareless(String more) {
        String dispatch = begin();

        HttpResponse<String> answer =
                update("{\"dispatch_id\": \"" + dispatch + "\", \"s3_key\": \"a/" + dispatch + "\", " + more + "}");

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(BactrianService.json(answer.body()).at("/backup/size_bytes").asLong())
                .isEqualTo(5);
    }

    @Test
    void whatHasSucceededStaysAsItIs() {
        String dispatch = begin();
        update(success(dispatch, "a/" + dispatch));
        Map<String, Object> row = row(dispatch);

        for (String key : List.of("a/" + dispatch, "another/" + dispatch)) {
            HttpResponse<String> answer = update(success(dispatch, key));
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            JsonNode body = BactrianService.json(answer.body());
            assertThat(body.path("success").asBoolean()).isTrue();
            assertThat(body.path("idempotent").asBoolean()).isTrue();
            assertThat(body.path("message").asText()).isEqualTo("Backup already completed (idempotent call)");
            assertThat(body.at("/backup/s3_key").asText()).isEqualTo("a/" + dispatch);
        }
        assertThat(row(dispatch)).isEqualTo(row);
    }

    @Test
    void callsAtOnceAreOneUpdate() {
        String dispatch = begin();
        List<String> messages = IntStream.range(0, 8)
                .mapToObj(i -> CompletableFuture.supplyAsync(() -> update(success(dispatch, i + "/" + dispatch))))
                .toList()
                .stream()
                .map(CompletableFuture::join)
                .map(answer -> answer.statusCode() + " "
                        + BactrianService.json(answer.body()).path("message").asText())
                .sorted()
                .toList();

        assertThat(messages.subList(0, 7)).containsOnly("200 Backup already completed (idempotent call)");
        assertThat(messages.get(7)).isEqualTo("200 Backup updated successfully");
    }

    // Errors

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"backup_id\": \"00000000-0000-0000-0000-000000000000\"",
                "\"backup_id\": \"BACKUP_ID\"",
                "\"dispatch_id\": \"nobody-knows\"",
                "\"dispatch_id\": 4711"
            })
    void anUnknownBackupIsNotFound(String name) {
        HttpResponse<String> answer = update("{" + name + ", \"s3_key\": \"a.zip\", \"size_bytes\": 1}");

        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/json");
        assertThat(BactrianService.json(answer.body()))
                .isEqualTo(
                        BactrianService.json(
                                """
                {"success": false, "error": "Backup entry not found", "code": "not-found",
                 "details": "No backup found with the provided backup_id or dispatch_id",
                 "message": "Cannot update backup - entry does not exist in backup_history table"}"""));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | s3_key is empty",
                "{\"s3_key\": \"\"} | s3_key is empty",
                "{\"s3_key\": \"  \"} | s3_key is empty",
                "{\"s3_key\": null} | s3_key is empty",
                "{\"s3_key\": [\"a\"]} | s3_key must be a string",
                "{\"s3_key\": \"a\\u0000b\"} | s3_key must be a string of 1 to 1024 characters",
                "{\"s3_key\": \"a\", \"size_bytes\": -1} | size_bytes must be a whole number of at least 1",
                "{\"s3_key\": \"a\", \"size_bytes\": 0} | size_bytes must be a whole number of at least 1",
                "{\"s3_key\": \"a\", \"size_bytes\": 1.5} | size_bytes must be a string",
                "{\"s3_key\": \"a\", \"size_bytes\": \"big\"} | size_bytes must be a whole number of at least 1",
                "{\"s3_key\": \"a\", \"status\": \"in_progress\"} | status must be success, completed or failed",
                "{\"s3_key\": \"a\", \"status\": \"done\"} | status must be one of"
            })
    void whatIsInvalidFailsAKnownBackupAndSaysWhy(String report, String reason) {
        String dispatch = begin();
        String json =
                "{\"dispatch_id\": \"" + dispatch + "\"" + (report.equals("{}") ? "}" : ", " + report.substring(1));

        HttpResponse<String> answer = update(json);

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
        JsonNode body = BactrianService.json(answer.body());
        assertThat(body.path("success").asBoolean(true)).isFalse();
        assertThat(body.path("error").asText()).isEqualTo("Invalid report");
        assertThat(body.path("details").asText()).contains(reason);
        assertThat(body.path("message").asText()).isEqualTo("The backup was marked as failed.");
        JsonNode row = service.backup(id(dispatch));
        assertThat(row.path("status").asText()).isEqualTo("failed");
        assertThat(row.path("error_text").asText())
                .contains(reason)
                .contains("counts as failed")
                .contains("make a new backup");
        assertThat(row.path("finished_at").asText()).startsWith("20");
        assertThat(row.path("s3_key").isNull()).isTrue();
    }

    @Test
    void theKeyOfAnotherBackupIsInvalid() {
        String first = begin();
        update(success(first, "shared/" + first));
        String second = begin();

        HttpResponse<String> answer = update(success(second, "shared/" + first));

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(row(second).get("error_text").toString()).contains("s3_key is that of the backup " + id(first));
        assertThat(row(first)).containsEntry("status", "success");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "[]", "{}", "{\"backup_id\": \" \"}", "{\"dispatch_id\": {}}", "{\"s3_key\": \"a\"}"})
    void whoNamesNoBackupChangesNothing(String body) {
        HttpResponse<String> answer = update(body);

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(BactrianService.json(answer.body()).path("success").asBoolean(true))
                .isFalse();
        assertThat(BactrianService.json(answer.body()).path("error").asText()).isEqualTo("The request isn't valid");
    }

    @ParameterizedTest
    @ValueSource(strings = {"failed", "cancelled"})
    void aBackupThatHasEndedOtherwiseIsAConflict(String status) {
        String dispatch = begin();
        control.run("UPDATE backup_history SET status = '" + status + "' WHERE dispatch_id = '" + dispatch + "'");
        Map<String, Object> before = row(dispatch);

        assertConflict(update(success(dispatch, "a/" + dispatch)), "Status is " + status);

        assertThat(row(dispatch)).isEqualTo(before);
    }

    @Test
    void whatANodeOfBactriansRunsIsItsOwn() {
        String dispatch = "node-" + UUID.randomUUID();
        control.run("INSERT INTO backup_history (dispatch_id, database, phase, node, heartbeat_at) VALUES ('" + dispatch
                + "', 'elsewhere', 'dumping', 'elsewhere/1/1', now() + interval '1 hour')");

        assertConflict(update(success(dispatch, "a/" + dispatch)), "phase dumping");
        assertConflict(update(failure(dispatch)), "phase dumping");

        assertThat(row(dispatch)).containsEntry("status", "in_progress");
        control.run("DELETE FROM backup_history WHERE dispatch_id = '" + dispatch + "'");
    }

    @Test
    void whoseNodeIsSilentCanBeEndedByAWorker() throws Exception {
        // The watchdog ends such a row as well, by and by.
        RouteController routes = service.app().context().getRouteController();
        routes.stopRoute("find-abandoned-backups");
        try {
            String dispatch = "silent-" + UUID.randomUUID();
            control.run("INSERT INTO backup_history (dispatch_id, database, phase, node, heartbeat_at) VALUES ('"
                    + dispatch + "', 'elsewhere', 'dumping', 'elsewhere/1/1', now() - interval '30 seconds')");
            assertConflict(update(success(dispatch, "a/" + dispatch)), "phase dumping");

            control.run("UPDATE backup_history SET heartbeat_at = now() - interval '46 seconds' WHERE dispatch_id = '"
                    + dispatch + "'");
            assertThat(update(success(dispatch, "a/" + dispatch)).statusCode()).isEqualTo(200);

            assertThat(row(dispatch)).containsEntry("status", "success").containsEntry("phase", null);
        } finally {
            routes.startRoute("find-abandoned-backups");
        }
    }

    @Test
    void whatIsStillQueuedMayBeEnded() {
        String dispatch = "queued-" + UUID.randomUUID();
        control.run("INSERT INTO backup_history (dispatch_id, database, target, phase) VALUES ('" + dispatch
                + "', 'gone', 'nowhere:1/x', 'queued')");

        assertThat(update(success(dispatch, "a/" + dispatch)).statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Bearer wrong", "Basic x"})
    void withoutTheKeyNothingIsSaid(String header) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(service.base() + UPDATE))
                .POST(HttpRequest.BodyPublishers.ofString("{}"));
        if (!header.isEmpty()) {
            request.header("Authorization", header);
        }
        HttpResponse<String> answer = BactrianService.send(request.build());
        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/json");
        JsonNode body = BactrianService.json(answer.body());
        assertThat(body.path("success").asBoolean(true)).isFalse();
        assertThat(body.path("error").asText()).isEqualTo("Invalid API key");
    }

    // Failure

    @Test
    void aWorkerThatFailedSaysSo() {
        String dispatch = begin();

        HttpResponse<String> answer = update(failure(dispatch));

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        JsonNode body = BactrianService.json(answer.body());
        assertThat(body.path("message").asText()).isEqualTo("Backup marked as failed");
        assertThat(body.at("/backup/status").asText()).isEqualTo("failed");
        assertThat(body.at("/backup/error_text").asText()).isEqualTo("pg_dump:\nno space");
        assertThat(body.at("/backup/finished_at").asText()).startsWith("20");

        HttpResponse<String> again = update(failure(dispatch));
        assertThat(again.statusCode()).isEqualTo(200);
        assertThat(BactrianService.json(again.body()).path("idempotent").asBoolean())
                .isTrue();
        update(success(begin(), "x"));
    }

    @Test
    void aFailureWithoutARowGetsOne() {
        String dispatch = "never-begun-" + UUID.randomUUID();
        String id = UUID.randomUUID().toString();

        assertThat(update(failure(dispatch)).statusCode()).isEqualTo(200);
        assertThat(row(dispatch)).containsEntry("status", "failed").containsEntry("error_text", "pg_dump:\nno space");

        HttpResponse<String> answer =
                update("{\"backup_id\": \"" + id + "\", \"status\": \"failed\", \"workflow_run_id\": 12}");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(service.backup(id).path("error_text").asText())
                .contains("without a reason")
                .contains("run 12");

        assertThat(update("{\"backup_id\": \"no-uuid\", \"status\": \"failed\"}")
                        .statusCode())
                .isEqualTo(404);
    }

    @Test
    void aFailureDoesNotUndoASuccess() {
        String dispatch = begin();
        update(success(dispatch, "a/" + dispatch));

        assertConflict(update(failure(dispatch)), "Status is success");

        assertThat(row(dispatch)).containsEntry("status", "success").containsEntry("error_text", null);
    }

    // Rows of workers elsewhere beside Bactrian's own

    @Test
    void aWorkersRowKeepsNoBackupFromRunningAndIsRunByNobody() {
        String first = begin();
        String second = begin();

        assertThat(service.goodBackUp().path("status").asText()).isEqualTo("success");

        assertThat(List.of(row(first), row(second))).allSatisfy(row -> assertThat(row)
                .containsEntry("status", "in_progress")
                .containsEntry("phase", "external")
                .containsEntry("node", null));
    }

    @Test
    void systemsThatWriteTheTableThemselvesMaySayCompleted() {
        String dispatch = begin();
        control.run("UPDATE backup_history SET status = 'completed', s3_key = 'direct/" + dispatch
                + "', finished_at = now() WHERE dispatch_id = '" + dispatch + "' AND status = 'in_progress'");
        assertThat(row(dispatch)).containsEntry("status", "success").containsEntry("phase", null);

        control.run("INSERT INTO backup_history (dispatch_id, status) VALUES ('done-" + dispatch + "', 'completed')");
        assertThat(row("done-" + dispatch)).containsEntry("status", "success");

        List<String> statuses = List.of("completed", "success").stream()
                .map(status -> service.send("GET", "/api/backups?limit=100&status=" + status, null)
                        .body())
                .toList();
        assertThat(statuses.get(0)).isEqualTo(statuses.get(1)).contains(dispatch);
    }

    @Test
    void aWorkersArchiveCanBeDownloadedButNotProven() {
        String dispatch = begin();
        String key = "backups/by-hand/" + dispatch + ".zip";
        store.put(key, "a zip".getBytes(StandardCharsets.UTF_8));
        update(success(dispatch, key));
        String id = id(dispatch);

        JsonNode link = BactrianService.json(
                service.send("POST", "/functions/v1/generate-signed-url", "{\"backup_id\": \"" + id + "\"}")
                        .body());
        assertThat(link.path("success").asBoolean()).as(link.toString()).isTrue();
        assertThat(link.path("expires_in").asInt()).isEqualTo(900);
        assertThat(link.path("s3_key").asText()).isEqualTo(key);
        assertThat(BactrianService.send(HttpRequest.newBuilder(
                                        URI.create(link.path("url").asText()))
                                .build())
                        .body())
                .isEqualTo("a zip");
        assertThat(service.send("GET", "/api/backups/" + id + "/manifest", null).statusCode())
                .isEqualTo(404);
        String begun = service.send("POST", "/api/backups/" + id + "/verify", null)
                .headers()
                .firstValue("Location")
                .orElseThrow();
        JsonNode ended = Awaitility.await("the end of " + begun)
                .atMost(Duration.ofSeconds(30))
                .until(
                        () -> BactrianService.json(
                                service.send("GET", begun, null).body()),
                        row -> !"in_progress".equals(row.path("status").asText()));
        assertThat(ended.path("status").asText()).isEqualTo("failed");
        assertThat(ended.path("error_text").asText()).contains("no manifest", "Nothing was changed", "another system");
        for (String named : List.of(id, key)) {
            HttpResponse<String> refused = service.send(
                    BactrianService.RESTORE_KEY,
                    "POST",
                    "/api/restores",
                    "{\"backup\": \"" + named + "\", \"database\": \"default\", \"confirm\": \"" + database.name()
                            + "\"}");
            assertThat(refused.statusCode()).isEqualTo(404);
            assertThat(refused.body()).contains(key, "no manifest", "another system");
        }
        assertThat(database.jdbc().queryForList("SELECT a FROM t", Integer.class))
                .containsExactly(1);
        Map<String, String> settings = new HashMap<>(store.settings());
        settings.put("DATABASE_URL", database.url());
        settings.put("VERIFY_DATABASE_URL", database.url());
        settings.put("PG_BIN", BactrianService.pg17().toString());
        for (String[] command : new String[][] {{"verify", id}, {"restore", key, "--to", "default"}}) {
            Run run = Run.bactrian(settings, command);
            assertThat(run.exit()).as(run.out() + run.err()).isEqualTo(1);
            assertThat(run.err()).contains("no manifest", "Nothing was changed", "another system");
        }
    }

    @Test
    void aWorkerThatNeverReportsIsGivenUp() {
        TestDatabase own = PostgresServer.V17.createDatabase();
        try (BactrianService impatient = BactrianService.start(
                Map.of("DATABASE_URL", database.url(), "BACKUP_EXTERNAL_TIMEOUT", "1s"), own, store)) {
            String kept = "backups/kept-" + UUID.randomUUID() + ".zip";
            store.put(kept, new byte[] {1});
            own.run("INSERT INTO backup_history (dispatch_id, status, s3_key) VALUES ('lost', 'in_progress', '" + kept
                    + "')");
            Map<String, Object> row = Awaitility.await("the end of the worker's time")
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> own.jdbc().queryForMap("SELECT * FROM backup_history"), found -> !"in_progress"
                            .equals(found.get("status")));
            assertThat(row).containsEntry("status", "failed").containsEntry("phase", null);
            assertThat(row.get("error_text").toString())
                    .contains("hasn't reported its end for 00:00:0")
                    .contains("It is unknown whether it stored an archive")
                    .contains("BACKUP_EXTERNAL_TIMEOUT");
            // What Bactrian hasn't stored it doesn't remove.
            assertThat(impatient
                            .app()
                            .producer()
                            .requestBody(
                                    "sql:file:sql/control/find-leftovers.sql?dataSource=#bean:controlDatabase",
                                    null,
                                    List.class))
                    .isEmpty();
            assertThat(store.keys()).contains(kept);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static String begin() {
        String dispatch = UUID.randomUUID().toString();
        control.run("INSERT INTO backup_history (dispatch_id, status) VALUES ('" + dispatch + "', 'in_progress')");
        return dispatch;
    }

    private static String success(String dispatch, String key) {
        return "{\"dispatch_id\": \"" + dispatch + "\", \"s3_key\": \"" + key + "\", \"size_bytes\": 7}";
    }

    private static String failure(String dispatch) {
        return "{\"dispatch_id\": \"" + dispatch
                + "\", \"status\": \"failed\", \"error_text\": \"pg_dump:\\nno space\"}";
    }

    private static HttpResponse<String> update(String json) {
        return service.send("POST", UPDATE, json);
    }

    private static void assertConflict(HttpResponse<String> answer, String details) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(409);
        JsonNode body = BactrianService.json(answer.body());
        assertThat(body.path("success").asBoolean(true)).isFalse();
        assertThat(body.path("error").asText()).isEqualTo("Invalid backup status");
        assertThat(body.path("details").asText()).contains(details);
        assertThat(body.path("message").asText()).contains("Nothing was changed");
    }

    private static String id(String dispatch) {
        return row(dispatch).get("id").toString();
    }

    private static Map<String, Object> row(String dispatch) {
        return control.jdbc().queryForMap("SELECT * FROM backup_history WHERE dispatch_id = ?", dispatch);
    }
}
