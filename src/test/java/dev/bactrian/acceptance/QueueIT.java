package dev.bactrian.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import dev.bactrian.testing.stores.TestStore;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Requests line up: each gets its backup, one at a time per database. */
class QueueIT {

    @Test
    void tenRequestsAtOnceAreTenBackupsOneAfterAnother() {
        TestDatabase database = PostgresServer.V15
                .createDatabase()
                .run("CREATE TABLE a (id int)", "INSERT INTO a SELECT generate_series(1, 1000)");
        try (TestStore store = TestStore.start();
                BactrianService service = BactrianService.start(
                        Map.of("DATABASE_URL", database.url(), "BACKUP_MAX_CONCURRENT", "3"),
                        PostgresServer.V15.createDatabase(),
                        store)) {
            List<CompletableFuture<String>> requests = IntStream.range(0, 10)
                    .mapToObj(i -> CompletableFuture.supplyAsync(() -> service.request("{}")))
                    .toList();
            requests.forEach(CompletableFuture::join);
            Instant all = Instant.now();
            List<JsonNode> rows = requests.stream()
                    .map(CompletableFuture::join)
                    .map(service::awaitEnd)
                    .sorted(Comparator.comparing(row -> instant(row, "started_at")))
                    .toList();

            assertThat(rows).extracting(row -> row.path("status").asText()).containsOnly("success");
            assertThat(rows).extracting(row -> row.path("id").asText()).doesNotHaveDuplicates();
            assertThat(rows).extracting(row -> row.path("s3_key").asText()).doesNotHaveDuplicates();
            assertThat(store.keys())
                    .containsAll(rows.stream()
                            .map(row -> row.path("s3_key").asText())
                            .toList());
            for (int i = 1; i < rows.size(); i++) {
                assertThat(instant(rows.get(i), "started_at"))
                        .as("a backup begins when the one before has ended")
                        .isAfterOrEqualTo(instant(rows.get(i - 1), "finished_at"));
                // One whose row is still being written may be overtaken.
                if (instant(rows.get(i - 1), "started_at").isAfter(all)) {
                    assertThat(instant(rows.get(i), "created_at"))
                            .as("first come, first served")
                            .isAfterOrEqualTo(instant(rows.get(i - 1), "created_at"));
                }
            }
        }
    }

    @Test
    void twoDatabasesAreBackedUpSideBySideUnderKeysOfTheirOwn() {
        TestDatabase one = PostgresServer.V15.createDatabase().run("CREATE TABLE a (id int)");
        TestDatabase two = PostgresServer.V17.createDatabase().run("CREATE TABLE b (id int)");
        try (TestStore store = TestStore.start();
                BactrianService service = BactrianService.start(
                        Map.of("DATABASE_URL", one.url(), "DATABASE_URL_PROD", two.url(), "BACKUP_MAX_CONCURRENT", "2"),
                        PostgresServer.V15.createDatabase(),
                        store)) {
            String first = service.request("{}");
            String second = service.request("{\"database\": \"prod\"}");
            assertThat(service.awaitEnd(first).path("status").asText()).isEqualTo("success");
            assertThat(service.awaitEnd(second).path("status").asText()).isEqualTo("success");
            assertThat(service.manifest(second).tables())
                    .extracting(table -> table.name())
                    .containsExactly("b");
            // Named a moment after the row says success.
            Awaitility.await().untilAsserted(() -> assertThat(store.keys())
                    .contains("backups/latest/prod/manifest.json", "backups/latest/default/manifest.json"));
        }
    }

    @Test
    void aRequestForSeveralDatabasesIsABackupOfEachUnderOneDispatchId() {
        TestDatabase prod = PostgresServer.V15.createDatabase().run("CREATE TABLE a (id int)");
        TestDatabase dev = PostgresServer.V17.createDatabase().run("CREATE TABLE b (id int)");
        try (TestStore store = TestStore.start();
                BactrianService service = BactrianService.start(
                        Map.of("DATABASE_URL_PROD", prod.url(), "DATABASE_URL_DEV", dev.url()),
                        PostgresServer.V15.createDatabase(),
                        store)) {
            String body = "{\"environment\": \"both\", \"dispatch_id\": \"night-1\"}";
            JsonNode answer = BactrianService.json(
                    service.send("POST", "/api/backups", body).body());
            JsonNode again = BactrianService.json(
                    service.send("POST", "/api/backups", body).body());

            assertThat(answer.path("backups")).hasSize(2);
            assertThat(again.findValuesAsText("id")).isEqualTo(answer.findValuesAsText("id"));
            for (String id : answer.findValuesAsText("id")) {
                JsonNode row = service.awaitEnd(id);
                assertThat(row.path("status").asText()).as(row.toString()).isEqualTo("success");
                assertThat(row.path("dispatch_id").asText()).isEqualTo("night-1");
            }
            JsonNode listed = BactrianService.json(service.send("GET", "/api/backups?dispatch_id=night-1", null)
                    .body());
            assertThat(listed.findValuesAsText("database")).containsExactlyInAnyOrder("prod", "dev");
            assertThat(service.send("POST", "/api/backups", "{\"environment\": \"prod\", \"dispatch_id\": \"night-1\"}")
                            .statusCode())
                    .isEqualTo(422);
        }
    }

