package dev.bactrian.unchanged;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bactrian.postgres.Snapshot;
import dev.bactrian.postgres.Table;
import dev.bactrian.postgres.url.DatabaseUrl;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import dev.bactrian.testing.servers.TestExtension;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers, roles and tables of other kinds: what isn't provable, and why, and what is provable in spite of it. */
class NotProvableIT {

    private static final PostgresServer SERVER = PostgresServer.V17;

    /** What comes after the snapshot and before the lock: the snapshot would find no rows, as there were none before. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "TRUNCATE t",
                "DROP TABLE t",
                "ALTER TABLE t RENAME TO u",
                "ALTER TABLE t RENAME TO u; CREATE TABLE t (i int)",
                "ALTER TABLE t RENAME TO u; CREATE VIEW t AS SELECT 1 AS i WHERE false",
                "ALTER TABLE t ALTER i TYPE bigint"
            })
    void whatHappensToATableAfterTheSnapshotIsSeen(String what) throws Exception {
        TestDatabase database = SERVER.createDatabase().run("CREATE TABLE t (i int)");
        SavedSource earlier = SavedSource.of(database);
        database.run("INSERT INTO t VALUES (1)");

        SavedSource.Compared compared = SavedSource.since(earlier, database, database.url(), () -> database.run(what));

        assertThat(compared.verdict("t")).isEqualTo("rows");
    }

    /** Supabase's role postgres is such a one: without superuser, but past policies. */
    @ParameterizedTest
    @EnumSource(PostgresServer.class)
    void aRoleThatMayReadCanProve(PostgresServer server) throws Exception {
        TestDatabase database = server.createDatabase().run("CREATE TABLE t AS SELECT 1 AS i");
        String url = database.backupRole("prover_" + database.name(), "x");
        database.run(
                "ALTER ROLE prover_" + database.name() + " SET default_transaction_read_only = on",
                "ALTER TABLE t ENABLE ROW LEVEL SECURITY",
                "ALTER TABLE t FORCE ROW LEVEL SECURITY");
        SavedSource earlier = SavedSource.of(database);

        assertThat(SavedSource.since(earlier, database, url, () -> {}).verdict("t"))
                .isNull();
        try (Connection connection = DriverManager.getConnection(
                DatabaseUrl.parse(url).jdbcUrl(), DatabaseUrl.parse(url).jdbcProperties())) {
            Witnesses made = Witnesses.take(connection);
            connection.setAutoCommit(false);
            assertThat(made.areEnough()).isTrue();
            assertThat(made.areKnownTo(connection)).isTrue();
            assertThat(new Witnesses(made.lsn(), made.rolledBack(), made.committed()).areKnownTo(connection))
                    .isFalse();
        }
    }

    /** Policies that hide rows are an error, not fewer rows. */
    @Test
    void aRoleThatSeesSomeRowsProvesNothing() throws Exception {
        TestDatabase database = SERVER.createDatabase()
                .run("CREATE TABLE t AS SELECT 1 AS i", "ALTER TABLE t ENABLE ROW LEVEL SECURITY");
        String url = database.backupRole("half_" + database.name(), "x");
        database.run("ALTER ROLE half_" + database.name() + " NOBYPASSRLS");
        SavedSource earlier = SavedSource.of(database);

        assertThatThrownBy(() -> SavedSource.since(earlier, database, url, () -> {}))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("row-level security");
    }

    @Test
    void whereAFactCannotBeReadNothingIsProved() throws Exception {
        TestDatabase database = SERVER.createDatabase().run("CREATE TABLE t AS SELECT 1 AS i");
        database.run("REVOKE EXECUTE ON FUNCTION pg_control_system() FROM PUBLIC");
        String url = database.backupRole("blind_" + database.name(), "x");
        SavedSource earlier = SavedSource.of(database);

        SavedSource.Compared compared = SavedSource.since(earlier, database, url, () -> {});

        assertThat(compared.verdict("t")).contains("permission denied for function pg_control_system");
        assertThat(compared.now().tables()).hasSize(1);
    }

