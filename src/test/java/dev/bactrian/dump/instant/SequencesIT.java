package dev.bactrian.dump.instant;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.bactrian.restore.rows.SequenceScript;
import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import dev.bactrian.testing.stores.TestStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.ZipFile;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The saved value of a sequence is the one that fits the saved rows, whatever becomes of the sequence meanwhile. */
class SequencesIT {

    private static final String WAITS =
            "SELECT count(*) FROM pg_locks l JOIN pg_database d ON d.oid = l.database WHERE d.datname = current_database()"
                    + " AND locktype = 'relation' AND NOT granted";

    private static TestStore store;
    private static TestDatabase control;

    @BeforeAll
    static void start() {
        store = TestStore.start();
        control = PostgresServer.V17.createDatabase();
    }

    @AfterAll
    static void stop() {
        store.close();
    }

    /** Name, options, where it stands at the instant, what is done meanwhile, and what is to be saved. */
    private record Case(String name, String options, String before, String meanwhile, long last, boolean called) {}

    private static final Case[] CASES = {
        new Case("goes_on", "", "setval('%s', 10)", "SELECT setval('s.goes_on', 25)", 25, true),
        new Case("restarted", "", "setval('%s', 100)", "ALTER SEQUENCE s.restarted RESTART", 100, true),
        new Case("restarted_on", "", "setval('%s', 7)", "ALTER SEQUENCE s.restarted_on RESTART WITH 900", 7, true),
        new Case("set_back", "", "setval('%s', 40)", "SELECT setval('s.set_back', 1)", 40, true),
        new Case("set_back_unused", "", "setval('%s', 41)", "SELECT setval('s.set_back_unused', 41, false)", 41, true),
        new Case("down", "INCREMENT -2", "setval('%s', -10)", "SELECT setval('s.down', -16)", -16, true),
        new Case("down_back", "INCREMENT -2", "setval('%s', -10)", "SELECT setval('s.down_back', -3)", -10, true),
        new Case("wide", "INCREMENT 100", "setval('%s', 5)", "SELECT setval('s.wide', 6, false)", 5, true),
        new Case("swapped", "", "setval('%s', 1000)", "ALTER SEQUENCE s.swapped RENAME TO x", 1000, true),
        new Case("swapped_too", "", "setval('%s', 5)", "ALTER SEQUENCE s.swapped_too RENAME TO swapped", 5, true),
        new Case("swap_ends", "", "nextval('%s')", "ALTER SEQUENCE s.x RENAME TO swapped_too", 1, true),
        new Case("moved", "", "setval('%s', 12)", "ALTER SEQUENCE s.moved SET SCHEMA elsewhere", 12, true),
        new Case("dropped", "", "setval('%s', 13)", "DROP SEQUENCE s.dropped", 13, true),
        new Case(
                "replaced",
                "",
                "setval('%s', 14)",
                "DROP SEQUENCE s.replaced; CREATE SEQUENCE s.replaced; SELECT setval('s.replaced', 99)",
                14,
                true),
        new Case(
                "a_view",
                "",
                "setval('%s', 15)",
                "DROP SEQUENCE s.a_view; CREATE VIEW s.a_view AS SELECT 99::bigint AS last_value, true AS is_called",
                15,
                true),
        new Case(
                "altered",
                "",
                "setval('%s', 16)",
                "ALTER SEQUENCE s.altered INCREMENT 10 MINVALUE 17 START 20 RESTART",
                16,
                true),
        new Case(
                "retyped",
                "AS bigint",
                "setval('%s', 5000000000)",
                "ALTER SEQUENCE s.retyped AS int RESTART 3",
                5_000_000_000L,
                true),
        new Case("cycles", "MAXVALUE 100 CYCLE", "setval('%s', 99)", "SELECT setval('s.cycles', 3)", 99, true),
        new Case("unused", "START 500", "1", "SELECT 1", 500, false),
        new Case("unused_set", "", "setval('%s', 600, false)", "SELECT 1", 600, false),
        new Case("first_use", "START 700", "1", "SELECT nextval('s.first_use')", 700, true),
        new Case(
                "at_end",
                "MAXVALUE 9223372036854775807",
                "setval('%s', 9223372036854775807)",
                "SELECT 1",
                Long.MAX_VALUE,
                true),
        new Case("odd \"name", "", "setval('s.\"odd \"\"name\"', 3)", "SELECT 1", 3, true),
    };

    @ParameterizedTest
    @EnumSource(
            value = PostgresServer.class,
            names = {"V15", "V18"})
    void whateverIsDoneMeanwhile(PostgresServer server) throws IOException {
        TestDatabase source = server.createDatabase()
                .run("CREATE SCHEMA s", "CREATE SCHEMA elsewhere", "CREATE TABLE s.row AS SELECT 1 AS n");
        for (Case each : CASES) {
            source.run(
                    "CREATE SEQUENCE s.\"" + each.name().replace("\"", "\"\"") + "\" " + each.options(),
                    "SELECT " + each.before().formatted("s." + each.name()));
        }
        Map<String, String> settings = server.settings(source);
        JsonNode row;
        try (BactrianService service =
                service(settings, DumpGate.programs(server).toString())) {
            String id;
            try (DumpGate gate = DumpGate.close(source)) {
                id = service.request("{}");
                gate.awaitHeld();
                for (Case each : CASES) {
                    source.run(each.meanwhile());
                }
                source.run("ALTER SCHEMA s RENAME TO later");
                source.run("ALTER SCHEMA later RENAME TO s");
            }
            row = service.awaitEnd(id);
        }

        assertThat(row.path("status").asText()).as(row.toString()).isEqualTo("success");
        Map<String, SequenceScript.Value> saved = saved(row);
        for (Case each : CASES) {
            assertThat(saved.get(each.name()))
                    .isEqualTo(new SequenceScript.Value("s", each.name(), each.last(), each.called()));
        }
        assertThat(saved).hasSize(CASES.length);
    }

