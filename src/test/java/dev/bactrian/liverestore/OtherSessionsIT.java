package dev.bactrian.liverestore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bactrian.restore.RestoreRequest;
import dev.bactrian.restore.RestoreRequest.Option;
import dev.bactrian.restore.steps.RestoreView.Outcome;
import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.Restoring;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import dev.bactrian.testing.stores.TestStore;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What other sessions see while a table's rows are replaced: each sentence of docs/restoring.md about it. */
class OtherSessionsIT {

    private static final PostgresServer SERVER = PostgresServer.V17;

    /** Rows can't come into a gated table as long as somebody holds this advisory lock. */
    private static final long GATE = 4712;

    /** Lines refer to it. */
    private static final String ORDERS = "app.orders";

    /** No other table refers to it. */
    private static final String LINES = "app.lines";

    private static final String LOCK_TIMEOUT = "55P03";

    private static TestStore store;
    private static TestDatabase source;
    private static String key;

    @BeforeAll
    static void backUp() {
        store = TestStore.start();
        source = shop();
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
                        "INSERT INTO app.orders SELECT n, 'saved' FROM generate_series(1, 1000) n",
                        "CREATE TABLE app.lines (id int PRIMARY KEY, \"order\" int REFERENCES app.orders, note text)",
                        "INSERT INTO app.lines SELECT n, n, 'saved' FROM generate_series(1, 1000) n",
                        "CREATE FUNCTION public.gate(int) RETURNS boolean IMMUTABLE LANGUAGE plpgsql AS"
                                + " 'BEGIN PERFORM pg_advisory_xact_lock_shared(" + GATE + "); RETURN true; END'",
                        "CREATE TABLE app.secrets (id int, note text)",
                        "INSERT INTO app.secrets SELECT n, 'secret' FROM generate_series(1, 100) n",
                        "CREATE INDEX gated ON app.secrets (public.gate(id))",
                        "ALTER TABLE app.secrets ENABLE ROW LEVEL SECURITY",
                        "CREATE POLICY few ON app.secrets USING (id < 3)",
                        "DO $$ BEGIN CREATE ROLE other_sessions_reader LOGIN PASSWORD 'x'; EXCEPTION WHEN duplicate_object THEN NULL; END $$",
                        "GRANT USAGE ON SCHEMA app, public TO other_sessions_reader",
                        "GRANT SELECT ON app.secrets TO other_sessions_reader",
                        "CREATE TABLE app.bulk (note text)",
                        "INSERT INTO app.bulk SELECT repeat('saved', 100) FROM generate_series(1, 10000)");
    }

    /** A shop that lives: all its rows are newer than the backup, and the table's come in through the gate. */
    private static TestDatabase live(String table) {
        return shop().run(
                        "UPDATE app.orders SET note = 'live'",
                        "UPDATE app.lines SET note = 'live'",
                        "UPDATE app.bulk SET note = 'live'",
                        "ALTER TABLE " + table + " ADD CONSTRAINT gate CHECK (public.gate(id)) NOT VALID");
    }

    private static Restoring.Result replace(TestDatabase target, String... tables) {
        return restore(target, Restoring.tables(key, List.of(tables), Option.DATA_ONLY, Option.TRUNCATE));
    }

    private static Restoring.Result restore(TestDatabase target, RestoreRequest request) {
        try (Restoring restoring = Restoring.into(target, store, Map.of("BACKUP_PARALLELISM", "1"))) {
            return restoring.run(request);
        }
    }

    /** A replacement that has begun and stands at the gate until it is opened. */
    private record Held(TestDatabase target, Connection gate, CompletableFuture<Restoring.Result> result)
            implements AutoCloseable {

        static Held of(TestDatabase target, String... tables) throws SQLException {
            return of(target, Restoring.tables(key, List.of(tables), Option.DATA_ONLY, Option.TRUNCATE));
        }

        static Held of(TestDatabase target, RestoreRequest request) throws SQLException {
            Connection gate = target.connect();
            execute(gate, "SELECT pg_advisory_lock(" + GATE + ")");
            Held held = new Held(target, gate, CompletableFuture.supplyAsync(() -> restore(target, request)));
            awaitLock(target, "locktype = 'advisory' AND objid = " + GATE);
            return held;
        }

        Restoring.Result letThrough() throws SQLException {
            execute(gate, "SELECT pg_advisory_unlock_all()");
            return result.join();
        }

        @Override
        public void close() throws SQLException {
            gate.close();
            result.join();
        }
    }

    /** Sessions of clients of this database that wait for a lock; autovacuum calls the function of the gate, too. */
    private static String waiting(String columns) {
        return "SELECT " + columns + " FROM pg_locks l JOIN pg_stat_activity a USING (pid) WHERE NOT l.granted"
                + " AND a.datname = current_database() AND a.backend_type = 'client backend'";
    }

    private static void awaitLock(TestDatabase target, String which) {
        Awaitility.await("waiting for a lock").atMost(Duration.ofSeconds(60)).until(() -> target.jdbc()
                .queryForObject("SELECT EXISTS (" + waiting("") + " AND " + which + ")", Boolean.class));
    }

    private static void execute(Connection connection, String... statements) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private static List<String> texts(Connection connection, String query) throws SQLException {
        List<String> texts = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            while (rows.next()) {
                texts.add(rows.getString(1));
            }
        }
        return texts;
    }

    private static List<String> notes(Connection connection, String table) throws SQLException {
        return texts(connection, "SELECT DISTINCT note FROM " + table);
    }

    private static Connection session(TestDatabase target) throws SQLException {
        Connection session = target.connect();
        execute(session, "SET lock_timeout = '300ms'");
        return session;
    }

    private static void requireWaits(Connection session, String sql) {
        assertThatThrownBy(() -> execute(session, sql))
                .isInstanceOfSatisfying(
                        SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo(LOCK_TIMEOUT));
    }

    /** A snapshot is taken by the first query of such a transaction, whatever it reads. */
    private static Connection olderSnapshot(TestDatabase target) throws SQLException {
        Connection session = target.connect();
        execute(session, "BEGIN ISOLATION LEVEL REPEATABLE READ", "SELECT 1");
        return session;
    }

    @Test
    void aTableThatNoOtherRefersToKeepsReadersWaiting() throws Exception {
        TestDatabase target = live(LINES);
        try (Connection older = olderSnapshot(target);
                Held held = Held.of(target, LINES);
                Connection session = session(target)) {
            requireWaits(session, "SELECT FROM app.lines");
            requireWaits(session, "INSERT INTO app.lines VALUES (5000, 1)");
            assertThat(notes(session, ORDERS)).containsExactly("live");

            CompletableFuture<List<String>> reader = CompletableFuture.supplyAsync(() -> {
                try (Connection patient = target.connect()) {
                    return notes(patient, LINES);
                } catch (SQLException e) {
                    throw new IllegalStateException(e);
                }
            });
            awaitLock(target, "relation = 'app.lines'::regclass AND mode = 'AccessShareLock'");
            assertThat(held.letThrough().outcome()).isEqualTo(Outcome.SUCCESS);

            assertThat(reader.join()).containsExactly("saved");
            // Neither the rows before nor those after.
            assertThat(texts(older, "SELECT count(*) FROM app.lines")).containsExactly("0");
        }
        assertThat(target.contentDigests().get(LINES))
                .isEqualTo(source.contentDigests().get(LINES));
    }

    @Test
    void aTableThatOthersReferToIsReadAsItWas() throws Exception {
        TestDatabase target = live(ORDERS);
        try (Connection older = olderSnapshot(target);
                Held held = Held.of(target, ORDERS);
                Connection session = session(target)) {
            assertThat(notes(session, ORDERS)).containsExactly("live");
            assertThat(texts(session, "SELECT count(*) FROM app.lines JOIN app.orders ON orders.id = \"order\""))
                    .containsExactly("1000");
            requireWaits(session, "INSERT INTO app.orders VALUES (5000)");
            requireWaits(session, "UPDATE app.orders SET note = 'newer' WHERE id = 1");
            requireWaits(session, "SELECT FROM app.orders WHERE id = 1 FOR UPDATE");
            // It locks the row that it refers to.
            requireWaits(session, "INSERT INTO app.lines VALUES (5000, 1)");

            Restoring.Result result = held.letThrough();

            assertThat(result.outcome()).as(result.told()).isEqualTo(Outcome.SUCCESS);
            assertThat(notes(session, ORDERS)).containsExactly("saved");
            assertThat(notes(older, ORDERS)).containsExactly("live");
        }
    }

    @Test
    void aTransactionThatUsesTheTableIsWaitedForAndReadersQueueUp() throws Exception {
        TestDatabase target = live(LINES);
        try (Connection open = target.connect();
                Connection session = session(target)) {
            execute(open, "BEGIN", "SELECT FROM app.lines LIMIT 1");
            CompletableFuture<Restoring.Result> result = CompletableFuture.supplyAsync(() -> replace(target, LINES));
            awaitLock(target, "relation = 'app.lines'::regclass AND mode = 'AccessExclusiveLock'");

            requireWaits(session, "SELECT FROM app.lines");
            // What is waited for goes on.
            execute(open, "UPDATE app.lines SET note = 'newer' WHERE id = 1", "COMMIT");

            assertThat(result.join().outcome()).isEqualTo(Outcome.SUCCESS);
        }
    }

    @Test
    void aTransactionThatOnlyReadsIsNotWaitedForUnlessItLocks() throws Exception {
        TestDatabase target = live(ORDERS);
        target.run("ALTER DATABASE " + target.name() + " SET default_transaction_isolation = 'repeatable read'");
        try (Connection open = target.connect()) {
            execute(open, "BEGIN ISOLATION LEVEL READ COMMITTED", "SELECT FROM app.orders LIMIT 1");
            assertThat(replace(target, ORDERS).outcome()).isEqualTo(Outcome.SUCCESS);

            execute(open, "SELECT FROM app.orders WHERE id = 1 FOR UPDATE");
            CompletableFuture<Restoring.Result> result = CompletableFuture.supplyAsync(() -> replace(target, ORDERS));
            awaitLock(target, "relation = 'app.orders'::regclass AND mode = 'ExclusiveLock'");
            // No deadlock: what it locked it can change.
            execute(
                    open,
                    "UPDATE app.orders SET note = 'newer' WHERE id = 1",
                    "INSERT INTO app.orders VALUES (5000, 'newer')");
            execute(open, "COMMIT");
            assertThat(result.join().outcome()).isEqualTo(Outcome.SUCCESS);
        }
        assertThat(target.contentDigests().get(ORDERS))
                .isEqualTo(source.contentDigests().get(ORDERS));
    }

    @Test
    void eachTableIsReplacedByItself() throws Exception {
        TestDatabase target = live(LINES);
        try (Held held = Held.of(target, "app.bulk", LINES);
                Connection session = session(target)) {
            // The largest first.
            assertThat(notes(session, "app.bulk")).containsExactly("saved".repeat(100));
            requireWaits(session, "SELECT FROM app.lines");

            assertThat(held.letThrough().outcome()).isEqualTo(Outcome.SUCCESS);
        }
    }

    /** It is held when its rows are in and visible, and its policies aren't there yet. */
    @Test
    void aTableThatIsMadeAgainIsMissingAndThenProtectedBeforeItHasRows() throws Exception {
        TestDatabase target = shop().run(
                        "CREATE FUNCTION public.hold() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN"
                                + " IF current_query() LIKE '%CREATE TABLE app.secrets%' THEN PERFORM public.gate(1); END IF; END $$",
                        "CREATE EVENT TRIGGER hold ON ddl_command_start WHEN TAG IN ('CREATE TABLE') EXECUTE FUNCTION public.hold()");
        RestoreRequest again = Restoring.tables(key, List.of("app.secrets"), Option.DROP_EXISTING);
        String url = "jdbc:postgresql://127.0.0.1:" + target.port() + "/" + target.name();
        try (Connection reader = DriverManager.getConnection(url, "other_sessions_reader", "x")) {
            assertThat(texts(reader, "SELECT count(*) FROM app.secrets")).containsExactly("2");
            execute(reader, "SET lock_timeout = '300ms'");
            try (Held held = Held.of(target, again)) {
                assertThatThrownBy(() -> execute(reader, "SELECT FROM app.secrets"))
                        .isInstanceOfSatisfying(SQLException.class, e -> assertThat(e.getSQLState())
                                .isEqualTo("42P01"));
                assertThat(held.letThrough().outcome()).isEqualTo(Outcome.SUCCESS);
            }
            target.run("DROP EVENT TRIGGER hold");
            try (Held held = Held.of(target, again)) {
                assertThat(target.rowCounts()).containsEntry("app.secrets", 100L);
                assertThat(texts(reader, "SELECT count(*) FROM app.secrets")).containsExactly("0");
                assertThat(held.letThrough().outcome()).isEqualTo(Outcome.SUCCESS);
            }
            assertThat(texts(reader, "SELECT count(*) FROM app.secrets")).containsExactly("2");
        }
    }

    /** The server ends the session as it does when the client is gone. */
    @ParameterizedTest
    @ValueSource(strings = {LINES, ORDERS})
    void whatBreaksOffLeavesRowsAndTriggersAsTheyWere(String table) throws Exception {
        TestDatabase target = live(table)
                .run(
                        "CREATE FUNCTION public.act() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
                        "CREATE TRIGGER act BEFORE INSERT ON " + table + " FOR EACH ROW EXECUTE FUNCTION public.act()",
                        "ALTER TABLE " + table + " ENABLE ALWAYS TRIGGER act");
        try (Held held = Held.of(target, table)) {
            target.run(waiting("pg_terminate_backend(pid)") + " AND locktype = 'advisory'");

            assertThat(held.result().join().outcome()).isEqualTo(Outcome.FAILED);
        }
        try (Connection session = session(target)) {
            assertThat(notes(session, table)).containsExactly("live");
            assertThat(texts(session, "SELECT tgenabled::text FROM pg_trigger WHERE tgname = 'act'"))
                    .containsExactly("A");
        }
    }

    /** Rows that are added meanwhile are either gone with the others or there after all: none is mixed in. */
    @ParameterizedTest
    @ValueSource(strings = {LINES, ORDERS})
    void whoWritesMeanwhileWritesBeforeOrAfter(String table) throws Exception {
        TestDatabase target = shop();
        AtomicBoolean stop = new AtomicBoolean();
        CompletableFuture<Integer> writer = CompletableFuture.supplyAsync(() -> {
            int written = 0;
            try (Connection session = target.connect()) {
                while (!stop.get()) {
                    written++;
                    execute(session, "INSERT INTO " + table + " (id, note) VALUES (" + (10_000 + written) + ", 'new')");
                }
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
            return written;
        });
        for (int i = 0; i < 3; i++) {
            Restoring.Result result = replace(target, table);
            assertThat(result.outcome()).as(result.told()).isEqualTo(Outcome.SUCCESS);
        }
        stop.set(true);
        int written = writer.join();

        List<Integer> newer = target.jdbc()
                .queryForList("SELECT id FROM " + table + " WHERE note = 'new' ORDER BY id", Integer.class);
        assertThat(written).isGreaterThan(100);
        assertThat(newer).hasSizeLessThan(written);
        int first = newer.isEmpty() ? 0 : newer.get(0);
        for (int i = 0; i < newer.size(); i++) {
            assertThat(newer.get(i)).isEqualTo(first + i);
        }
        target.run("DELETE FROM " + table + " WHERE note = 'new'");
        assertThat(target.contentDigests().get(table))
                .isEqualTo(source.contentDigests().get(table));
    }
}