    /** CREATE DATABASE can give a copy of how a database was its oid; the rows of the copy are older than the backup. */
    @Test
    void aCopyOfADatabaseUnderItsOidIsAnotherOne() throws Exception {
        TestDatabase database = SERVER.createDatabase().run("CREATE TABLE t AS SELECT 1 AS i");
        TestDatabase postgres = new TestDatabase(database.port(), "postgres");
        String copy = database.name() + "_copy";
        postgres.run("CREATE DATABASE " + copy + " TEMPLATE " + database.name());
        database.run("UPDATE t SET i = 2");
        SavedSource earlier = SavedSource.of(database);
        String oid = database.jdbc()
                .queryForObject("SELECT oid::text FROM pg_database WHERE datname = current_database()", String.class);
        postgres.run(
                "DROP DATABASE " + database.name() + " WITH (FORCE)",
                "CREATE DATABASE " + database.name() + " TEMPLATE " + copy + " OID = " + oid);

        assertThat(SavedSource.since(earlier, database).verdict("t")).contains("another database");
    }

    @ParameterizedTest
    @ValueSource(strings = {"SQL_ASCII", "LATIN1", "UTF8"})
    void textIsComparedInAnyEncoding(String encoding) throws Exception {
        TestDatabase database = SERVER.createDatabase(encoding)
                .run(
                        "CREATE TYPE e AS ENUM ('\u00e4')",
                        "CREATE TABLE t AS SELECT '\u00e4'::e AS v",
                        "ALTER TABLE t ADD more text DEFAULT '\u00e4''\"\\ '");
        SavedSource earlier = SavedSource.of(database);

        assertThat(earlier.state().gap()).isNull();
        assertThat(SavedSource.since(earlier, database).verdict("t")).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "CREATE ACCESS METHOD other TYPE TABLE HANDLER heap_tableam_handler; CREATE TABLE t (i int) USING other"
                        + " | its access method isn't heap",
                "CREATE FUNCTION xin(cstring) RETURNS x IMMUTABLE STRICT LANGUAGE internal AS 'textin';"
                        + " CREATE FUNCTION xout(x) RETURNS cstring IMMUTABLE STRICT LANGUAGE c AS '$libdir/plpgsql', 'plpgsql_call_handler';"
                        + " CREATE TYPE x (INPUT = xin, OUTPUT = xout, LIKE = text); CREATE TABLE t (v x[])"
                        + " | a library prints",
            })
    void someTablesNeverAre(String sql, String reason) throws Exception {
        TestDatabase database = SERVER.createDatabase().run(sql);
        SavedSource earlier = SavedSource.of(database);

        assertThat(SavedSource.since(earlier, database).verdict("t")).contains(reason);
    }

    /** As citext's. */
    @Test
    void aTypeThatPostgresqlItselfPrintsIsProvable() throws Exception {
        TestDatabase database = SERVER.createDatabase()
                .run(
                        "CREATE FUNCTION xin(cstring) RETURNS x IMMUTABLE STRICT LANGUAGE internal AS 'textin'",
                        "CREATE FUNCTION xout(x) RETURNS cstring IMMUTABLE STRICT LANGUAGE internal AS 'textout'",
                        "CREATE TYPE x (INPUT = xin, OUTPUT = xout, LIKE = text)",
                        "CREATE TABLE t AS SELECT 'a'::x AS v");
        SavedSource earlier = SavedSource.of(database);

        assertThat(SavedSource.since(earlier, database).verdict("t")).isNull();
        database.run(
                "CREATE OR REPLACE FUNCTION xout(x) RETURNS cstring IMMUTABLE STRICT LANGUAGE internal AS 'byteaout'");
        assertThat(SavedSource.since(earlier, database).verdict("t")).contains("definition");
    }

    @Test
    void tablesOfExtensionsAndForeignOnesNeverAre() throws Exception {
        TestExtension.install(SERVER, "unchanged_part", "CREATE TABLE @extschema@.t (i int);");
        TestDatabase database = SERVER.createDatabase()
                .run(
                        "CREATE EXTENSION unchanged_part",
                        "CREATE FOREIGN DATA WRAPPER w; CREATE SERVER s FOREIGN DATA WRAPPER w",
                        "CREATE FOREIGN TABLE f (i int) SERVER s");
        SavedSource earlier = SavedSource.of(database);

        assertThat(SavedSource.since(earlier, database).verdict("t")).contains("belongs to an extension");
        assertThat(earlier.state().never().values()).contains("it isn't an ordinary table");
        assertThat(earlier.state().identities()).isEmpty();
    }

    /** pg_surgery's row has a transaction that says nothing: what it was before isn't known. */
    @Test
    void aRowThatWasFrozenByForceIsRead() throws Exception {
        TestDatabase database =
                SERVER.createDatabase().run("CREATE EXTENSION pg_surgery", "CREATE TABLE t AS SELECT 1 AS i");
        SavedSource earlier = SavedSource.of(database);
        database.run("SELECT heap_force_freeze('t'::regclass, ARRAY['(0,1)']::tid[])");

        assertThat(SavedSource.since(earlier, database).verdict("t")).isEqualTo("rows");
    }

    /** What a name holds never becomes SQL, and two names never look like one. */
    @Test
    void namesMayHoldAnything() throws Exception {
        TestDatabase database = SERVER.createDatabase()
                .run(
                        "CREATE SCHEMA \"a'\"\" b\"",
                        "CREATE TABLE \"a'\"\" b\".\"t'; DROP TABLE x; --\" (\"c'\"\" %s\" int)");
        SavedSource earlier = SavedSource.of(database);

        assertThat(SavedSource.since(earlier, database).verdict("t'; DROP TABLE x; --"))
                .isNull();
    }

    /** The session and its transaction serve others afterwards, and nothing stays locked. */
    @Test
    void theTransactionIsAsItWas() throws Exception {
        TestDatabase database = SERVER.createDatabase().run("CREATE TABLE t AS SELECT 1 AS i");
        SavedSource earlier = SavedSource.of(database);
        DatabaseUrl url = DatabaseUrl.parse(database.url());
        try (Snapshot snapshot = Snapshot.export(url);
                Connection session = Snapshot.importInto(url, snapshot.getId());
                Statement statement = session.createStatement()) {
            Table table = earlier.tables().values().iterator().next().table();
            Table gone = new Table(1, "public", "gone", "r", "p", 0, null, null);

            assertThat(NewerRows.none(session, table, earlier.state(), 1, () -> {}))
                    .isTrue();
            assertThat(NewerRows.none(session, table, earlier.state(), 2, () -> {}))
                    .isFalse();
            assertThat(NewerRows.none(session, table, earlier.state(), -1, () -> {}))
                    .isFalse();
            assertThat(NewerRows.none(session, table, SourceState.unprovable("x"), 1, () -> {}))
                    .isFalse();
            assertThat(NewerRows.none(session, gone, earlier.state(), 0, () -> {}))
                    .isFalse();
            statement.execute("SET LOCAL lock_timeout = '100ms'");
            try (Connection other = database.connect();
                    Statement lock = other.createStatement()) {
                other.setAutoCommit(false);
                lock.execute("LOCK TABLE t");
                assertThatThrownBy(() -> NewerRows.none(session, table, earlier.state(), 1, () -> {}))
                        .isInstanceOf(SQLException.class);
            }
            assertThat(NewerRows.none(session, table, earlier.state(), 1, () -> {}))
                    .isTrue();
            database.run("SET lock_timeout = '5s'; ALTER TABLE t ADD j int");
        }
    }

    @Test
    void witnessesThatAreForgottenOrToComeProveNothing() throws Exception {
        TestDatabase database = SERVER.createDatabase();
        try (Connection connection = database.connect()) {
            connection.setAutoCommit(false);
            Witnesses tooOld = new Witnesses("0/1", List.of(3L), List.of(4L));
            Witnesses toCome = new Witnesses("0/1", List.of(1L << 31), List.of((1L << 40) + 4));
            assertThat(tooOld.areKnownTo(connection)).isFalse();
            assertThat(toCome.areKnownTo(connection)).isFalse();
            assertThat(connection.createStatement().executeQuery("SELECT 1").next())
                    .isTrue();
        }
    }
}
