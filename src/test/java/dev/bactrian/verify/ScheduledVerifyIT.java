package dev.bactrian.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bactrian.testing.BactrianProcess;
import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.FastSchedules;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import dev.bactrian.testing.stores.TestStore;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** VERIFY_CRON proves the latest backup of every database, and the history says when; a process that ends leaves none of it. */
class ScheduledVerifyIT {

    private static final Duration LONG = Duration.ofSeconds(60);

    private final TestDatabase control = PostgresServer.V17.createDatabase();
    private final TestDatabase source = PostgresServer.V17
            .createDatabase()
            .run(
                    "CREATE TABLE t AS SELECT n FROM generate_series(1, 10) n",
                    "CREATE FUNCTION same(int) RETURNS int IMMUTABLE LANGUAGE plpgsql AS 'BEGIN RETURN $1; END'",
                    "CREATE INDEX t_n ON t (same(n))");

    @Test
    void theLatestBackupIsProvenWhenItsTimeComesAndNothingIsLeftWhenTheServiceStops() {
        try (TestStore store = TestStore.start();
                BactrianProcess process = BactrianProcess.serve(settings(store))) {
            FastSchedules.every(control, "verify", 1);
            String proven = process.request("default");
            Awaitility.await("a verification").atMost(LONG).until(() -> is("verified_at IS NOT NULL", proven));

            // Whoever makes the index now, as only verifications do, is busy with it.
            source.run("CREATE OR REPLACE FUNCTION same(int) RETURNS int IMMUTABLE LANGUAGE plpgsql"
                    + " AS 'BEGIN PERFORM pg_sleep(600); RETURN $1; END'");
            String held = process.request("default");
            String next = process.request("other");
            awaitBusy(1);
            Awaitility.await("a backup").atMost(LONG).until(() -> is("status = 'success'", next));
            String asked = "/api/backups/" + held + "/verify";
            assertThat(process.send(BactrianService.API_KEY, "POST", asked, null)
                            .statusCode())
                    .isEqualTo(202);
            awaitBusy(2);

            process.terminate();
            process.awaitEnd(Duration.ofSeconds(15));

            assertThat(scratchDatabases()).as(process.log()).isEmpty();
            assertThat(control.jdbc().queryForList("SELECT error_text FROM restore_history", String.class))
                    .singleElement()
                    .asString()
                    .contains("The service was stopped");
        }
    }

    private Map<String, String> settings(TestStore store) {
        Map<String, String> settings = new HashMap<>(store.settings());
        settings.putAll(Map.of(
                "DATABASE_URL", source.url(),
                // Whose turn comes next.
                "DATABASE_URL_OTHER", source.url(),
                "VERIFY_DATABASE_URL", control.url(),
                "VERIFY_CRON", "0 0 3 * * ?",
                "CONTROL_DATABASE_URL", control.url(),
                "WORK_DIR", BactrianService.temporaryFolder().toString(),
                "PG_BIN", BactrianService.pg17().toString(),
                "SHUTDOWN_GRACE", "1s"));
        return settings;
    }

    private boolean is(String condition, String id) {
        return Boolean.TRUE.equals(control.jdbc()
                .queryForObject("SELECT " + condition + " FROM backup_history WHERE id = '" + id + "'", Boolean.class));
    }

    /** Waits until an index is being made in so many scratch databases. */
    private void awaitBusy(int count) {
        Awaitility.await("verifications that take their time")
                .atMost(LONG)
                .until(() -> control.jdbc()
                                .queryForObject(
                                        "SELECT count(DISTINCT datname) FROM pg_stat_activity WHERE"
                                                + " datname LIKE 'bactrian\\_verify\\_%' AND wait_event = 'PgSleep'",
                                        Integer.class)
                        == count);
    }

    private List<String> scratchDatabases() {
        return control.jdbc()
                .queryForList(
                        "SELECT datname FROM pg_database WHERE datname LIKE 'bactrian\\_verify\\_%'", String.class);
    }
}
