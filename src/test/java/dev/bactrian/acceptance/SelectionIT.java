package dev.bactrian.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.bactrian.archive.Manifest;
import dev.bactrian.selection.LeftOut;
import dev.bactrian.selection.MissingDependency;
import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.Run;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import dev.bactrian.testing.stores.TestStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What settings and requests leave out: everything in the archive agrees on it, and says so. */
class SelectionIT {

    private static final List<String> ALL = List.of(
            "app.customer", "app.event", "app.event_1", "app.event_2", "app.item", "audit.entry", "public.note");

    private static TestDatabase source;
    private static TestDatabase unreadable;
    private static TestStore store;
    private static BactrianService service;

    @BeforeAll
    static void start() {
        source = create();
        unreadable = create();
        String lesser = unreadable.url("selection_reader", "reader-0123");
        unreadable.run(
                "SELECT lo_unlink(oid) FROM pg_largeobject_metadata",
                "DROP ROLE IF EXISTS selection_reader",
                "CREATE ROLE selection_reader LOGIN PASSWORD 'reader-0123'",
                "GRANT USAGE ON SCHEMA app TO selection_reader",
                "GRANT SELECT ON app.item, app.item_id_seq, app.customer, public.note TO selection_reader",
                "ALTER TABLE app.customer ENABLE ROW LEVEL SECURITY");
        store = TestStore.start();
        service = BactrianService.start(
                Map.ofEntries(
                        Map.entry("DATABASE_URL", source.url()),
                        Map.entry("BACKUP_EXCLUDE_SCHEMAS", "audit*, nothing_like_it"),
                        Map.entry("DATABASE_URL_WHOLE", source.url()),
                        Map.entry("BACKUP_EXCLUDE_SCHEMAS_WHOLE", ","),
                        Map.entry("DATABASE_URL_PART", source.url()),
                        Map.entry("BACKUP_EXCLUDE_SCHEMAS_PART", "audit"),
                        Map.entry("BACKUP_EXCLUDE_TABLES_PART", "app.event, note"),
                        Map.entry("BACKUP_EXCLUDE_TABLE_DATA_PART", "app.cust*"),
                        Map.entry("DATABASE_URL_LESSER", lesser),
                        Map.entry("BACKUP_EXCLUDE_SCHEMAS_LESSER", "audit"),
                        Map.entry("BACKUP_EXCLUDE_TABLES_LESSER", "app.event"),
                        Map.entry("BACKUP_EXCLUDE_TABLE_DATA_LESSER", "app.customer"),
                        Map.entry("DATABASE_URL_TYPO", source.url()),
                        Map.entry("BACKUP_INCLUDE_SCHEMAS_TYPO", "publc")),
                PostgresServer.V17.createDatabase(),
                store);
    }

    private static TestDatabase create() {
        TestDatabase database = PostgresServer.V17.createDatabase();
        return database.run(
                "CREATE SCHEMA app",
                "CREATE SCHEMA audit",
                "CREATE TYPE audit.level AS ENUM ('low', 'high')",
                "CREATE TYPE app.size AS ENUM ('s', 'l')",
                "CREATE FUNCTION app.twice(n int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 2 * n'",
                "CREATE TABLE app.customer (id int PRIMARY KEY, name text)",
                "CREATE TABLE app.item (id serial PRIMARY KEY, size app.size, twice int DEFAULT app.twice(2), "
                        + "customer int CONSTRAINT item_customer REFERENCES app.customer)",
                "CREATE TABLE app.event (at int, what text) PARTITION BY RANGE (at)",
                "CREATE TABLE app.event_1 PARTITION OF app.event FOR VALUES FROM (0) TO (10)",
                "CREATE TABLE app.event_2 PARTITION OF app.event FOR VALUES FROM (10) TO (20)",
                "CREATE TABLE audit.entry (id int PRIMARY KEY, level audit.level)",
                "CREATE TABLE public.note (id int, entry int CONSTRAINT note_entry REFERENCES audit.entry)",
                "CREATE MATERIALIZED VIEW app.sums AS SELECT count(*) FROM app.item",
                "CREATE PUBLICATION shipped FOR TABLE app.item, audit.entry",
                "INSERT INTO app.customer SELECT n, 'c' || n FROM generate_series(1, 10) n",
                "INSERT INTO app.item (size, customer) SELECT 's', n FROM generate_series(1, 10) n",
                "INSERT INTO app.event SELECT n, 'e' FROM generate_series(0, 19) n",
                "INSERT INTO audit.entry VALUES (1, 'low')",
                "INSERT INTO public.note VALUES (1, 1)",
                "SELECT lo_from_bytea(0, 'large')");
    }

    @AfterAll
    static void stop() {
        service.close();
        store.close();
    }

