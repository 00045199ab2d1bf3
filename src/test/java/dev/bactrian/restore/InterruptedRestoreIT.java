package dev.bactrian.restore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bactrian.restore.RestoreRequest.Option;
import dev.bactrian.restore.steps.RestoreView.Outcome;
import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.Restoring;
import dev.bactrian.testing.Run;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import dev.bactrian.testing.stores.TestStore;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A restore that ends in the middle, however: the target says so, and the same command starts it over. */
class InterruptedRestoreIT {

    private static final PostgresServer SERVER = PostgresServer.V17;
    /** The index of one table can't be built as long as somebody holds this advisory lock. */
    private static final long GATE = 4711;

    private static TestStore store;
    private static TestDatabase source;
    private static String key;

    @BeforeAll
    static void backUp() {
        store = TestStore.start();
        source = SERVER.createDatabase()
                .run(
                        "CREATE SCHEMA app",
                        "CREATE FUNCTION app.gate(int) RETURNS int IMMUTABLE LANGUAGE plpgsql AS"
                                + " 'BEGIN PERFORM pg_advisory_xact_lock_shared(" + GATE + "); RETURN $1; END'",
                        "CREATE TABLE app.gated AS SELECT n, repeat('x', 1000) AS t FROM generate_series(1, 100) n",
                        "CREATE INDEX gated_n ON app.gated (app.gate(n))",
                        "CREATE TABLE app.other AS SELECT n FROM generate_series(1, 1000) n",
                        "CREATE VIEW app.both AS SELECT n FROM app.gated UNION SELECT n FROM app.other",
                        "SELECT lo_from_bytea(4711, 'x')");
        key = BactrianService.backUp(SERVER, source, store);
    }

    @AfterAll
    static void end() {
        store.close();
    }

    /** Keeps the restore in the middle as long as it is open. */
    private static Connection closeGate(TestDatabase target) throws SQLException {
        Connection connection = target.connect();
        try (Statement statement = connection.createStatement()) {
            statement.execute("SELECT pg_advisory_lock(" + GATE + ")");
        }
        return connection;
    }

    private static void awaitMiddle(TestDatabase target) {
        Awaitility.await("an index that waits, and rows beside it")
                .atMost(Duration.ofSeconds(60))
                .ignoreExceptions()
                .until(() -> target.jdbc()
                                        .queryForObject(
                                                "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted",
                                                Integer.class)
                                > 0
                        && target.jdbc().queryForObject("SELECT count(*) FROM app.other", Integer.class) == 1000);
    }

    private static String mark(TestDatabase target) {
        return target.jdbc()
                .queryForObject(
                        "SELECT coalesce(obj_description(to_regnamespace('bactrian_restore')), '')", String.class);
    }

    private static void assertWhole(TestDatabase target) {
        assertThat(target.contentDigests()).isEqualTo(source.contentDigests()).hasSize(2);
        assertThat(target.jdbc().queryForObject("SELECT count(*) FROM app.both", Integer.class))
                .isEqualTo(1000);
        assertThat(target.jdbc().queryForObject("SELECT count(*) FROM pg_largeobject_metadata", Integer.class))
                .isEqualTo(1);
        assertThat(mark(target)).isEmpty();
    }

    @Test
    void afterKillMinusNineTheSameCommandStartsOver() throws Exception {
        TestDatabase target = SERVER.createDatabase();
        Map<String, String> settings = new HashMap<>(store.settings());
        settings.put("DATABASE_URL_TARGET", target.url());
        settings.put("PG_BIN", SERVER.client().toString());
        settings.put("WORK_DIR", BactrianService.temporaryFolder().toString());
        try (Connection gate = closeGate(target)) {
            Process process = Run.start(settings, "restore", key, "--to", "target");
            awaitMiddle(target);
            process.destroyForcibly().waitFor();
        }

        assertThat(mark(target)).contains("is incomplete");
        try (Restoring restoring = Restoring.into(target, store)) {
            Restoring.Result another = restoring.run(Restoring.everything(key, Option.NO_OWNER));
            assertThat(another.outcome()).isEqualTo(Outcome.FAILED);
            assertThat(another.told())
                    .contains("Nothing was changed")
                    .contains("never ended")
                    .contains("DROP SCHEMA bactrian_restore");
        }
        Run again = Run.bactrian(settings, "restore", key, "--to", "target");
        assertThat(again.exit()).as(again.out() + again.err()).isZero();
        assertWhole(target);
    }

    @Test
    void aLostConnectionFailsTheRestoreAndItStartsOver() throws Exception {
        TestDatabase target = SERVER.createDatabase();
        try (Restoring restoring = Restoring.into(target, store)) {
            try (Connection gate = closeGate(target)) {
                CompletableFuture<Restoring.Result> running =
                        CompletableFuture.supplyAsync(() -> restoring.run(Restoring.everything(key)));
                awaitMiddle(target);
                try (Restoring second = Restoring.into(target, store)) {
                    assertThat(second.run(Restoring.everything(key)).told())
                            .contains("Another restore into")
                            .contains("Nothing was changed");
                }
                target.jdbc()
                        .queryForList(
                                "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted");
                Restoring.Result result = running.get();
                assertThat(result.outcome()).isEqualTo(Outcome.FAILED);
                assertThat(result.told()).contains("is incomplete").contains("run the same restore again");
            }
            assertThat(mark(target)).contains("is incomplete");

            Restoring.Result again = restoring.run(Restoring.everything(key));

            assertThat(again.outcome()).as(again.told()).isEqualTo(Outcome.SUCCESS);
            assertWhole(target);
        }
    }

    @Test
    void aCancelledRestoreEndsAtOnceAndLeavesNothingRunning() throws Exception {
        TestDatabase target = SERVER.createDatabase();
        try (Restoring restoring = Restoring.into(target, store);
                Connection gate = closeGate(target)) {
            RestoreRequest request = Restoring.everything(key);
            CompletableFuture<Restoring.Result> running = CompletableFuture.supplyAsync(() -> restoring.run(request));
            awaitMiddle(target);

            restoring.app().restores().cancel(request.id());

            Restoring.Result result = running.get();
            assertThat(result.outcome()).isEqualTo(Outcome.FAILED);
            assertThat(result.told()).contains("was cancelled");
            assertThat(mark(target)).contains("is incomplete");
            Awaitility.await("no session of the restore")
                    .until(() -> target.jdbc()
                                    .queryForObject(
                                            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                                                    + " AND application_name = 'bactrian'",
                                            Integer.class)
                            == 0);
        }
    }
}
