package dev.bactrian.archive;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.bactrian.selection.LeftOut;
import dev.bactrian.selection.MissingDependency;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A manifest written today must be readable for as long as the archive beside it is kept. */
public class ManifestTest {

    /** As version 1 wrote it. Never change this file: a format that can't read it any more needs a new version. */
    private static final Path GOLDEN = Path.of("src/test/resources/golden/manifest-v1.json");

    private final ObjectMapper json = ManifestJson.mapper();

    @Test
    void aManifestOfVersion1IsReadForEver() throws IOException {
        assertThat(json.readValue(GOLDEN.toFile(), Manifest.class)).isEqualTo(sample());
    }

    /** Keys that came later, without a new version. */
    @Test
    void anArchiveWithoutTheLaterKeysIsReadAsWhole() throws IOException {
        ObjectNode early = (ObjectNode) json.readTree(GOLDEN.toFile());
        early.remove(List.of("left_out", "missing", "warnings"));

        Manifest manifest = json.treeToValue(early, Manifest.class);

        assertThat(manifest.leftOut()).isEmpty();
        assertThat(manifest.missing()).isEmpty();
        assertThat(manifest.warnings()).isEmpty();
        assertThat(manifest.database()).isNull();
        assertThat(manifest.extensions()).isEmpty();
        assertThat(json.readTree(json.writeValueAsString(manifest))).isEqualTo(early);
    }

    @Test
    void theFormatDoesNotChangeUnnoticed() throws IOException {
        assertThat(json.readTree(json.writeValueAsString(sample()))).isEqualTo(json.readTree(GOLDEN.toFile()));
        assertThat(ManifestFormat.NEWEST).isEqualTo(3);
    }

    /** A reader of the first format would take the table for one without rows. */
    @Test
    void onlyArchivesWithSplitTablesAreOfTheSecondFormat() throws IOException {
        Manifest.TablePart whole = sample().tables().get(1);
        DataEntry one = new DataEntry("db/public/tables/t/data.0001.sql", 2L, 10L, "aa", "01");
        DataEntry two = new DataEntry("db/public/tables/t/data.0002.sql", 1L, 5L, "bb", "02");
        Manifest.TablePart split = new Manifest.TablePart(
                "public",
                "t",
                "table",
                null,
                null,
                3L,
                15L,
                null,
                "03",
                "sum-xxh3-64",
                "db/public/tables/t/schema.sql",
                null,
                null,
                null,
                List.of(one, two));

        assertThat(ManifestFormat.of(List.of(whole), false)).isEqualTo(1);
        assertThat(ManifestFormat.of(List.of(whole, split), false)).isEqualTo(2);
        assertThat(ManifestFormat.of(List.of(whole), true)).isEqualTo(3);
        assertThat(whole.rowEntries()).extracting(DataEntry::entry).containsExactly(whole.dataEntry());
        assertThat(split.rowEntries()).containsExactly(one, two);
        assertThat(split.hasRows()).isTrue();
        JsonNode text = json.readTree(json.writeValueAsString(split));
        assertThat(text.path("data_entries").path(1).path("row_digest").asText())
                .isEqualTo("02");
        assertThat(text.has("data_entry")).isFalse();
        assertThat(json.treeToValue(text, Manifest.TablePart.class)).isEqualTo(split);
    }

    /** A manifest is in clear text next to an encrypted archive. */
    @Test
    void theDatabaseItselfIsReadAgainWithoutTheValuesOfItsSettings() throws IOException {
        SavedDatabase database = new SavedDatabase(
                "shopkeeper",
                "all that is sold",
                10,
                false,
                "UTF8",
                "pg_default",
                "icu",
                "C",
                "C",
                "de-DE",
                "&a < b",
                List.of(new SavedDatabase.Grant("", "CONNECT", false)),
                List.of(new SavedDatabase.Setting("clerk", "app.key", "secret")),
                List.of(new SavedDatabase.Label("selinux", "l")));

        String text = json.writeValueAsString(database.withoutValues());

        assertThat(text).contains("app.key").doesNotContain("secret", "null");
        assertThat(json.readValue(text, SavedDatabase.class)).isEqualTo(database.withoutValues());
        assertThat(json.readValue(json.writeValueAsString(database), SavedDatabase.class))
                .isEqualTo(database);
    }

    @Test
    void everyKeyIsSnakeCase() throws IOException {
        ObjectNode written = (ObjectNode) json.readTree(json.writeValueAsString(sample()));
        written.remove("files");

        assertThat(keys(written)).isNotEmpty().allMatch(key -> key.matches("[a-z0-9]+(_[a-z0-9]+)*"));
    }

    @Test
    void keysOfALaterVersionAreNoErrorAnywhere() throws IOException {
        JsonNode later = json.readTree(Files.readString(GOLDEN));
        addUnknownKeys(later);

        assertThat(json.treeToValue(later, Manifest.class)).isEqualTo(sample());
    }

    @Test
    void whatIsUnknownIsLeftOutAndNotNull() throws IOException {
        Manifest manifest = sample();

        String text = json.writeValueAsString(manifest.beside(null));

        assertThat(text).doesNotContain("null");
        assertThat(json.readValue(text, Manifest.class)).isEqualTo(manifest.beside(null));
    }

