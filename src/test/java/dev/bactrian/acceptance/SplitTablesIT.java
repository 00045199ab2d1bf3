package dev.bactrian.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.bactrian.archive.DataEntry;
import dev.bactrian.archive.Manifest;
import dev.bactrian.restore.RestoreRequest.Option;
import dev.bactrian.restore.steps.RestoreView.Outcome;
import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.Restoring;
import dev.bactrian.testing.Run;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import dev.bactrian.testing.stores.TestStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A table above BACKUP_SPLIT_ABOVE is in several entries of an archive, and all that reads archives knows them. */
class SplitTablesIT {

    private static final PostgresServer SERVER = PostgresServer.V17;
    private static final String LARGE = "app.large";

    /** What psql could take for a command, a variable or the end of a name. */
    private static final String ODD =
            "o:d 'd\"\" :'lock_timeout' :\"\"columns\"\" \\! echo `id` $$ \u00e4\n\\q\n\\.\n;";

    private static final String STDIN = " FROM stdin;\n";

    private static TestStore store;
    private static TestDatabase source;
    private static String key;
    private static Manifest manifest;
    private static Map<String, Long> digests;
    private static Path folder;

    @BeforeAll
    static void backUp() {
        store = TestStore.start();
        source = RandomTables.in(SERVER.createDatabase(), 12)
                .run(
                        "CREATE SCHEMA app",
                        "CREATE TABLE app.kind (id int PRIMARY KEY, name text)",
                        "INSERT INTO app.kind SELECT n, 'kind ' || n FROM generate_series(0, 9) n",
                        "CREATE TABLE app.large (id int PRIMARY KEY, kind int REFERENCES app.kind, note text,"
                                + " twice int GENERATED ALWAYS AS (id * 2) STORED)",
                        "INSERT INTO app.large (id, kind, note) SELECT n, n % 10, md5(n::text) FROM generate_series(1, 20000) n",
                        "CREATE INDEX ON app.large (kind)",
                        "UPDATE app.large SET note = note || '!' WHERE id % 3 = 0",
                        "DELETE FROM app.large WHERE id % 7 = 0",
                        "CREATE TABLE app.log (id int, text text) PARTITION BY RANGE (id)",
                        "CREATE TABLE app.log_1 PARTITION OF app.log FOR VALUES FROM (0) TO (1000000)",
                        "INSERT INTO app.log SELECT n, md5(n::text) FROM generate_series(1, 20000) n",
                        "CREATE TABLE app.\"" + ODD + "\" (\"a:b\" int, \":'header'\" text, \"back\\slash\" text,"
                                + " \"\\if\nfalse\" text)",
                        "INSERT INTO app.\"" + ODD + "\" SELECT n, 'x' || n, ':columns', md5(n::text)"
                                + " FROM generate_series(1, 20000) n",
                        "CREATE TABLE app.\"nothing:stored\" (id int)",
                        "INSERT INTO app.\"nothing:stored\" SELECT n FROM generate_series(1, 40000) n",
                        "ALTER TABLE app.\"nothing:stored\" DROP COLUMN id",
                        "CREATE TABLE app.plain AS SELECT 1 AS one");
        digests = source.contentDigests();
        Saved saved = backUp(Map.of("BACKUP_SPLIT_ABOVE", "800KB", "BACKUP_PARALLELISM", "2"));
        manifest = saved.manifest();
        key = saved.key();
        folder = BactrianService.temporaryFolder();
        Run unzip = Run.shell(folder, Map.of(), "unzip -q " + store.download(key));
        assertThat(unzip.exit()).as(unzip.err()).isZero();
    }

    @AfterAll
    static void end() {
        store.close();
    }

    private record Saved(String key, Manifest manifest) {}

    private static Saved backUp(Map<String, String> settings) {
        Map<String, String> all = new HashMap<>(SERVER.settings(source));
        all.putAll(settings);
        try (BactrianService service = BactrianService.start(all, SERVER.createDatabase(), store)) {
            JsonNode row = service.goodBackUp();
            return new Saved(
                    row.path("s3_key").asText(), service.manifest(row.path("id").asText()));
        }
    }