    @Test
    void moreThanTheQueueHoldsOrAMinuteTakesIsRefused() {
        TestDatabase database = PostgresServer.V15.createDatabase();
        TestDatabase control = PostgresServer.V15.createDatabase();
        try (TestStore store = TestStore.start();
                BactrianService service = BactrianService.start(
                        Map.of("DATABASE_URL", database.url(), "BACKUP_QUEUE_LIMIT", "3", "BACKUP_RATE_LIMIT", "6"),
                        control,
                        store)) {
            // One that runs on another node keeps the rest waiting.
            control.run("INSERT INTO backup_history (phase, node, heartbeat_at) "
                    + "VALUES ('dumping', 'elsewhere/1/1', now() + interval '1 hour')");
            List<HttpResponse<String>> answers = IntStream.range(0, 8)
                    .mapToObj(i -> service.send("POST", "/api/backups", "{\"dispatch_id\": \"rush-" + i + "\"}"))
                    .toList();

            assertThat(answers)
                    .extracting(HttpResponse::statusCode)
                    .containsExactly(202, 202, 202, 429, 429, 429, 429, 429);
            assertThat(answers.get(3).body()).contains("queue-full", "BACKUP_QUEUE_LIMIT");
            assertThat(answers.get(7).body()).contains("rate-limited", "BACKUP_RATE_LIMIT");
            assertThat(answers.get(7).headers().firstValue("Retry-After")).isPresent();
            assertThat(control.jdbc()
                            .queryForObject(
                                    "SELECT count(*) FROM backup_history WHERE phase = 'queued'", Integer.class))
                    .isEqualTo(3);
        }
    }

    @Test
    void aBackupThatGetsNoFurtherFailsThoughItsProcessLives() {
        TestDatabase database = PostgresServer.V15.createDatabase();
        TestDatabase control = PostgresServer.V15.createDatabase();
        try (TestStore store = TestStore.start();
                BactrianService service = BactrianService.start(database.url(), control, store)) {
            control.run(
                    "INSERT INTO backup_history (phase, node, slot, heartbeat_at, moved_at) "
                            + "VALUES ('detecting', 'elsewhere/1/1', 1, now() + interval '1 hour', now() - interval '31 minutes')");
            String next = service.request("{}");

            assertThat(service.awaitEnd(next).path("status").asText())
                    .as("its place is free again")
                    .isEqualTo("success");
            assertThat(control.jdbc()
                            .queryForMap("SELECT status, phase, error_text FROM backup_history WHERE slot = 1 AND node "
                                    + "= 'elsewhere/1/1'"))
                    .containsEntry("status", "failed")
                    .containsEntry("phase", null)
                    .extractingByKey("error_text")
                    .asString()
                    .contains("made no progress for 31 min", "BACKUP_STALL_TIMEOUT", "start the backup again");
        }
    }

    @Test
    void aNodeLeavesAnotherNodesDatabaseOfTheSameNameAlone() {
        TestDatabase mine = PostgresServer.V15.createDatabase().run("CREATE TABLE mine (id int)");
        TestDatabase control = PostgresServer.V15.createDatabase();
        try (TestStore store = TestStore.start();
                BactrianService service = BactrianService.start(mine.url(), control, store)) {
            control.run("INSERT INTO backup_history (database, target, phase, trigger) "
                    + "VALUES ('default', 'elsewhere:5432/other', 'queued', 'manual')");

            assertThat(service.backUp().path("status").asText()).isEqualTo("success");

            assertThat(control.jdbc()
                            .queryForObject(
                                    "SELECT phase FROM backup_history WHERE target LIKE 'elsewhere%'", String.class))
                    .as("taken by nobody here, and not in the way of others")
                    .isEqualTo("queued");
        }
    }

    private static Instant instant(JsonNode row, String field) {
        return Instant.parse(row.path(field).asText());
    }
}