    /** As the reading of its value waits for who changes it: the snapshot sees it unchanged, and its value is lost. */
    @ParameterizedTest
    @CsvSource({
        "ALTER SEQUENCE ticket RESTART, restarted or altered",
        "TRUNCATE owner RESTART IDENTITY, restarted or altered",
        "DROP SEQUENCE ticket CASCADE, dropped"
    })
    void aValueThatIsLostInTheFirstMomentFailsTheBackup(String change, String how) throws SQLException {
        TestDatabase source = PostgresServer.V17
                .createDatabase()
                .run(
                        "CREATE SEQUENCE ticket",
                        "CREATE TABLE owner (n int DEFAULT nextval('ticket'))",
                        "ALTER SEQUENCE ticket OWNED BY owner.n",
                        "INSERT INTO owner SELECT FROM generate_series(1, 50)");
        try (BactrianService service = service(
                Map.of("DATABASE_URL", source.url()),
                PostgresServer.V17.client().toString())) {
            String id = inTheFirstMoment(source, change, service);

            JsonNode row = service.awaitEnd(id);
            assertThat(row.path("status").asText()).isEqualTo("failed");
            assertThat(row.path("error_text").asText())
                    .contains("Sequence \"public\".\"ticket\" was " + how)
                    .contains("nothing was stored")
                    .contains("Start the backup again");
            assertThat(service.backUp().path("status").asText()).isEqualTo("success");
        }
    }

    @ParameterizedTest
    // Definitions that are read while something is renamed may name it otherwise, as in the default of a column.
    @CsvSource({"ALTER SEQUENCE ticket RENAME TO other, failed", "ALTER SEQUENCE ticket OWNED BY NONE, success"})
    void whatOnlyRenamesItCostsNoValue(String change, String status) throws SQLException, IOException {
        TestDatabase source =
                PostgresServer.V17.createDatabase().run("CREATE SEQUENCE ticket", "SELECT setval('ticket', 50)");
        try (BactrianService service = service(
                Map.of("DATABASE_URL", source.url()),
                PostgresServer.V17.client().toString())) {
            JsonNode row = service.awaitEnd(inTheFirstMoment(source, change, service));

            assertThat(row.path("status").asText()).as(row.toString()).isEqualTo(status);
            if ("failed".equals(status)) {
                assertThat(row.path("error_text").asText())
                        .contains("Sequence \"public\".\"ticket\" was renamed to \"other\"");
            } else {
                assertThat(saved(row).get("ticket")).isEqualTo(new SequenceScript.Value("public", "ticket", 50, true));
            }
        }
    }

    private static String inTheFirstMoment(TestDatabase source, String change, BactrianService service)
            throws SQLException {
        try (Connection other = source.connect();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute(change);
            String id = service.request("{}");
            Awaitility.await("a backup that waits for the sequence")
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> source.jdbc().queryForObject(WAITS, Integer.class) == 1);
            other.commit();
            return id;
        }
    }

    /** Dumps of whole schemas have the sequences as pg_dump reads them: by name, and late. */
    @ParameterizedTest
    @CsvSource({
        "ALTER SEQUENCE ticket RESTART, failed",
        "ALTER SEQUENCE ticket RENAME TO x; ALTER SEQUENCE free RENAME TO ticket; ALTER SEQUENCE x RENAME TO free, failed",
        "'SELECT setval(''ticket'', 3)', failed",
        "SELECT nextval('ticket'), success"
    })
    void otherFormatsAreRefusedWhereASequenceWasChanged(String change, String status) {
        TestDatabase source = PostgresServer.V17
                .createDatabase()
                .run(
                        "CREATE TABLE row AS SELECT 1 AS n",
                        "CREATE SEQUENCE ticket",
                        "SELECT setval('ticket', 50)",
                        "CREATE SEQUENCE free");
        Map<String, String> settings = Map.of("DATABASE_URL", source.url(), "BACKUP_FORMATS", "tables,sql");
        try (BactrianService service =
                service(settings, DumpGate.programs(PostgresServer.V17).toString())) {
            String id;
            try (DumpGate gate = DumpGate.close(source)) {
                id = service.request("{}");
                gate.awaitHeld();
                source.run(change);
            }
            JsonNode row = service.awaitEnd(id);
            assertThat(row.path("status").asText()).as(row.toString()).isEqualTo(status);
            assertThat(row.path("error_text").asText(""))
                    .containsPattern(
                            "failed".equals(status)
                                    ? " was renamed(, dropped, altered, restarted or set back| to)"
                                    : "");
        }
    }

    private static BactrianService service(Map<String, String> own, String programs) {
        Map<String, String> settings = new HashMap<>(own);
        settings.put("PG_BIN", programs);
        return BactrianService.start(settings, control, store);
    }

    private static Map<String, SequenceScript.Value> saved(JsonNode row) throws IOException {
        Map<String, SequenceScript.Value> values = new HashMap<>();
        try (ZipFile zip =
                new ZipFile(store.download(row.path("s3_key").asText()).toFile())) {
            String script = new String(
                    zip.getInputStream(zip.getEntry("db/sequences.sql")).readAllBytes(), StandardCharsets.UTF_8);
            SequenceScript.parse(script).forEach(value -> values.put(value.name(), value));
        }
        return values;
    }
}