    @Test
    void theGeneralSettingHoldsAndTellsWhatItLeavesOut() {
        JsonNode row = backUp("{}");
        Manifest manifest = service.manifest(row.path("id").asText());

        assertThat(tables(manifest))
                .isEqualTo(
                        ALL.stream().filter(name -> !name.startsWith("audit")).toList());
        assertThat(manifest.schemas()).extracting(Manifest.SchemaPart::name).containsExactly("app", "public");
        assertThat(manifest.leftOut())
                .containsExactly(new LeftOut("schema", "\"audit\"", "BACKUP_EXCLUDE_SCHEMAS: audit*"));
        assertThat(manifest.missing())
                .containsExactly(new MissingDependency(
                        "table \"audit\".\"entry\"", "table \"public\".\"note\"", "foreign key note_entry"));
        assertThat(manifest.warnings()).singleElement().asString().contains("nothing_like_it");
        assertThat(manifest.largeObjects()).isEqualTo(1);
        assertThat(row.path("selection").isNull()).isTrue();
    }

    @Test
    void theSettingOfADatabaseReplacesTheGeneralOne() {
        Manifest manifest =
                service.manifest(backUp("{\"database\": \"whole\"}").path("id").asText());

        assertThat(tables(manifest)).isEqualTo(ALL);
        assertThat(manifest.leftOut()).isEmpty();
        assertThat(manifest.warnings()).isEmpty();
    }

    @Test
    void aPartialArchiveAgreesWithItselfAndIsRestoredByHand() throws IOException {
        JsonNode row = backUp("{\"database\": \"part\"}");
        Manifest manifest = service.manifest(row.path("id").asText());
        assertThat(tables(manifest)).containsExactly("app.customer", "app.item");
        assertThat(manifest.leftOut())
                .containsExactlyInAnyOrder(
                        new LeftOut("schema", "\"audit\"", "BACKUP_EXCLUDE_SCHEMAS_PART: audit"),
                        new LeftOut("table", "\"app\".\"event\"", "BACKUP_EXCLUDE_TABLES_PART: app.event"),
                        new LeftOut(
                                "table",
                                "\"app\".\"event_1\"",
                                "partition of \"app\".\"event\", BACKUP_EXCLUDE_TABLES_PART: app.event"),
                        new LeftOut(
                                "table",
                                "\"app\".\"event_2\"",
                                "partition of \"app\".\"event\", BACKUP_EXCLUDE_TABLES_PART: app.event"),
                        new LeftOut("table", "\"public\".\"note\"", "BACKUP_EXCLUDE_TABLES_PART: note"),
                        new LeftOut("data", "\"app\".\"customer\"", "BACKUP_EXCLUDE_TABLE_DATA_PART: app.cust*"));
        assertThat(manifest.missing())
                .containsExactly(new MissingDependency(
                        "the rows of table \"app\".\"customer\"",
                        "table \"app\".\"item\"",
                        "foreign key item_customer"));
        assertThat(table(manifest, "customer").rows()).isNull();
        assertThat(table(manifest, "customer").schemaEntry()).isNotNull();

        Path folder = unpack(row);
        assertThat(folder.resolve("README.txt"))
                .content()
                .contains("This archive is partial", "schema \"audit\" (BACKUP_EXCLUDE_SCHEMAS_PART: audit)");
        TestDatabase target = PostgresServer.V17.createDatabase();
        Run restored = shell(
                folder,
                target,
                "pg_restore --section=pre-data -d $TARGET db/schema.dump; sh load-data.sh $TARGET"
                        + " && psql -qX -v ON_ERROR_STOP=1 $TARGET -f db/sequences.sql"
                        + " && pg_restore -d $TARGET db/large-objects.dump"
                        + " && pg_restore --section=post-data -d $TARGET db/schema.dump");
        // Exactly what was foretold, and nothing else.
        assertThat(restored.err().lines().filter(line -> line.contains("ERROR:")))
                .as(restored.err())
                .allMatch(line -> line.contains("item_customer") || line.contains("schema \"public\" already exists"))
                .anyMatch(line -> line.contains("item_customer"));
        assertThat(target.rowCounts()).isEqualTo(Map.of("app.customer", 0L, "app.item", 10L));
        assertThat(target.jdbc().queryForObject("SELECT last_value FROM app.item_id_seq", Long.class))
                .isEqualTo(10);
        assertThat(target.jdbc().queryForList("SELECT tablename FROM pg_publication_tables", String.class))
                .containsExactly("item");
    }