    private static Manifest.TablePart part(String schema, String name) {
        return manifest.tables().stream()
                .filter(table -> table.schema().equals(schema) && table.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void theManifestHasEachEntryWithItsRows() throws IOException {
        Manifest.TablePart large = part("app", "large");

        assertThat(manifest.formatVersion()).isEqualTo(2);
        assertThat(large.dataEntry()).isNull();
        assertThat(large.sha256()).isNull();
        assertThat(large.rows())
                .isEqualTo(source.rowCounts().values().stream()
                                .mapToLong(Long::longValue)
                                .sum()
                        - manifest.tables().stream()
                                .filter(table -> table.hasRows() && !table.equals(large))
                                .mapToLong(Manifest.TablePart::rows)
                                .sum());
        assertThat(large.rowEntries()).hasSizeGreaterThan(4).allSatisfy(entry -> {
            assertThat(folder.resolve(entry.entry())).hasSize(entry.bytes());
            assertThat(entry.rows()).isPositive();
        });
        assertThat(large.rowEntries().stream().map(DataEntry::entry).toList())
                .startsWith("db/app/tables/large/data.0001.sql", "db/app/tables/large/data.0002.sql");
        assertThat(large.rowEntries().stream().mapToLong(DataEntry::rows).sum()).isEqualTo(large.rows());
        assertThat(part("app", "log_1").rowEntries()).hasSizeGreaterThan(1);
        assertThat(part("app", "plain").dataEntry()).isEqualTo("db/app/tables/plain/data.sql");
        assertThat(part("app", "plain").dataEntries()).isNull();
    }

    @Test
    void oddNamesAreNoCommands() {
        assertThat(part("app", ODD.replace("\"\"", "\"")).rowEntries()).hasSizeGreaterThan(1);
        assertThat(part("app", "nothing:stored").rows()).isEqualTo(40_000);
        assertThat(part("app", "nothing:stored").rowEntries()).hasSizeGreaterThan(1);
    }

    /** Byte by byte, and in its order: a range is read as the whole table is. */
    @Test
    void theRowsAreWhatPgDumpPrints() throws IOException {
        List<Manifest.TablePart> split = manifest.tables().stream()
                .filter(table -> table.dataEntries() != null)
                .toList();
        assertThat(split).hasSizeGreaterThan(8);
        for (Manifest.TablePart table : split) {
            StringBuilder rows = new StringBuilder();
            for (DataEntry entry : table.rowEntries()) {
                rows.append(rows(Files.readString(folder.resolve(entry.entry()), StandardCharsets.UTF_8)));
            }
            assertThat(rows.toString().equals(rows(printed(table))))
                    .as("rows of " + table.name())
                    .isTrue();
        }
    }

    private static String printed(Manifest.TablePart table) {
        Run dump = Run.program(List.of(
                SERVER.client().resolve("pg_dump").toString(),
                "--data-only",
                "--quote-all-identifiers",
                "--encoding=UTF8",
                "--table=\"" + table.schema() + "\".\"" + table.name().replace("\"", "\"\"") + "\"",
                "-d",
                source.url()));
        assertThat(dump.exit()).as(dump.err()).isZero();
        return dump.out();
    }

    /** The COPY statement once, and the rows. */
    private static String rows(String script) {
        int begin = script.indexOf("\nCOPY ") + 1;
        // A name may have line breaks.
        int rows = script.indexOf(STDIN, begin) + STDIN.length();
        String statement = script.substring(begin, rows);
        assertThat(statement).startsWith("COPY \"");
        return script.substring(rows, script.indexOf("\n\\.\n", rows - 1) + 1);
    }

    @Test
    void aRestoreBringsAllBack() {
        TestDatabase target = SERVER.createDatabase();

        try (Restoring restoring = Restoring.into(target, store, Map.of("BACKUP_PARALLELISM", "3"))) {
            Restoring.Result result = restoring.run(Restoring.everything(key));
            assertThat(result.outcome()).as(result.told()).isEqualTo(Outcome.SUCCESS);
        }
        assertThat(target.contentDigests()).isEqualTo(digests);
        assertThat(target.jdbc().queryForList("SELECT indexdef FROM pg_indexes WHERE tablename = 'large'"))
                .hasSize(2);
    }

    @Test
    void oneTableComesBackAlone() {
        TestDatabase target = SERVER.createDatabase().run("CREATE SCHEMA app");

        try (Restoring restoring = Restoring.into(target, store)) {
            Restoring.Result result = restoring.run(Restoring.tables(key, List.of("app.large", "app.kind")));
            assertThat(result.outcome()).as(result.told()).isEqualTo(Outcome.SUCCESS);
        }
        assertThat(target.contentDigests()).containsEntry(LARGE, digests.get(LARGE));
        assertThat(digests.get(LARGE)).isNotNull();
    }

    @Test
    void rowsOfALiveTableAreReplaced() {
        TestDatabase target = SERVER.createDatabase();
        try (Restoring restoring = Restoring.into(target, store)) {
            restoring.run(Restoring.everything(key));
            target.run("UPDATE app.large SET note = 'lost'");
            Restoring.Result result =
                    restoring.run(Restoring.tables(key, List.of("app.large"), Option.DATA_ONLY, Option.TRUNCATE));
            assertThat(result.outcome()).as(result.told()).isEqualTo(Outcome.SUCCESS);
        }
        assertThat(target.contentDigests()).isEqualTo(digests);
    }

    @Test
    void theyComeBackByHand() {
        TestDatabase target = SERVER.createDatabase();
        Map<String, String> environment = Map.of("PATH", SERVER.client().toString(), "TARGET", target.url());

        for (String command : List.of(
                "pg_restore --section=pre-data --dbname=\"$TARGET\" db/schema.dump",
                "sh load-data.sh \"$TARGET\"",
                "pg_restore --section=post-data --dbname=\"$TARGET\" db/schema.dump")) {
            Run run = Run.shell(folder, environment, command);
            assertThat(run.err()).doesNotContain("failed", "ERROR");
        }

        assertThat(target.contentDigests()).isEqualTo(digests);
    }

    @Test
    void theArchiveIsVerified() {
        Map<String, String> settings = new HashMap<>(SERVER.settings(source));
        try (BactrianService service = BactrianService.start(settings, SERVER.createDatabase(), store)) {
            String archive = store.download(key).toString();
            Run run = Run.bactrian(settings, "verify", archive, "--archive-only");
            assertThat(run.exit()).as(run.out() + run.err()).isZero();
            assertThat(run.out()).contains("Tables       " + manifest.totals().tables() + " with");
        }
    }

    @Test
    void unpackingATableBringsAllItsEntries() {
        Path out = BactrianService.temporaryFolder().resolve("out");

        Run run = Run.bactrian(
                SERVER.settings(source),
                "unpack",
                store.download(key).toString(),
                "--to",
                out.toString(),
                "--table",
                "app.large");

        assertThat(run.exit()).as(run.out() + run.err()).isZero();
        assertThat(part("app", "large").rowEntries()).allSatisfy(entry -> assertThat(out.resolve(entry.entry()))
                .hasSameBinaryContentAs(folder.resolve(entry.entry())));
    }

    @Test
    void offMeansNever() {
        Manifest whole = backUp(Map.of("BACKUP_SPLIT_ABOVE", "off")).manifest();

        assertThat(whole.formatVersion()).isEqualTo(1);
        assertThat(whole.totals().rows()).isEqualTo(manifest.totals().rows());
        assertThat(whole.tables().stream()
                        .filter(Manifest.TablePart::hasRows)
                        .map(Manifest.TablePart::dataEntry)
                        .collect(Collectors.toSet()))
                .doesNotContainNull();
        // The digest of all parts is the one of the whole table.
        for (Manifest.TablePart table : whole.tables()) {
            assertThat(part(table.schema(), table.name()).rowDigest()).isEqualTo(table.rowDigest());
        }
    }
}