    @Test
    void theManifestBesideTheArchiveDiffersOnlyInTheArchivesFigures() {
        Manifest.Stored stored = new Manifest.Stored("k", 5, "ff", null, null, null);

        assertThat(sample().beside(stored))
                .usingRecursiveComparison()
                .ignoringFields("archive")
                .isEqualTo(sample());
        assertThat(sample().beside(stored).archive()).isEqualTo(stored);
    }

    @Test
    void timesAreUtcText() throws IOException {
        assertThat(json.readTree(json.writeValueAsString(sample()))
                        .path("snapshot")
                        .path("at")
                        .textValue())
                .isEqualTo("2026-11-20T18:27:04.123456Z");
    }

    private static List<String> keys(JsonNode node) {
        List<String> keys = new java.util.ArrayList<>();
        node.fields().forEachRemaining(field -> {
            keys.add(field.getKey());
            keys.addAll(keys(field.getValue()));
        });
        if (node.isArray()) {
            node.forEach(element -> keys.addAll(keys(element)));
        }
        return keys;
    }

    private static void addUnknownKeys(JsonNode node) {
        node.forEach(ManifestTest::addUnknownKeys);
        // The keys of "files" are entries' names.
        if (node instanceof ObjectNode object && !object.has("db/roles.sql")) {
            object.put("of_a_later_version", "x");
            object.putObject("also_later").put("y", 1);
        }
    }

    public static Manifest sample() {
        return new Manifest(
                1,
                "0b7a2f6e-6a52-4d7c-9f0e-0a8d3f6c1b2a",
                "0.1.0",
                new Manifest.Source(
                        "default",
                        "postgresql://backup:***@db.example.com:5432/shop?sslmode=require",
                        "shop",
                        "15.13",
                        "17.6",
                        "UTF8",
                        123_456_789_012L,
                        null),
                new Manifest.Snapshot("00000003-0000001B-1", Instant.parse("2026-11-20T18:27:04.123456Z")),
                new Manifest.Trigger(
                        "push", "ci-4711", "acme/shop", "push", "refs/heads/main", "0123abcdef", "workflow-1"),
                new Manifest.Totals(2, 2, 3_000_000_001L, 9_876_543_210L),
                new Manifest.Roles("db/roles.sql", true),
                List.of(
                        new Manifest.SchemaPart("public", "postgres", 2, 3_000_000_001L, 9_876_543_210L),
                        new Manifest.SchemaPart("\u00e4 \"odd\" one", "owner", 0, 0, 0)),
                List.of(
                        new Manifest.TablePart(
                                "public",
                                "orders",
                                "partitioned table",
                                null,
                                null,
                                3_000_000_000L,
                                null,
                                null,
                                null,
                                null,
                                "db/public/tables/orders/schema.sql",
                                null,
                                null,
                                null,
                                null),
                        new Manifest.TablePart(
                                "public",
                                "orders_2026",
                                "table",
                                "\"public\".\"orders\"",
                                null,
                                3_000_000_000L,
                                9_876_543_000L,
                                "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
                                "00ff00ff00ff00ff",
                                "sum-xxh3-64",
                                "db/public/tables/orders_2026/schema.sql",
                                "db/public/tables/orders_2026/data.sql",
                                null,
                                null,
                                null),
                        new Manifest.TablePart(
                                "public",
                                "spatial_ref_sys",
                                "table",
                                null,
                                "postgis",
                                1L,
                                210L,
                                "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
                                "2d06800538d394c2",
                                "sum-xxh3-64",
                                "db/public/tables/spatial_ref_sys/schema.sql",
                                "db/public/tables/spatial_ref_sys/data.sql",
                                null,
                                null,
                                null),
                        new Manifest.TablePart(
                                "public",
                                "far\naway",
                                "foreign table",
                                null,
                                null,
                                null,
                                null,
                                null,
                                null,
                                null,
                                "db/public/tables/far%0Aaway/schema.sql",
                                null,
                                null,
                                null,
                                null)),
                7,
                List.of("\"public\".\"sales\""),
                3,
                Map.of(
                        "db/roles.sql", new FileDigest(42, "aa"),
                        "db/schema.dump", new FileDigest(4_294_967_296L, "bb")),
                new SupabaseContents(
                        new SupabaseContents.Users(3), new SupabaseContents.Files(2, 5, 5_000_000_001L, 1, 3), null),
                new Manifest.Stored(
                        "backups/archive/2026-11-20T18-27-04Z/backup-2026-11-20-18-27-UTC.zip.pgp",
                        5_000_000_000L,
                        "cc",
                        null,
                        new Manifest.Encrypted("OpenPGP", List.of("E7EF9697B452BD72BAF3D7565F68E7CB3D79DED7")),
                        null),
                List.of(
                        new LeftOut("schema", "\"audit\"", "BACKUP_EXCLUDE_SCHEMAS: audit*"),
                        new LeftOut("data", "\"public\".\"log\"", "the request's exclude_table_data: *.log")),
                List.of(new MissingDependency(
                        "table \"audit\".\"who\"", "table \"public\".\"orders\"", "foreign key orders_who")),
                List.of("BACKUP_EXCLUDE_TABLES has the pattern tpyo, which matches nothing in this database."),
                null,
                List.of());
    }
}
