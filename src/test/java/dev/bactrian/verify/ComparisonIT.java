package dev.bactrian.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.bactrian.archive.Manifest;
import dev.bactrian.archive.verify.Difference;
import dev.bactrian.postgres.url.DatabaseUrl;
import dev.bactrian.run.Progress;
import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.EveryKind;
import dev.bactrian.testing.Run;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import dev.bactrian.testing.stores.TestStore;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A copy of a saved database, made by PostgreSQL's own programs, is found the same, and each single fault in it is named. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ComparisonIT {

    private static final AtomicInteger COUNTER = new AtomicInteger();

    @TempDir
    private static Path folder;

    private Saved saved;

    /** A backup and a copy of what it holds. */
    private record Saved(
            PostgresServer server, Manifest manifest, String sequences, Path definitions, TestDatabase copy) {

        static Saved of(PostgresServer server) throws IOException {
            TestDatabase source = EveryKind.in(server)
                    .run(
                            "CREATE SCHEMA proof",
                            "CREATE TABLE proof.item (id int GENERATED ALWAYS AS IDENTITY, name text, at timestamptz, "
                                    + "took interval, part float8, twice int GENERATED ALWAYS AS (length(name) * 2) STORED)",
                            "INSERT INTO proof.item (name, at, took, part) SELECT 'item ' || n, "
                                    + "timestamptz '2026-01-01 12:00Z' + n * interval '1 hour', n * interval '90 min', n / 3.0 "
                                    + "FROM generate_series(1, 500) n",
                            "CREATE INDEX item_name ON proof.item (name)",
                            "ALTER TABLE proof.item ENABLE ROW LEVEL SECURITY",
                            "CREATE POLICY item_all ON proof.item USING (id > 0)",
                            "CREATE FUNCTION proof.answer() RETURNS int LANGUAGE plpgsql AS $body$\nBEGIN\n"
                                    + "-- Name: x; Type: INDEX; Schema: s; Owner: o\n\nRETURN 42;\nEND $body$",
                            "GRANT SELECT ON proof.item TO pg_monitor",
                            "ALTER TABLE proof.item ADD CONSTRAINT item_part CHECK (part >= 0)");
            if (server != PostgresServer.V15) {
                // CREATE DATABASE doesn't copy one.
                source.run("ALTER SUBSCRIPTION idle SET (slot_name = NONE)", "DROP SUBSCRIPTION idle");
            }
            // None of them may matter to what the rows look like.
            source.run(
                    "ALTER DATABASE " + source.name() + " SET TimeZone = 'Asia/Kolkata'",
                    "ALTER DATABASE " + source.name() + " SET DateStyle = 'German'",
                    "ALTER DATABASE " + source.name() + " SET IntervalStyle = 'sql_standard'",
                    "ALTER DATABASE " + source.name() + " SET extra_float_digits = 0");
            TestDatabase copy = server.createDatabase();
            Run copying = Run.shell(
                    folder,
                    Map.of("PATH", server.client().toString(), "SOURCE", source.url(), "TARGET", copy.url()),
                    "pg_dump -Fc -f copy.dump -d \"$SOURCE\" && pg_restore -d \"$TARGET\" copy.dump");
            assertThat(copying.err().lines().filter(line -> line.contains("ERROR:")))
                    .as(copying.err())
                    .allMatch(line -> line.contains("transaction_timeout"));
            try (TestStore store = TestStore.start();
                    BactrianService service =
                            BactrianService.start(server.settings(source), server.createDatabase(), store)) {
                JsonNode row = service.goodBackUp();
                Path archive = store.download(row.path("s3_key").asText());
                Path dump = Files.write(folder.resolve(source.name() + ".dump"), entry(archive, "db/schema.dump"));
                return new Saved(
                        server,
                        service.manifest(row.path("id").asText()),
                        new String(entry(archive, "db/sequences.sql"), StandardCharsets.UTF_8),
                        script(server, dump),
                        copy);
            }
        }

        private static byte[] entry(Path archive, String name) throws IOException {
            try (ZipFile zip = new ZipFile(archive.toFile());
                    InputStream in = zip.getInputStream(zip.getEntry(name))) {
                return in.readAllBytes();
            }
        }

        static Path script(PostgresServer server, Path dump) {
            Path script = dump.resolveSibling(dump.getFileName() + ".sql");
            Run run = Run.program(List.of(
                    server.client().resolve("pg_restore").toString(),
                    "--verbose",
                    "--file=" + script,
                    dump.toString()));
            assertThat(run.exit()).as(run.err()).isZero();
            return script;
        }

        List<SavedTable> tables() {
            return manifest.tables().stream()
                    .filter(table -> table.dataEntry() != null)
                    .map(table -> new SavedTable(table, null))
                    .toList();
        }

        /** Another copy, with a fault. */
        TestDatabase but(String... faults) {
            String name = copy.name() + "_" + COUNTER.incrementAndGet();
            new TestDatabase(server.port(), "postgres").run("CREATE DATABASE " + name + " TEMPLATE " + copy.name());
            return new TestDatabase(server.port(), name).run(faults);
        }

        /** Everything that differs, as text. */
        List<String> differences(TestDatabase database) {
            List<String> found = new ArrayList<>(ofRows(database));
            found.addAll(ofDefinitions(database, true, true));
            return found;
        }

        List<String> ofRows(TestDatabase database) {
            DatabaseUrl url = DatabaseUrl.parse(database.url());
            DatabaseComparison comparison = new DatabaseComparison(url, manifest);
            try {
                Progress progress = new Progress();
                List<Difference> found = new ArrayList<>(comparison.tables(tables(), progress, 3));
                assertThat(progress.getTablesDone()).isEqualTo(progress.getTablesTotal());
                found.addAll(comparison.largeObjects(manifest.largeObjects()));
                found.addAll(SequenceComparison.compare(url, sequences));
                return found.stream().map(Difference::text).toList();
            } catch (SQLException | IOException e) {
                throw new AssertionError(e);
            }
        }

        List<String> ofDefinitions(TestDatabase database, boolean ownersAndGrants, boolean sameVersion) {
            Path dump = folder.resolve(database.name() + ".dump");
            Run run = Run.program(List.of(
                    server.client().resolve("pg_dump").toString(),
                    "--schema-only",
                    "-Fc",
                    "--file=" + dump,
                    "--dbname=" + database.url()));
            assertThat(run.exit()).as(run.err()).isZero();
            try {
                return new SchemaComparison(ownersAndGrants, sameVersion, Set.of())
                        .compare(definitions, script(server, dump), List.of()).stream()
                                .map(Difference::text)
                                .toList();
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }
    }

    @BeforeAll
    void backUp() throws IOException {
        saved = Saved.of(PostgresServer.V17);
    }

    @ParameterizedTest
    @CsvSource({"V15", "V18"})
    void aCopyIsTheSameOnOtherVersionsToo(PostgresServer server) throws IOException {
        Saved other = Saved.of(server);

        assertThat(other.differences(other.copy())).isEmpty();
        assertThat(other.tables()).hasSizeGreaterThan(90);
        assertThat(other.ofDefinitions(other.but("DROP POLICY item_all ON proof.item"), true, true))
                .containsExactly("POLICY proof.item item_all is missing.");
    }

    @Test
    void aCopyIsTheSame() {
        assertThat(saved.differences(saved.copy())).isEmpty();
        assertThat(saved.manifest().largeObjects()).isPositive();
        assertThat(saved.sequences()).contains("item_id_seq");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "UPDATE proof.item SET name = 'Item 7' WHERE name = 'item 7' | table \"proof\".\"item\" has the right "
                        + "number of rows, but different rows.",
                "DELETE FROM proof.item WHERE name = 'item 7' | table \"proof\".\"item\" has 499 rows instead of 500.",
                "INSERT INTO proof.item (id, name, at, took, part) OVERRIDING SYSTEM VALUE SELECT id, name, at, took, part FROM proof.item WHERE name = 'item 7' | table \"proof\".\"item\" has 501 rows instead of 500.",
                "UPDATE proof.item SET part = part + 1e-13 WHERE name = 'item 1' | table \"proof\".\"item\" has the "
                        + "right number of rows, but different rows.",
                "UPDATE proof.item SET name = NULL WHERE name = 'item 7' | table \"proof\".\"item\" has the right "
                        + "number of rows, but different rows.",
                "SELECT setval('proof.item_id_seq', 499) | sequence \"proof\".\"item_id_seq\" is at 499 instead of "
                        + "500.",
                "SELECT lo_from_bytea(0, 'more') | The database has",
            })
    void eachFaultOfTheRowsIsNamedAlone(String fault, String difference) {
        assertThat(saved.ofRows(saved.but(fault))).hasSize(1).first().asString().startsWith(difference);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "DROP INDEX proof.item_name | INDEX proof.item_name is missing.",
                "DROP POLICY item_all ON proof.item | POLICY proof.item item_all is missing.",
                "ALTER TABLE proof.item DISABLE ROW LEVEL SECURITY | ROW SECURITY proof.item is missing.",
                "REVOKE SELECT ON proof.item FROM pg_monitor | ACL proof.TABLE item is missing.",
                "ALTER FUNCTION proof.answer() OWNER TO pg_monitor | FUNCTION proof.answer() is defined differently: `ALTER FUNCTION proof.answer() OWNER TO pg_monitor;` instead of `ALTER FUNCTION proof.answer() OWNER TO postgres;`.",
                "CREATE OR REPLACE FUNCTION proof.answer() RETURNS int LANGUAGE plpgsql AS 'BEGIN RETURN 43; END' | FUNCTION proof.answer() is defined differently: `AS $$BEGIN RETURN 43; END$$;` instead of `AS $$`.",
                "CREATE INDEX item_more ON proof.item (at) | INDEX proof.item_more isn't in the archive.",
                "ALTER TABLE proof.item ALTER name SET DEFAULT 'none' | TABLE proof.item is defined differently: `name text DEFAULT 'none'::text,` instead of `name text,`.",
            })
    void eachFaultOfTheDefinitionsIsNamedAlone(String fault, String difference) {
        assertThat(saved.ofDefinitions(saved.but(fault), true, true))
                .hasSize(1)
                .first()
                .asString()
                .startsWith(difference);
    }

    @Test
    void aMissingTableOrColumnIsNamedAndTheOthersAreStillCompared() {
        List<String> found = saved.differences(
                saved.but("UPDATE kinds.sales_default SET region = region || '!'", "DROP TABLE proof.item CASCADE"));
        assertThat(found).contains("table \"proof\".\"item\" isn't in the database.", "TABLE proof.item is missing.");

        TestDatabase lacking = saved.but("ALTER TABLE proof.item DROP COLUMN took");
        SavedTable item = saved.tables().stream()
                .filter(table -> table.table().schema().equals("proof"))
                .findFirst()
                .orElseThrow();
        SavedTable listed = new SavedTable(item.table(), List.of("id", "name", "at", "took", "part"));
        assertThat(compare(saved.copy(), listed)).isEmpty();
        assertThat(compare(lacking, listed)).hasSize(1).first().asString().contains("\"took\"");
        assertThat(compare(lacking, item)).hasSize(1);
    }

    private List<Difference> compare(TestDatabase database, SavedTable... tables) {
        try {
            return new DatabaseComparison(DatabaseUrl.parse(database.url()), saved.manifest())
                    .tables(List.of(tables), new Progress(), 2);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void whatMayDifferIsLeftOut() {
        TestDatabase other = saved.but(
                "REVOKE SELECT ON proof.item FROM pg_monitor",
                "ALTER TABLE proof.item OWNER TO pg_monitor",
                "ALTER DEFAULT PRIVILEGES IN SCHEMA proof GRANT SELECT ON TABLES TO pg_monitor");
        assertThat(saved.ofDefinitions(other, true, true)).hasSizeGreaterThan(2);
        assertThat(saved.ofDefinitions(other, false, true)).isEmpty();

        TestDatabase rewritten = saved.but(
                "CREATE OR REPLACE FUNCTION proof.answer() RETURNS int LANGUAGE sql AS 'SELECT 42'",
                "DROP INDEX proof.item_name");
        assertThat(saved.ofDefinitions(rewritten, true, false)).containsExactly("INDEX proof.item_name is missing.");
    }

    @Test
    void aCancelledComparisonFails() {
        DatabaseComparison comparison =
                new DatabaseComparison(DatabaseUrl.parse(saved.copy().url()), saved.manifest());
        comparison.cancel();

        assertThatThrownBy(() -> comparison.tables(saved.tables(), new Progress(), 2))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("cancelled");
    }

    @Test
    void aScriptThatBactrianDoesNotWriteIsRefused() {
        DatabaseUrl url = DatabaseUrl.parse(saved.copy().url());
        assertThatThrownBy(() -> SequenceComparison.compare(url, saved.sequences() + "DROP TABLE proof.item;\n"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("DROP TABLE");
    }
}
