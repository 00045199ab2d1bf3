package dev.bactrian.security;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.bactrian.archive.verify.ArchiveReport;
import dev.bactrian.restore.RestoreRequest.Option;
import dev.bactrian.restore.steps.RestoreView.Outcome;
import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.Restoring;
import dev.bactrian.testing.TemporaryFiles;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import dev.bactrian.testing.stores.SwappedZip;
import dev.bactrian.testing.stores.TestStore;
import dev.bactrian.testing.stores.ZipEdits;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.apache.camel.Exchange;
import org.apache.commons.compress.archivers.zip.ZipFile;
import org.apache.commons.compress.utils.SeekableInMemoryByteChannel;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who can write to the bucket can't have another archive restored, proven or given out than the one that was saved. */
class SwappedArchivesIT {

    private static final PostgresServer SERVER = PostgresServer.V17;
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ITEM = "db/app/tables/item/data.sql";
    private static final String DEFINITION = "db/app/tables/item/schema.sql";

    private static TestDatabase source;
    private static TestDatabase target;
    private static TestDatabase control;
    private static TestStore store;
    private static BactrianService service;
    private static Restoring command;
    private static JsonNode older;
    private static JsonNode newer;
    private static JsonNode other;
    private static byte[] archive;
    private static byte[] manifest;
    private static byte[] latest;

    @BeforeAll
    static void backUpTwice() throws IOException {
        source = SERVER.createDatabase()
                .run(
                        "CREATE SCHEMA app",
                        "CREATE TABLE app.item (id int PRIMARY KEY, note text)",
                        "INSERT INTO app.item SELECT n, md5(n::text) FROM generate_series(1, 500) n",
                        "CREATE FUNCTION app.f() RETURNS int LANGUAGE sql AS 'SELECT 1'");
        TestDatabase second = SERVER.createDatabase().run("CREATE TABLE stranger (id int)");
        target = SERVER.createDatabase();
        control = SERVER.createDatabase();
        store = TestStore.start();
        Map<String, String> settings = new HashMap<>(SERVER.settings(source));
        settings.put("DATABASE_URL_SECOND", second.url());
        settings.put("DATABASE_URL_TARGET", target.url());
        settings.put("VERIFY_DATABASE_URL", new TestDatabase(SERVER.port(), "postgres").url());
        settings.put("RESTORE_API_KEY", BactrianService.RESTORE_KEY);
        service = BactrianService.start(settings, control, store);
        older = service.goodBackUp();
        source.run("UPDATE app.item SET note = 'newer' WHERE id = 1");
        newer = service.goodBackUp();
        other = service.awaitEnd(service.request("{\"database\": \"second\"}"));
        archive = bytes(key());
        manifest = bytes(beside(key()));
        latest = bytes("backups/latest/default/manifest.json");
        command = Restoring.into(target, store, Map.of("CONTROL_DATABASE_URL", control.url()));
    }

    @AfterAll
    static void stop() {
        command.close();
        service.close();
        store.close();
    }

    @AfterEach
    void putBack() {
        store.put(key(), archive);
        store.put(beside(key()), manifest);
        store.put("backups/latest/default/manifest.json", latest);
        target.run("DROP SCHEMA IF EXISTS app CASCADE");
        control.run("UPDATE backup_history SET manifest_sha256 = '" + sha256(manifest) + "' WHERE id = '" + id() + "'");
    }

    private static String id() {
        return newer.path("id").asText();
    }

    private static String key() {
        return newer.path("s3_key").asText();
    }

    private static String beside(String key) {
        return key.substring(0, key.lastIndexOf('/')) + "/manifest.json";
    }

