package dev.bactrian;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.PostgresServer;
import dev.bactrian.testing.TestDatabase;
import dev.bactrian.testing.TestStore;
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
                assertThat(instant(rows.get(i), "created_at"))
                        .as("first come, first served")
                        .isAfterOrEqualTo(instant(rows.get(i - 1), "created_at"));
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
