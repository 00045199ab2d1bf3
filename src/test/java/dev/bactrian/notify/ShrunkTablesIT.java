package dev.bactrian.notify;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.Run;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import dev.bactrian.testing.servers.Webhooks;
import dev.bactrian.testing.stores.TestStore;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Rows that somebody deleted are told by the next backup, while the one that has them is still there. */
class ShrunkTablesIT {

    private static TestDatabase control;
    private static TestDatabase source;
    private static TestStore store;
    private static Webhooks web;
    private static BactrianService service;

    @BeforeAll
    static void start() {
        web = Webhooks.start();
        control = PostgresServer.V17.createDatabase();
        source = PostgresServer.V17.createDatabase();
        store = TestStore.start();
        service = BactrianService.start(
                Map.of(
                        "DATABASE_URL",
                        source.url(),
                        "BACKUP_SHRINK_IGNORE",
                        "app.cache_[0-9]+, *.\"Queue\", other.orders",
                        "NOTIFY_FAILURE",
                        web.address("/failure")),
                control,
                store);
    }

    @AfterAll
    static void stop() {
        service.close();
        store.close();
        web.close();
    }

    @BeforeEach
    void fill() {
        control.run("DELETE FROM backup_history");
        web.forget();
        source.run(
                "DROP SCHEMA IF EXISTS app CASCADE",
                "CREATE SCHEMA app",
                "CREATE TABLE app.orders AS SELECT g AS id FROM generate_series(1, 1000) g",
                "CREATE TABLE app.kept AS SELECT g AS id FROM generate_series(1, 100) g");
    }

    @Test
    void aTableThatLostItsRowsIsToldInTheHistoryAndToWhoeverWaitsForFailures() {
        JsonNode before = service.goodBackUp();
        assertThat(before.path("rows_total").asLong()).isEqualTo(1100);
        assertThat(before.path("warnings").isNull()).isTrue();
        source.run("DELETE FROM app.orders WHERE id > 10", "DELETE FROM app.kept WHERE id > 11");

        // A part neither is compared nor compared with.
        JsonNode part = service.awaitEnd(service.request("{\"tables\": [\"app.orders\"]}"));
        assertThat(part.path("status").asText()).isEqualTo("success");
        assertThat(part.path("warnings").isNull()).isTrue();
        JsonNode after = service.goodBackUp();

        assertThat(after.path("rows_total").asLong()).isEqualTo(21);
        assertThat(after.path("warnings"))
                .isEqualTo(BactrianService.json("[{\"table\": \"app.orders\", \"rows\": 10, \"rows_before\": 1000}]"));
        assertThat(service.send("GET", "/api/backups?limit=1", null).body()).contains("\"rows_before\" : 1000");
        Awaitility.await("the warning").atMost(Duration.ofSeconds(20)).until(() -> !web.calls()
                .isEmpty());
        JsonNode told = BactrianService.json(web.calls().get(0).body());
        assertThat(told.path("event").asText()).isEqualTo("warning");
        assertThat(told.path("text").asText())
                .startsWith("Backup of default succeeded, but tables have shrunk.\n")
                .contains("Table app.orders has 10 rows, 1,000 before.\n")
                .contains("Check whether that was intended; the previous backup still exists: "
                        + before.path("s3_key").asText() + "\n");
        assertThat(told.at("/backup/warnings")).isEqualTo(after.path("warnings"));

        assertThat(service.goodBackUp().path("warnings").isNull())
                .as("what was told isn't told again")
                .isTrue();
        assertThat(web.calls()).hasSize(1);
    }

    @Test
    void tablesThatLoseRowsEveryDayAreNotTold() {
        for (String table : List.of("cache_1", "cache_12", "\"Queue\"", "queue", "cache_x")) {
            source.run("CREATE TABLE app." + table + " AS TABLE app.orders");
        }
        service.goodBackUp();
        source.run("TRUNCATE app.cache_1, app.cache_12, app.\"Queue\", app.queue, app.cache_x, app.orders");

        assertThat(service.goodBackUp().path("warnings").findValuesAsText("table"))
                .containsExactly("app.cache_x", "app.orders", "app.queue");

        source.run("INSERT INTO app.\"Queue\" SELECT 1 FROM generate_series(1, 100)");
        service.goodBackUp();
        source.run("TRUNCATE app.\"Queue\"");
        assertThat(service.goodBackUp().path("warnings").isNull())
                .as("where nothing else shrank")
                .isTrue();
    }

    @Test
    void aManifestThatCannotBeReadFailsNoBackup() {
        JsonNode before = service.goodBackUp();
        String manifest = before.path("s3_key").asText().replaceFirst("[^/]+$", "manifest.json");
        source.run("DELETE FROM app.orders");
        for (byte[] content : new byte[][] {"{\"tables\": 7".getBytes(StandardCharsets.UTF_8), null}) {
            if (content == null) {
                store.delete(manifest);
            } else {
                store.put(manifest, content);
            }
            JsonNode after = service.goodBackUp();

            assertThat(after.path("warnings").isNull()).isTrue();
            assertThat(after.path("rows_total").asLong()).isEqualTo(100);
            assertThat(after.path("s3_key").asText()).isIn(store.keys());
            // The next one is compared with the first again.
            control.run("UPDATE backup_history SET status = 'failed' WHERE id = '"
                    + after.path("id").asText() + "'");
        }
    }

    @Test
    void theCommandLineTellsItToo() {
        service.goodBackUp();
        source.run("TRUNCATE app.orders, app.kept");
        Map<String, String> settings = new HashMap<>(store.settings());
        settings.put("DATABASE_URL", source.url());
        settings.put("CONTROL_DATABASE_URL", control.url());
        settings.put("PG_BIN", BactrianService.pg17().toString());

        Run run = Run.bactrian(settings, "backup");

        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(run.out())
                .containsPattern(
                        "Shrunk tables +Table app\\.orders has 0 rows, 1,000 before: check whether that was intended\n"
                                + " +Table app\\.kept has 0 rows, 100 before");
        assertThat(Run.bactrian(settings, "list").out())
                .contains("WARNING: Table app.orders has 0 rows, 1,000 before, and 1 more");
    }
}
