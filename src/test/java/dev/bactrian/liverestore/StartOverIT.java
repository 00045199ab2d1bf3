package dev.bactrian.liverestore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bactrian.restore.RestoreRequest;
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
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The same command after a crash deletes nothing but what the first run wrote, although the database has lived on. */
class StartOverIT {

    private static final PostgresServer SERVER = PostgresServer.V17;
    private static final String ORDERS = "app.orders";
    private static final String BLOCKED = "app.blocked";
    /** The index of one table can't be built as long as another session holds this advisory lock. */
    private static final long GATE = 4712;

    private static TestStore store;
    private static String key;

    @BeforeAll
    static void backUp() {
        store = TestStore.start();
        TestDatabase source = shop().run(
                        "INSERT INTO app.orders SELECT n, 'saved' FROM generate_series(1, 1000) n",
                        "INSERT INTO app.blocked SELECT n, repeat('x', 1000) FROM generate_series(1, 2000) n",
                        "CREATE SCHEMA made",
                        "CREATE FUNCTION made.gate(int) RETURNS int IMMUTABLE LANGUAGE plpgsql AS"
                                + " 'BEGIN PERFORM pg_advisory_xact_lock_shared(" + GATE + "); RETURN $1; END'",
                        "CREATE TABLE made.gated AS SELECT n, repeat('x', 1000) AS t FROM generate_series(1, 100) n",
                        "CREATE INDEX gated_n ON made.gated (made.gate(n))",
                        "CREATE TABLE made.things AS SELECT n, 'saved' AS note FROM generate_series(1, 500) n",
                        "SELECT lo_from_bytea(60001, 'saved')");
        key = BactrianService.backUp(SERVER, source, store);
    }

    @AfterAll
    static void end() {
        store.close();
    }

    private static TestDatabase shop() {
        return SERVER.createDatabase()
                .run(
                        "CREATE SCHEMA app",
                        "CREATE TABLE app.orders (id int PRIMARY KEY, note text)",
                        "CREATE TABLE app.blocked (id int PRIMARY KEY, t text)");
    }

    private static Restoring.Result restore(TestDatabase target, RestoreRequest request) {
        try (Restoring restoring = Restoring.into(target, store, Map.of("BACKUP_PARALLELISM", "2"))) {
            return restoring.run(request);
        }
    }

    /** A session of another application that holds something that the restore needs. */
    private static Connection holding(TestDatabase target, String sql) throws SQLException {
        Connection connection = target.connect();
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
        return connection;
    }

    private static void await(TestDatabase target, String condition) {
        Awaitility.await(condition)
                .atMost(Duration.ofSeconds(60))
                .ignoreExceptions()
                .until(() -> target.jdbc().queryForObject("SELECT " + condition, Boolean.class));
    }

    /** The server ends the session that waits, once so much is loaded: for the restore as good as a crash. */
    private static void breakOff(TestDatabase target, RestoreRequest request, String hold, String when)
            throws Exception {
        try (Connection held = holding(target, hold)) {
            CompletableFuture<Restoring.Result> running = CompletableFuture.supplyAsync(() -> restore(target, request));
            await(target, "EXISTS (SELECT FROM pg_locks WHERE NOT granted) AND " + when);
            target.jdbc().queryForList("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE NOT granted");
            Restoring.Result result = running.get();
            assertThat(result.outcome()).as(result.told()).isEqualTo(Outcome.FAILED);
            assertThat(result.told()).contains("is incomplete");
        }
    }

    private static String loaded(String table) {
        return "EXISTS (SELECT FROM bactrian_restore.loaded WHERE name = '" + table + "')";
    }

    private static int count(TestDatabase target, String from) {
        return target.jdbc().queryForObject("SELECT count(*) FROM " + from, Integer.class);
    }

    private static void assertUnmarked(TestDatabase target) {
        assertThat(count(target, "pg_namespace WHERE nspname = 'bactrian_restore'"))
                .isZero();
    }

    @Test
    void rowsThatCameIntoATableThatWasEmptyStay() throws Exception {
        TestDatabase target = shop();
        RestoreRequest request = Restoring.request(key, List.of("app"), List.of(), null, Option.DATA_ONLY);
        breakOff(target, request, "LOCK TABLE " + BLOCKED + " IN SHARE MODE", loaded("orders"));
        target.run(
                "INSERT INTO app.orders VALUES (5000, 'new')",
                "UPDATE app.orders SET note = 'changed' WHERE id = 7",
                "DELETE FROM app.orders WHERE id = 8");

        Restoring.Result again = restore(target, request);

        assertThat(again.outcome()).as(again.told()).isEqualTo(Outcome.SUCCESS);
        assertThat(again.run().getReport().getRows())
                .containsEntry("\"app\".\"orders\"", 1000L)
                .containsEntry("\"app\".\"blocked\"", 2000L);
        assertThat(target.jdbc()
                        .queryForList("SELECT note || count(*) FROM app.orders GROUP BY note ORDER BY 1", String.class))
                .containsExactly("changed1", "new1", "saved998");
        assertThat(count(target, BLOCKED)).isEqualTo(2000);
        assertUnmarked(target);
    }

