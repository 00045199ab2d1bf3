package dev.bactrian.restore;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.bactrian.restore.steps.RestoreView.Outcome;
import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.Restoring;
import dev.bactrian.testing.TemporaryFiles;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import dev.bactrian.testing.stores.TestStore;
import dev.bactrian.testing.stores.ZipEdits;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Archives that were swapped, mixed up, or made by somebody who means harm. */
class CraftedArchiveIT {

    private static final PostgresServer SERVER = PostgresServer.V17;
    private static final String ITEM_DATA = "db/app/tables/item/data.sql";

    private static TestStore store;
    private static Restoring restoring;
    private static TestDatabase target;
    private static Path outer;
    private static String first;
    private static String key;
    private static byte[] archive;
    private static String manifest;

    @BeforeAll
    static void backUpTwice() throws IOException {
        TestDatabase source = SERVER.createDatabase()
                .run(
                        "CREATE SCHEMA app",
                        "CREATE TABLE app.item (id int PRIMARY KEY, note text)",
                        "INSERT INTO app.item SELECT n, md5(n::text) FROM generate_series(1, 50) n",
                        "CREATE TABLE app.part (id int PRIMARY KEY, note text)",
                        "INSERT INTO app.part SELECT n, md5(n::text) FROM generate_series(1, 70) n");
        store = TestStore.start();
        try (BactrianService service = BactrianService.start(SERVER.settings(source), SERVER.createDatabase(), store)) {
            first = service.backUp().path("s3_key").asText();
            JsonNode row = service.goodBackUp();
            key = row.path("s3_key").asText();
        }
        archive = bytes(key);
        manifest = new String(bytes(beside(key)), StandardCharsets.UTF_8);
        outer = BactrianService.temporaryFolder();
        target = SERVER.createDatabase();
        restoring = Restoring.into(
                target, store, Map.of("WORK_DIR", outer.resolve("work").toString()));
    }

    @AfterAll
    static void end() {
        restoring.close();
        store.close();
    }

    @AfterEach
    void nothingIsWrittenOutsideAndTheStoreIsGoodAgain() throws IOException {
        try (Stream<Path> files = Files.walk(outer)) {
            assertThat(files.filter(Files::isRegularFile)
                            .map(file -> outer.relativize(file).toString()))
                    .allMatch(file -> file.equals("work/lock") || file.endsWith("/lock"));
        }
        store.put(key, archive);
        store.put(beside(key), manifest.getBytes(StandardCharsets.UTF_8));
        startAfresh();
    }

    /** After damage, a restore leaves its mark: the next one starts over. */
    private static void startAfresh() {
        target.run("DROP SCHEMA IF EXISTS app CASCADE", "DROP SCHEMA IF EXISTS bactrian_restore CASCADE");
    }

    private static byte[] bytes(String object) throws IOException {
        return Files.readAllBytes(store.download(object));
    }

    private static String beside(String archiveKey) {
        return archiveKey.substring(0, archiveKey.lastIndexOf('/')) + "/manifest.json";
    }

    private static Restoring.Result fromStore() {
        return restoring.run(Restoring.everything(key));
    }

    private static Restoring.Result fromFile(byte[] zip) throws IOException {
        Path file = TemporaryFiles.file("crafted", ".zip");
        Files.write(file, zip);
        Restoring.Result result = restoring.run(Restoring.everything(file.toString()));
        Files.delete(file);
        assertThat(result.told()).doesNotContain("Exception", "The step ");
        return result;
    }

    private static void requireRefused(Restoring.Result result, String... words) {
        assertThat(result.outcome()).as(result.told()).isEqualTo(Outcome.FAILED);
        assertThat(result.told()).contains("Nothing was changed");
        assertThat(List.of(words)).allSatisfy(word -> assertThat(result.told()).contains(word));
        assertThat(target.rowCounts()).isEmpty();
    }

    @Test
    void anotherBackupsManifestIsRefused() throws IOException {
        store.put(beside(key), bytes(beside(first)));

        requireRefused(fromStore(), "manifest next to it");
    }

    @Test
    void anArchiveWithoutAManifestIsRefused() {
        store.delete(beside(key));

        requireRefused(fromStore(), "no manifest is next to the archive");
    }

    @Test
    void anotherBackupsArchiveIsRefused() throws IOException {
        store.put(key, bytes(first));

        requireRefused(fromStore(), "manifest next to it");
    }

    @Test
    void aManifestThatIsNoneIsRefused() {
        for (String nonsense : List.of("", "no json", "[]", "{}", "null")) {
            store.put(beside(key), nonsense.getBytes(StandardCharsets.UTF_8));

            requireRefused(fromStore());
        }
    }

    @Test
    void namesThatNoArchiveHasAreRefused() throws IOException {
        for (String name :
                List.of("../evil", "/tmp/evil", "a\\b", "db/../../evil", "C:/evil", "db//evil", "db/.evil")) {
            requireRefused(
                    fromFile(ZipEdits.of(archive).add(name, "evil").zip()), "an entry that Bactrian never writes");
        }
    }

