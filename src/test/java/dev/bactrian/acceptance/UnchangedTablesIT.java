package dev.bactrian.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.bactrian.archive.Manifest;
import dev.bactrian.archive.Reusable;
import dev.bactrian.restore.steps.RestoreView.Outcome;
import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.Restoring;
import dev.bactrian.testing.Run;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import dev.bactrian.testing.stores.TestStore;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** BACKUP_UNCHANGED=reuse: what hasn't changed is taken from the last archive, and what comes of it is as whole as any other. */
class UnchangedTablesIT {

    private static final PostgresServer SERVER = PostgresServer.V17;
    private static final int TABLES = 8;

    private TestStore store;
    private TestDatabase source;
    private TestDatabase control;

    /** Random bytes, so that archives are large enough to have something copied. */
    @BeforeEach
    void start() {
        store = TestStore.start();
        control = SERVER.createDatabase();
        source = SERVER.createDatabase();
        source.run("CREATE TYPE mood AS ENUM ('glad', 'sad')");
        for (int i = 0; i < TABLES; i++) {
            source.run(
                    "CREATE TABLE t" + i + " (id int PRIMARY KEY, note text, m mood)",
                    "INSERT INTO t" + i + " SELECT n, (SELECT string_agg(md5((n * 100 + k + " + i
                            + ")::text), '') FROM generate_series(1, 30) k), 'glad' FROM generate_series(1, 1500) n");
        }
        source.run("CREATE TABLE empty (id int)", "CREATE TABLE loads (id int, what regclass)");
    }

    @AfterEach
    void stop() {
        store.close();
    }

    private BactrianService service(Map<String, String> settings) {
        Map<String, String> all = new HashMap<>(SERVER.settings(source));
        all.put("BACKUP_UNCHANGED", "reuse");
        all.putAll(settings);
        return BactrianService.start(all, control, store);
    }

    private static Reusable reusable(BactrianService service, JsonNode row) {
        Manifest.Stored stored = service.manifest(row.path("id").asText()).archive();
        return Objects.requireNonNull(Objects.requireNonNull(stored).reusable(), "reusable");
    }

    @Test
    void whatHasNotChangedIsTakenOver() {
        try (BactrianService service = service(Map.of())) {
            JsonNode first = service.goodBackUp();
            assertThat(reusable(service, first).from()).isEmpty();
            source.run(
                    "UPDATE t3 SET note = 'x' WHERE id = 7",
                    "DELETE FROM t5 WHERE id = 1",
                    "INSERT INTO empty VALUES (1)");
            Map<String, Long> digests = source.contentDigests();

            JsonNode second = service.goodBackUp();

            Reusable reusable = reusable(service, second);
            assertThat(reusable.from())
                    .hasSize(TABLES - 2)
                    .containsValue(first.path("id").asText())
                    .containsKey("db/public/tables/t0/data.sql")
                    .doesNotContainKeys("db/public/tables/t3/data.sql", "db/public/tables/t5/data.sql");
            assertThat(reusable.since()).isEqualTo(1);
            assertThat(service.manifest(second.path("id").asText()).formatVersion())
                    .isEqualTo(3);
            assertThat(second.path("bytes_done").asLong())
                    .isGreaterThanOrEqualTo(first.path("bytes_done").asLong());
            // Each stands alone.
            store.delete(first.path("s3_key").asText());
            assertRestored(second, digests);
            assertVerified(second);

            JsonNode third = service.goodBackUp();
            assertThat(reusable(service, third).from()).hasSize(TABLES + 1);
            assertThat(reusable(service, third).from().values())
                    .contains(first.path("id").asText(), second.path("id").asText());
            assertRestored(third, digests);
            assertVerified(third);
        }
    }

    private void assertVerified(JsonNode row) {
        Map<String, String> settings = new HashMap<>(store.settings());
        settings.put("WORK_DIR", BactrianService.temporaryFolder().toString());
        // With the manifest next to it, and as a file alone.
        String key = row.path("s3_key").asText();
        for (String archive : List.of(key, store.download(key).toString())) {
            Run run = Run.bactrian(settings, "verify", archive, "--archive-only");
            assertThat(run.exit()).as(run.out() + run.err()).isZero();
        }
    }

    private void assertRestored(JsonNode row, Map<String, Long> digests) {
        TestDatabase target = SERVER.createDatabase();
        try (Restoring restoring = Restoring.into(target, store)) {
            Restoring.Result result =
                    restoring.run(Restoring.everything(row.path("s3_key").asText()));
            assertThat(result.outcome()).as(result.told()).isEqualTo(Outcome.SUCCESS);
        }
        assertThat(target.contentDigests()).isEqualTo(digests);
    }
}