    @Test
    void rowsThatCameIntoAReplacedTableStayWhileOthersAreReplaced() throws Exception {
        TestDatabase target = shop().run(
                        "INSERT INTO app.orders VALUES (1, 'before')", "INSERT INTO app.blocked VALUES (1, 'before')");
        RestoreRequest request =
                Restoring.request(key, List.of("app"), List.of(), null, Option.DATA_ONLY, Option.TRUNCATE);
        breakOff(target, request, "LOCK TABLE " + BLOCKED + " IN SHARE MODE", loaded("orders"));
        target.run("INSERT INTO app.orders VALUES (5000, 'new')");

        Restoring.Result again = restore(target, request);

        assertThat(again.outcome()).as(again.told()).isEqualTo(Outcome.SUCCESS);
        assertThat(count(target, "app.orders WHERE note = 'new'")).isEqualTo(1);
        assertThat(count(target, "app.orders WHERE note = 'saved'")).isEqualTo(1000);
        assertThat(count(target, "app.blocked WHERE t <> 'before'")).isEqualTo(2000);
        assertUnmarked(target);
    }

    /** By kill -9, into a database that was empty but for a large object. */
    @Test
    void whatCameIntoADatabaseThatWasEmptyIsNamedAndStays() throws Exception {
        TestDatabase target = SERVER.createDatabase().run("SELECT lo_from_bytea(60000, 'before')");
        Map<String, String> settings = new HashMap<>(store.settings());
        settings.put("DATABASE_URL_TARGET", target.url());
        settings.put("PG_BIN", SERVER.client().toString());
        settings.put("BACKUP_PARALLELISM", "2");
        settings.put("WORK_DIR", BactrianService.temporaryFolder().toString());
        try (Connection gate = holding(target, "SELECT pg_advisory_lock(" + GATE + ")")) {
            Process process = Run.start(settings, "restore", key, "--to", "target");
            await(target, "EXISTS (SELECT FROM pg_locks WHERE NOT granted) AND " + loaded("things"));
            process.destroyForcibly().waitFor();
        }
        target.run(
                "INSERT INTO made.things VALUES (501, 'new')",
                "UPDATE made.gated SET t = 'changed' WHERE n = 1",
                "CREATE VIEW made.mine AS SELECT * FROM made.things",
                "CREATE TABLE public.mine (n int)",
                "CREATE FUNCTION app.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'");
        Map<String, Long> before = target.contentDigests();

        Run refused = Run.bactrian(settings, "restore", key, "--to", "target");

        assertThat(refused.exit()).isEqualTo(1);
        assertThat(refused.err())
                .contains("the target got objects", "Nothing was changed", "DROP SCHEMA bactrian_restore")
                .contains("rows of made.things", "rows of made.gated")
                .contains("VIEW made.mine", "TABLE public.mine", "FUNCTION app.mine()");
        assertThat(target.contentDigests()).isEqualTo(before);

        target.run(
                "DROP VIEW made.mine",
                "DROP TABLE public.mine",
                "DROP FUNCTION app.mine()",
                "DELETE FROM made.things WHERE n = 501",
                "DELETE FROM made.gated WHERE n = 1");
        Run again = Run.bactrian(settings, "restore", key, "--to", "target");
        assertThat(again.exit()).as(again.out() + again.err()).isZero();
        assertThat(count(target, "made.things")).isEqualTo(500);
        assertThat(target.jdbc().queryForList("SELECT oid::bigint FROM pg_largeobject_metadata ORDER BY 1", Long.class))
                .containsExactly(60000L, 60001L);
        assertUnmarked(target);
    }

    @Test
    void whatCameIntoASchemaThatTheRestoreMadeIsNamedAndStays() throws Exception {
        TestDatabase target = shop().run("INSERT INTO app.orders VALUES (1, 'of the target')");
        RestoreRequest request = Restoring.request(key, List.of("made"), List.of(), null);
        breakOff(target, request, "SELECT pg_advisory_lock(" + GATE + ")", loaded("things"));
        target.run("CREATE VIEW app.depends AS SELECT * FROM made.things", "CREATE TABLE made.mine (n int)");

        Restoring.Result refused = restore(target, request);

        assertThat(refused.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(refused.told())
                .contains("VIEW app.depends")
                .contains("TABLE made.mine")
                .doesNotContain("rows of");
        assertThat(count(target, "app.depends")).isEqualTo(500);

        target.run("DROP VIEW app.depends", "DROP TABLE made.mine");
        Restoring.Result again = restore(target, request);
        assertThat(again.outcome()).as(again.told()).isEqualTo(Outcome.SUCCESS);
        assertThat(count(target, "made.things")).isEqualTo(500);
        assertThat(count(target, "app.orders WHERE note = 'of the target'")).isEqualTo(1);
    }

    /** The table that was to make room hadn't been dropped yet: it isn't the restore's. */
    @Test
    void aTableThatWasOnlyToBeDroppedIsNotTakenForTheRestoresOwn() throws Exception {
        TestDatabase target = shop().run(
                        "ALTER TABLE app.orders ALTER id ADD GENERATED BY DEFAULT AS IDENTITY (START 7000)",
                        "INSERT INTO app.orders (note) VALUES ('of the target')");
        RestoreRequest request = Restoring.tables(key, List.of(ORDERS), Option.DROP_EXISTING);
        breakOff(target, request, "LOCK TABLE " + ORDERS + " IN ACCESS SHARE MODE", "true");
        assertThat(count(target, "app.orders WHERE note = 'of the target'")).isEqualTo(1);
        target.run("INSERT INTO app.orders (note) VALUES ('new')");

        Restoring.Result again = restore(target, request);

        assertThat(again.outcome()).as(again.told()).isEqualTo(Outcome.SUCCESS);
        assertThat(count(target, "app.orders WHERE note = 'saved'")).isEqualTo(1000);
        assertUnmarked(target);
    }
}