    @Test
    void anEntryThatIsThereTwiceIsRefused() throws IOException {
        ZipEdits twice = ZipEdits.of(archive);

        requireRefused(fromFile(twice.add(ITEM_DATA, twice.text(ITEM_DATA)).zip()), ITEM_DATA);
    }

    @Test
    void aManifestThatNamesAnEntryTwiceOrNotAtAllIsRefused() throws IOException {
        requireRefused(
                fromFile(edited(tree -> ZipEdits.table(tree, "app", "part").put("data_entry", ITEM_DATA))),
                ITEM_DATA + " twice");
        requireRefused(
                fromFile(edited(tree -> ((ObjectNode) tree.path("files"))
                        .putObject("db/absent")
                        .put("size", 1)
                        .put("sha256", "00"))),
                "doesn't have db/absent");
    }

    @Test
    void aManifestThatIsDamagedInsideIsRefused() throws IOException {
        for (Consumer<ObjectNode> damage : List.<Consumer<ObjectNode>>of(
                tree -> tree.remove("tables"),
                tree -> tree.remove("files"),
                tree -> tree.remove("source"),
                tree -> tree.remove("schemas"),
                tree -> tree.remove("backup_id"),
                tree -> tree.remove("materialized_views"),
                tree -> tree.put("format_version", 99),
                tree -> ((ArrayNode) tree.path("tables")).addNull(),
                tree -> ((ObjectNode) tree.path("files")).putNull("db/schema.dump"),
                tree -> ((ObjectNode) tree.path("source")).remove("server_version"),
                tree -> ((ObjectNode) tree.path("source")).put("server_version", "x"),
                tree -> ((ObjectNode) tree.path("source")).remove("pg_dump_version"),
                tree -> ZipEdits.table(tree, "app", "item").remove("name"))) {
            requireRefused(fromFile(edited(damage)), "manifest");
        }
    }

    private static byte[] edited(Consumer<ObjectNode> change) {
        return ZipEdits.of(archive).manifest(change).zip();
    }

    @Test
    void aTableThatPointsToAnothersRowsIsReported() throws IOException {
        byte[] zip = edited(tree -> {
            ObjectNode item = ZipEdits.table(tree, "app", "item");
            ObjectNode part = ZipEdits.table(tree, "app", "part");
            for (String field : List.of("data_entry", "sha256", "rows", "bytes", "row_digest")) {
                JsonNode kept = item.get(field);
                item.set(field, part.get(field));
                part.set(field, kept);
            }
        });

        requireReported(fromFile(zip), Map.of("app.item", 0L, "app.part", 0L), "rows of another table");
    }

    @Test
    void rowsAfterAnotherStatementThanTheTablesOwnAreReported() throws IOException {
        Path evil = outer.resolve("evil");
        for (String statement : List.of(
                "COPY \"app\".\"item\" (\"id\", \"note\") FROM PROGRAM 'touch " + evil + "';",
                "COPY \"app\".\"item\" (\"id\", \"note\") FROM '" + evil + "';",
                "COPY \"app\".\"part\" (\"id\", \"note\") FROM stdin;",
                "COPY \"app\".\"item\" (\"id\", \"note\") FROM stdin WHERE pg_sleep(9) IS NULL;",
                "COPY \"app\".\"item\" (\"id\", \"nothing\") FROM stdin;",
                "COPY \"app\".\"item\" (\"id\", \"note\") FROM stdin; DROP TABLE app.part;",
                "DROP TABLE app.part;\nCOPY \"app\".\"item\" (\"id\", \"note\") FROM stdin;")) {
            byte[] zip = ZipEdits.of(archive)
                    .rows(
                            "app",
                            "item",
                            text -> text.replaceFirst(
                                    "(?m)^COPY .*$", java.util.regex.Matcher.quoteReplacement(statement)))
                    .zip();

            requireReported(fromFile(zip), Map.of("app.item", 0L, "app.part", 70L), "\"app\".\"item\"");
            startAfresh();
        }
    }

    @Test
    void fewerOrMoreRowsThanTheManifestTellsAreReported() throws IOException {
        for (String replacement : List.of("", "$1\n$1")) {
            byte[] zip = ZipEdits.of(archive)
                    .rows("app", "item", text -> text.replaceFirst("(?m)^(7\t.*)$", replacement))
                    .zip();

            requireReported(fromFile(zip), Map.of("app.item", 0L, "app.part", 70L), "\"app\".\"item\"");
            startAfresh();
        }
        byte[] endless = ZipEdits.of(archive)
                .rows("app", "item", text -> text.replace("\\.\n", ""))
                .zip();
        requireReported(fromFile(endless), Map.of("app.item", 0L, "app.part", 70L), "\"app\".\"item\"");
    }

    private static void requireReported(Restoring.Result result, Map<String, Long> rows, String word) {
        assertThat(result.outcome()).as(result.told()).isEqualTo(Outcome.PARTIAL);
        assertThat(result.missing()).contains("rows of \"app\".\"item\"");
        assertThat(result.told()).contains(word);
        Map<String, Long> found = new TreeMap<>(target.rowCounts());
        found.keySet().removeIf(table -> table.startsWith("bactrian_restore."));
        assertThat(found).isEqualTo(rows);
    }
}