    private static byte[] bytes(String object) throws IOException {
        return Files.readAllBytes(store.download(object));
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What an attacker does to the newer backup. */
    enum Swap {
        THE_OLDER_ARCHIVE {
            @Override
            void make() throws IOException {
                store.put(key(), bytes(older.path("s3_key").asText()));
            }
        },
        THE_OLDER_MANIFEST {
            @Override
            void make() throws IOException {
                store.put(beside(key()), bytes(beside(older.path("s3_key").asText())));
            }
        },
        THE_OLDER_PAIR {
            @Override
            void make() throws IOException {
                THE_OLDER_ARCHIVE.make();
                THE_OLDER_MANIFEST.make();
            }
        },
        /** That says of itself what the newer one's says. */
        THE_OLDER_PAIR_RENAMED {
            @Override
            void make() throws IOException {
                ZipEdits renamed =
                        ZipEdits.of(bytes(older.path("s3_key").asText())).manifest(tree -> tree.put("backup_id", id()));
                putPair(renamed.zip(), renamed.text("manifest.json"));
            }
        },
        ROWS_AND_BOTH_MANIFESTS {
            @Override
            void make() {
                ZipEdits edited = ZipEdits.of(archive).rows("app", "item", text -> text.replace("newer", "crack"));
                putPair(edited.zip(), edited.text("manifest.json"));
            }
        },
        THE_ROLES {
            @Override
            void make() {
                swap(
                        "db/roles.sql",
                        text -> text.replaceFirst("(?m)^CREATE ROLE .*;$", "CREATE ROLE intruder SUPERUSER;"));
            }
        },
        THE_README {
            @Override
            void make() {
                swap("README.txt", text -> text.replaceFirst("psql ", "qsql "));
            }
        },
        THE_LOADER {
            @Override
            void make() {
                swap("load-data.sh", text -> text.replaceFirst("#", "\\\\"));
            }
        },
        THE_DEFINITIONS {
            @Override
            void make() {
                byte[] changed = content("db/schema.dump");
                changed[changed.length / 2] ^= 1;
                store.put(key(), SwappedZip.of(archive, Map.of("db/schema.dump", changed)));
            }
        },
        AN_ENTRY_MORE {
            @Override
            void make() {
                store.put(
                        key(),
                        SwappedZip.of(
                                archive, Map.of("db/more.sql", "DROP TABLE x;".getBytes(StandardCharsets.UTF_8))));
            }
        },
        A_FILE_MORE {
            @Override
            void make() {
                store.put(key(), SwappedZip.of(archive, Map.of("storage/a/b", new byte[] {1})));
            }
        };

        abstract void make() throws IOException;
    }

    private static byte[] content(String name) {
        try (var zip = ZipFile.builder()
                .setSeekableByteChannel(new SeekableInMemoryByteChannel(archive.clone()))
                .get()) {
            return zip.getInputStream(zip.getEntry(name)).readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void swap(String name, UnaryOperator<String> change) {
        String text = new String(content(name), StandardCharsets.UTF_8);
        String changed = change.apply(text);
        assertThat(changed).isNotEqualTo(text);
        String fitted = changed.length() > text.length()
                ? changed.substring(0, text.length())
                : changed + "-".repeat(text.length() - changed.length());
        store.put(key(), SwappedZip.of(archive, Map.of(name, fitted.getBytes(StandardCharsets.UTF_8))));
    }

    /** An archive, and beside it a manifest that says of it whatever is true. */
    private static void putPair(byte[] zip, String inside) {
        try {
            ObjectNode outside = (ObjectNode) JSON.readTree(inside);
            ObjectNode told = ((ObjectNode) JSON.readTree(manifest).path("archive")).deepCopy();
            told.put("size", zip.length).put("sha256", sha256(zip));
            outside.set("archive", told);
            store.put(key(), zip);
            store.put(beside(key()), JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(outside));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static String restoring(String backup) {
        HttpResponse<String> answer = service.send(
                BactrianService.RESTORE_KEY,
                "POST",
                "/api/restores",
                "{\"backup\": \"%s\", \"database\": \"target\", \"confirm\": \"%s\"}".formatted(backup, target.name()));
        if (answer.statusCode() != 202) {
            assertThat(answer.statusCode()).as(answer.body()).isIn(409, 500);
            return answer.body();
        }
        JsonNode row = service.awaitRestore(
                BactrianService.json(answer.body()).path("id").asText());
        assertThat(row.path("status").asText()).as(row.toString()).isEqualTo("failed");
        return row.path("error_text").asText();
    }

    private static void requireNothingWritten() {
        assertThat(target.rowCounts()).isEmpty();
        assertThat(target.jdbc()
                        .queryForObject("SELECT count(*) FROM pg_roles WHERE rolname = 'intruder'", Integer.class))
                .isZero();
    }

    @Test
    void theHistoryHasTheHashOfEachManifest() {
        assertThat(newer.path("manifest_sha256").asText()).isEqualTo(sha256(manifest));
    }

    @ParameterizedTest
    @EnumSource(Swap.class)
    void whatWasSwappedIsNeitherRestoredNorProven(Swap swap) throws Exception {
        swap.make();

        assertThat(restoring(id())).contains("archive");
        requireNothingWritten();
        for (String backup : List.of(id(), key())) {
            Restoring.Result byCommand = command.run(Restoring.everything(backup));
            assertThat(byCommand.outcome()).as(byCommand.told()).isEqualTo(Outcome.FAILED);
            assertThat(byCommand.told()).contains("Nothing was changed");
            requireNothingWritten();
        }
        JsonNode proof = service.awaitRestore(BactrianService.json(
                        service.send(BactrianService.RESTORE_KEY, "POST", "/api/backups/" + id() + "/verify", "")
                                .body())
                .path("id")
                .asText());
        assertThat(proof.path("status").asText()).as(proof.toString()).isEqualTo("failed");
        assertThat(service.backup(id()).path("verified_at").isNull()).isTrue();
        assertThat(isWhole()).isFalse();
    }

    /** Whether reading the archive alone finds nothing. */
    private static boolean isWhole() throws Exception {
        Exchange answer = service.app()
                .producer()
                .request("direct:verify-archive", exchange -> exchange.setProperty("key", key()));
        return answer.getException() == null
                && answer.getMessage()
                        .getBody(ArchiveReport.class)
                        .differences()
                        .isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            value = Swap.class,
            names = {"THE_OLDER_MANIFEST", "THE_OLDER_PAIR", "THE_OLDER_PAIR_RENAMED", "ROWS_AND_BOTH_MANIFESTS"})
    void anotherManifestIsNotGivenOutNorWhatLiesBesideIt(Swap swap) throws IOException {
        swap.make();

        for (HttpResponse<String> answer : List.of(
                service.send("GET", "/api/backups/" + id() + "/manifest", null),
                service.send("POST", "/api/backups/" + id() + "/download-url", ""),
                service.send("POST", "/functions/v1/generate-signed-url", "{\"backup_id\": \"" + id() + "\"}"),
                service.send("GET", "/api/backups/" + id() + "/entries/" + ITEM, null))) {
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(409);
            assertThat(answer.body()).contains("isn't the one that was stored");
        }
    }

    /** The zip's own checksum is right. */
    @ParameterizedTest
    @ValueSource(strings = {ITEM, DEFINITION, "README.txt", "db/roles.sql"})
    void aSwappedEntryIsNotGivenOutWhole(String name) throws Exception {
        swap(name, text -> text.replace('e', 'E'));
        int length = content(name).length;

        int got;
        try {
            HttpResponse<String> answer = service.send("GET", "/api/backups/" + id() + "/entries/" + name, null);
            assertThat(answer.statusCode()).isNotEqualTo(200);
            got = 0;
        } catch (UncheckedIOException e) {
            got = -1;
        }
        assertThat(got).isLessThan(length);
        assertThat(isWhole()).isFalse();
    }

    @Test
    void whatIsGenuineIsRestoredProvenAndGivenOut() throws Exception {
        Restoring.Result result = command.run(Restoring.everything(id()));
        assertThat(result.outcome()).as(result.told()).isEqualTo(Outcome.SUCCESS);
        assertThat(result.told()).doesNotContain("Warning");
        assertThat(target.contentDigests()).isEqualTo(source.contentDigests());
        assertThat(isWhole()).isTrue();
        assertThat(service.send("POST", "/api/backups/" + id() + "/download-url", "")
                        .statusCode())
                .isEqualTo(200);
        for (String name : List.of(ITEM, DEFINITION, "README.txt", "manifest.json")) {
            HttpResponse<String> answer = service.send("GET", "/api/backups/" + id() + "/entries/" + name, null);
            assertThat(answer.statusCode()).as(name).isEqualTo(200);
            assertThat(answer.body()).isEqualTo(new String(content(name), StandardCharsets.UTF_8));
        }
    }

    @Test
    void latestThatNamesAnOlderOneOrAnotherDatabasesIsRefused() throws IOException {
        for (JsonNode instead : List.of(older, other)) {
            store.put(
                    "backups/latest/default/manifest.json",
                    bytes(beside(instead.path("s3_key").asText())));

            assertThat(restoring("latest")).contains("latest/");
            Restoring.Result byCommand = command.run(Restoring.everything("latest"));
            assertThat(byCommand.outcome()).as(byCommand.told()).isEqualTo(Outcome.FAILED);
            assertThat(byCommand.told()).contains("latest/", "Nothing was changed");
            requireNothingWritten();
        }
    }

    /** As before there was a hash: what archive and manifest say of each other is all that is known. */
    @Test
    void aRowFromBeforeThereWasAHashKnowsNothing() {
        control.run("UPDATE backup_history SET manifest_sha256 = NULL WHERE id = '" + id() + "'");

        Restoring.Result result = command.run(Restoring.everything(id()));

        assertThat(result.outcome()).as(result.told()).isEqualTo(Outcome.SUCCESS);
        assertThat(result.told()).contains("Warning: neither the history nor a signature", "superuser");
    }

    @Test
    void aFileThatTheHistoryKnowsIsWhatTheHistorySays() throws IOException {
        Path file = TemporaryFiles.file("backup", ".zip");
        Files.write(file, archive);
        Restoring.Result genuine = command.run(Restoring.everything(file.toString(), dryRun()));
        Files.write(file, SwappedZip.of(archive, Map.of()));
        Restoring.Result padded = command.run(Restoring.everything(file.toString()));
        Files.delete(file);

        assertThat(genuine.outcome()).as(genuine.told()).isEqualTo(Outcome.DRY_RUN);
        assertThat(genuine.told()).doesNotContain("Warning");
        assertThat(padded.outcome()).as(padded.told()).isEqualTo(Outcome.FAILED);
        assertThat(padded.told()).contains("isn't the one that the history has");
        requireNothingWritten();
    }

    private static Option dryRun() {
        return Option.DRY_RUN;
    }

    /** A view or a stranger's table of that name would run or tell whatever its maker likes. */
    @Test
    void aPlantedHistoryIsNotAskedByACommandThatKeepsNone() {
        TestDatabase planted = SERVER.createDatabase()
                .run(
                        "CREATE TABLE trapped (n int)",
                        "CREATE FUNCTION trap() RETURNS uuid LANGUAGE plpgsql AS"
                                + " $$ BEGIN INSERT INTO public.trapped VALUES (1); RETURN gen_random_uuid(); END $$",
                        "CREATE VIEW backup_history AS SELECT trap() AS id, '" + key()
                                + "'::text AS s3_key, 'success'::text AS status, 'x'::text AS manifest_sha256");
        try (Restoring elsewhere = Restoring.into(target, store, Map.of("CONTROL_DATABASE_URL", planted.url()))) {
            Restoring.Result result = elsewhere.run(Restoring.everything(key(), dryRun()));

            assertThat(result.outcome()).as(result.told()).isEqualTo(Outcome.DRY_RUN);
            assertThat(result.told()).contains("Warning: neither a history (none was queried)");
            assertThat(planted.rowCounts()).containsEntry("public.trapped", 0L);
        }
    }

    @Test
    void aHistoryThatIsGoneKeepsNoCommandFromRestoring() {
        try (Restoring after = Restoring.into(
                target, store, Map.of("CONTROL_DATABASE_URL", "postgresql://postgres@127.0.0.1:1/gone"))) {
            Restoring.Result result = after.run(Restoring.everything(key(), dryRun()));

            assertThat(result.outcome()).as(result.told()).isEqualTo(Outcome.DRY_RUN);
            assertThat(result.told()).contains("Warning: neither a history (none was queried)");
        }
    }
}