    @Test
    void oneTableAskedForComesWithWhatItsSchemaDefines() throws IOException {
        JsonNode row = backUp("{\"database\": \"whole\", \"tables\": [\"app.item\", \"app.EVENT\"]}");
        Manifest manifest = service.manifest(row.path("id").asText());
        assertThat(tables(manifest)).containsExactly("app.event", "app.event_1", "app.event_2", "app.item");
        assertThat(manifest.largeObjects()).isZero();
        assertThat(manifest.leftOut())
                .contains(
                        new LeftOut("schema", "\"audit\"", "not among the request's tables: app.item, app.EVENT"),
                        new LeftOut(
                                "materialized view",
                                "\"app\".\"sums\"",
                                "not among the request's tables: app.item, app.EVENT"))
                .extracting(LeftOut::kind)
                .contains("large objects");
        assertThat(row.path("selection").path("tables")).hasSize(2);

        Path folder = unpack(row);
        TestDatabase target = PostgresServer.V17.createDatabase();
        Run restored = shell(
                folder,
                target,
                "pg_restore --section=pre-data -d $TARGET db/schema.dump && sh load-data.sh $TARGET"
                        + " && psql -qX -v ON_ERROR_STOP=1 $TARGET -f db/sequences.sql");
        assertThat(restored.exit()).as(restored.err()).isZero();
        assertThat(target.rowCounts()).isEqualTo(Map.of("app.item", 10L, "app.event_1", 10L, "app.event_2", 10L));
    }

    @Test
    void aRequestNarrowsFurtherAndItsRowsSayHow() {
        JsonNode row = backUp("{\"schemas\": [\"a*\"], \"exclude\": [\"app.event_1\", \"*.sums\"], "
                + "\"exclude_table_data\": [\"app.event_2\"]}");
        Manifest manifest = service.manifest(row.path("id").asText());

        assertThat(tables(manifest)).containsExactly("app.customer", "app.event", "app.event_2", "app.item");
        assertThat(table(manifest, "event").rows()).isNull();
        assertThat(manifest.materializedViews()).isEmpty();
        assertThat(manifest.leftOut())
                .contains(
                        new LeftOut("schema", "\"audit\"", "BACKUP_EXCLUDE_SCHEMAS: audit*"),
                        new LeftOut("schema", "\"public\"", "not among the request's schemas: a*"),
                        new LeftOut("materialized view", "\"app\".\"sums\"", "the request's exclude: *.sums"));
        assertThat(row.path("selection").path("exclude_table_data").get(0).asText())
                .isEqualTo("app.event_2");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "default | {\"schemas\": [\"audit\"]} | the request's schemas: audit matches only what",
                "default | {\"tables\": [\"app.item\", \"audit.*\"]} | the request's tables: audit.* matches only what",
                "default | {\"exclude\": [\"app.tpyo\"]} | the request's exclude: app.tpyo matches nothing",
                "default | {\"tables\": [\"item\"]} | the request's tables: item matches nothing",
                "default | {\"tables\": [\"app.(\"]} | isn't one that PostgreSQL can match",
                "typo | {} | BACKUP_INCLUDE_SCHEMAS_TYPO: publc matches no schema"
            })
    void whatCantBeMeantFailsWithAReason(String database, String body, String reason) {
        String request = "{}".equals(body)
                ? "{\"database\": \"" + database + "\"}"
                : body.replaceFirst("}$", ", \"database\": \"" + database + "\"}");

        JsonNode row = service.awaitEnd(service.request(request));

        assertThat(row.path("status").asText()).isEqualTo("failed");
        assertThat(row.path("error_text").asText())
                .contains("detecting", reason, "nothing was stored")
                .matches("(?s).*[.;].*");
    }

    @Test
    void whatIsLeftOutNeedNotBeReadable() {
        Manifest manifest =
                service.manifest(backUp("{\"database\": \"lesser\"}").path("id").asText());

        assertThat(tables(manifest)).containsExactly("app.customer", "app.item", "public.note");
    }

    private static JsonNode backUp(String request) {
        JsonNode row = service.awaitEnd(service.request(request));
        assertThat(row.path("status").asText()).as(row.toString()).isEqualTo("success");
        return row;
    }

    private static Path unpack(JsonNode row) throws IOException {
        Path folder = BactrianService.temporaryFolder();
        Path archive = store.download(row.path("s3_key").asText());
        assertThat(Run.shell(folder, Map.of(), "unzip -q " + archive).exit()).isZero();
        assertThat(Files.exists(folder.resolve("db/schema.dump"))).isTrue();
        return folder;
    }

    private static Run shell(Path folder, TestDatabase target, String line) {
        return Run.shell(folder, Map.of("PATH", BactrianService.pg17().toString(), "TARGET", target.url()), line);
    }

    private static List<String> tables(Manifest manifest) {
        return manifest.tables().stream()
                .map(table -> table.schema() + "." + table.name())
                .toList();
    }

    private static Manifest.TablePart table(Manifest manifest, String name) {
        return manifest.tables().stream()
                .filter(table -> table.name().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
