package dev.bactrian.dump.instant;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import dev.bactrian.testing.stores.TestStore;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What transactions do that are open at the instant of a backup, and sessions with temporary objects. */
class OpenTransactionsIT {

    private static final PostgresServer SERVER = PostgresServer.V17;
    private static TestStore store;
    private static String programs;
    private final TestDatabase database = SERVER.createDatabase()
            .run(
                    "CREATE TABLE busy (n int)",
                    "CREATE TABLE stage (n int)",
                    "CREATE TABLE item AS SELECT n FROM generate_series(1, 5) n");

    @BeforeAll
    static void start() {
        store = TestStore.start();
        programs = DumpGate.programs(SERVER).toString();
    }

    @AfterAll
    static void stop() {
        store.close();
    }

    /** Frozen rows are seen by every snapshot, those from before the transaction that wrote them too. */
    @Test
    void oneThatReplacesRowsByFrozenOnesAndWasOpenBeforeFailsTheBackup() throws SQLException {
        try (Connection job = database.connect();
                Statement statement = job.createStatement()) {
            job.setAutoCommit(false);
            statement.execute("INSERT INTO busy VALUES (50)");

            JsonNode row = backUp(() -> {
                statement.execute("TRUNCATE item");
                statement.execute("COPY item FROM PROGRAM 'seq 100 105' WITH (FREEZE)");
                job.commit();
            });

            assertFailed(row, "item");
        }
    }

    @Test
    void rowsThatComeFrozenIntoATableWithoutAnyFailTheBackupWhateverElseIsOpen() throws SQLException {
        try (Connection job = database.connect();
                Statement statement = job.createStatement()) {
            job.setAutoCommit(false);
            statement.execute("INSERT INTO busy VALUES (99)");

            JsonNode row = backUp(() ->
                    database.run("BEGIN", "TRUNCATE stage", "COPY stage FROM PROGRAM 'seq 3' WITH (FREEZE)", "COMMIT"));

            assertFailed(row, "stage");
        }
    }

    @Test
    void aTableWithoutRowsMayGetAnotherFile() throws SQLException {
        JsonNode row = backUp(() -> database.run("VACUUM FULL stage", "VACUUM FULL item"));

        assertThat(row.path("status").asText()).as(row.toString()).isEqualTo("success");
    }

    @Test
    void temporaryObjectsAreNobodysInstant() throws SQLException {
        try (Connection session = database.connect();
                Statement statement = session.createStatement()) {
            statement.execute("CREATE FUNCTION nothing() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';"
                    + " CREATE TEMP TABLE passing (n int, m int); CREATE TYPE pg_temp.mood AS ENUM ('sad');"
                    + " CREATE FUNCTION pg_temp.f() RETURNS int LANGUAGE sql AS 'SELECT 1';"
                    + " CREATE STATISTICS pg_temp.together ON n, m FROM passing;"
                    + " CREATE TRIGGER fires BEFORE INSERT ON passing FOR EACH ROW EXECUTE FUNCTION nothing()");
            try (Connection other = database.connect()) {
                Fingerprint seen = Fingerprint.read(other);

                assertThat(seen.all("pg_type")).noneMatch(item -> item.name().equals("mood"));
                assertThat(seen.all("pg_proc")).noneMatch(item -> item.name().equals("f"));
                assertThat(seen.all("pg_statistic_ext")).isEmpty();
                assertThat(seen.all("pg_trigger")).isEmpty();
                assertThat(seen.all("pg_class")).noneMatch(item -> item.name().equals("passing"));
            }
        }
    }

    /** What is done once the definitions are read and before the rows are. */
    @FunctionalInterface
    private interface Deed {
        void run() throws SQLException;
    }

    private JsonNode backUp(Deed meanwhile) throws SQLException {
        Map<String, String> settings =
                Map.of("DATABASE_URL", database.url(), "PG_BIN", programs, "BACKUP_PARALLELISM", "1");
        try (BactrianService service = BactrianService.start(settings, SERVER.createDatabase(), store)) {
            String id;
            try (DumpGate gate = DumpGate.close(database)) {
                id = service.request("{}");
                gate.awaitHeld();
                meanwhile.run();
            }
            return service.awaitEnd(id);
        }
    }

    private static void assertFailed(JsonNode row, String table) {
        assertThat(row.path("status").asText()).as(row.toString()).isEqualTo("failed");
        assertThat(row.path("error_text").asText())
                .contains("Table \"public\".\"" + table + "\" was truncated", "Start the backup again");
    }
}
