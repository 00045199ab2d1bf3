package dev.bactrian.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bactrian.testing.BactrianProcess;
import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import dev.bactrian.testing.stores.TestStore;
import java.nio.file.Path;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Two services on one history and one bucket. */
class SharedQueueIT {

    private static final List<String> DATABASES = List.of("default", "prod", "dev");
    private static final int MOST_AT_ONCE = 2;

    private final TestDatabase source = Sources.small();
    private final TestDatabase control = PostgresServer.V15.createDatabase();

    @Test
    void eachBackupRunsOnOneOfThemInItsTurn() {
        try (TestStore store = TestStore.start();
                BactrianProcess one = BactrianProcess.serve(settings(store));
                BactrianProcess other = BactrianProcess.serve(settings(store))) {
            List<CompletableFuture<String>> requests = new ArrayList<>();
            for (int i = 0; i < 9; i++) {
                BactrianProcess node = i % 2 == 0 ? one : other;
                String database = DATABASES.get(i % DATABASES.size());
                requests.add(CompletableFuture.supplyAsync(() -> node.request(database)));
            }
            requests.forEach(CompletableFuture::join);
            Instant all = Instant.now();
            awaitEndOfAll();

            List<Run> runs = control.jdbc()
                    .query(
                            "SELECT * FROM backup_history ORDER BY started_at",
                            (row, n) -> new Run(
                                    row.getString("database"),
                                    row.getString("status"),
                                    row.getString("node"),
                                    row.getString("s3_key"),
                                    row.getTimestamp("created_at").toInstant(),
                                    row.getTimestamp("started_at").toInstant(),
                                    row.getTimestamp("finished_at").toInstant()));
            assertThat(runs).hasSize(9).extracting(Run::status).containsOnly("success");
            assertThat(runs).extracting(Run::key).doesNotHaveDuplicates();
            assertThat(store.keys()).containsAll(runs.stream().map(Run::key).toList());
            for (Run run : runs) {
                assertThat(runs.stream().filter(each -> each.at(run.started())))
                        .as("running at %s", run.started())
                        .hasSizeLessThanOrEqualTo(MOST_AT_ONCE);
            }
            for (String database : DATABASES) {
                List<Run> own = runs.stream()
                        .filter(run -> run.database().equals(database))
                        .toList();
                for (int i = 1; i < own.size(); i++) {
                    assertThat(own.get(i).started())
                            .isAfterOrEqualTo(own.get(i - 1).finished());
                    // One whose row is still being written may be overtaken.
                    if (own.get(i - 1).started().isAfter(all)) {
                        assertThat(own.get(i).created())
                                .as("first come, first served")
                                .isAfterOrEqualTo(own.get(i - 1).created());
                    }
                }
            }
        }
    }

    @Test
    void whatAKilledNodeLeavesIsSettledByTheOtherWithinAMinute() {
        TestDatabase big = Sources.tooBigForTheBuffers();
        try (TestStore store = TestStore.start();
                BactrianProcess killed = BactrianProcess.serve(with(settings(store), "DATABASE_URL_BIG", big.url()))) {
            Aftermath aftermath = new Aftermath(control, store, Path.of("none"));
            String running = killed.request("big");
            Buckets.holdAfterTheFirstPart(store, big);
            try (BactrianProcess other = BactrianProcess.serve(with(settings(store), "DATABASE_URL_BIG", big.url()))) {
                String queuedBehind = killed.request("big");
                killed.kill();
                Instant death = Instant.now();
                // As if it had run on another machine, where nobody can look for its process.
                control.jdbc().update("UPDATE backup_history SET node = 'elsewhere/1/1' WHERE id = ?::uuid", running);
                store.faults().releaseUploads();

                awaitEndOfAll();

                aftermath.assertFailedRow(running, "While dumping", "(elsewhere/1/1) hasn't reported since", "frozen");
                assertThat(aftermath.row(running).get("error_text").toString()).doesNotContain("is gone");
                Timestamp failed = (Timestamp) aftermath.row(running).get("finished_at");
                assertThat(Duration.between(death, failed.toInstant())).isLessThan(Duration.ofMinutes(1));
                assertThat(aftermath.row(queuedBehind).get("status")).isEqualTo("success");
                assertThat(aftermath.row(queuedBehind).get("node").toString()).contains("/" + other.pid() + "/");
                aftermath.assertStoreHoldsOnlyGoodBackups();
            }
        }
    }

    private record Run(
            String database,
            String status,
            String node,
            String key,
            Instant created,
            Instant started,
            Instant finished) {

        boolean at(Instant time) {
            return !started.isAfter(time) && finished.isAfter(time);
        }
    }

    private void awaitEndOfAll() {
        Awaitility.await("the end of all backups")
                .atMost(Duration.ofSeconds(120))
                .until(() -> control.jdbc()
                                .queryForObject(
                                        "SELECT count(*) FROM backup_history WHERE status = 'in_progress'",
                                        Integer.class)
                        == 0);
    }

    private Map<String, String> settings(TestStore store) {
        Map<String, String> settings = new HashMap<>(store.settings());
        settings.putAll(Map.of(
                "DATABASE_URL", source.url(),
                "DATABASE_URL_PROD", source.url(),
                "DATABASE_URL_DEV", source.url(),
                "CONTROL_DATABASE_URL", control.url(),
                "WORK_DIR", BactrianService.temporaryFolder().toString(),
                "PG_BIN", BactrianService.pg17().toString(),
                "BACKUP_MAX_CONCURRENT", Integer.toString(MOST_AT_ONCE)));
        return settings;
    }

    private static Map<String, String> with(Map<String, String> settings, String name, String value) {
        settings.put(name, value);
        return settings;
    }
}
