package dev.bactrian.restore;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.bactrian.archive.ManifestFormat;
import dev.bactrian.restore.steps.RestoreView.Outcome;
import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.Restoring;
import dev.bactrian.testing.Run;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import dev.bactrian.testing.stores.TestStore;
import dev.bactrian.testing.stores.ZipEdits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A table whose rows are in several entries is whole after a restore, or has none of them. */
class SplitRestoreIT {

    private static final PostgresServer SERVER = PostgresServer.V17;
    private static final long GATE = 4713;
    private static final String SECOND = "db/app/tables/large/data.0002.sql";

    private static TestStore store;
    private static TestDatabase source;
    private static String key;
    private static String id;
    private static TestDatabase control;
    private static byte[] archive;

    @BeforeAll
    static void backUp() throws IOException {
        store = TestStore.start();
        control = SERVER.createDatabase();
        source = SERVER.createDatabase()
                .run(
                        "CREATE SCHEMA app",
                        "CREATE FUNCTION app.gate(n int) RETURNS bool LANGUAGE plpgsql AS"
                                + " 'BEGIN IF n = 9000 THEN PERFORM pg_advisory_xact_lock_shared(" + GATE
                                + "); END IF; RETURN true; END'",
                        "CREATE TABLE app.large (n int PRIMARY KEY, note text, CHECK (app.gate(n)))",
                        "INSERT INTO app.large SELECT n, md5(n::text) FROM generate_series(1, 10000) n",
                        "CREATE TABLE app.other AS SELECT n FROM generate_series(1, 10) n");
        Map<String, String> settings = new HashMap<>(SERVER.settings(source));
        settings.put("BACKUP_SPLIT_ABOVE", "400KB");
        settings.put("BACKUP_PARALLELISM", "2");
        try (BactrianService service = BactrianService.start(settings, control, store)) {
            var row = service.goodBackUp();
            key = row.path("s3_key").asText();
            id = row.path("id").asText();
        }
        archive = Files.readAllBytes(store.download(key));
    }

    @AfterAll
    static void end() {
        store.close();
    }

    private static Map<String, String> settings(TestDatabase target) {
        Map<String, String> settings = new HashMap<>(store.settings());
        settings.put("DATABASE_URL_TARGET", target.url());
        settings.put("PG_BIN", SERVER.client().toString());
        settings.put("WORK_DIR", BactrianService.temporaryFolder().toString());
        settings.put("BACKUP_PARALLELISM", "2");
        return settings;
    }

    private static long rows(TestDatabase target) {
        return target.jdbc().queryForObject("SELECT count(*) FROM app.large", Long.class);
    }

    @Test
    void aRestoreThatBreaksOffBetweenPartsStartsOver() throws Exception {
        TestDatabase target = SERVER.createDatabase();
        try (Connection gate = target.connect();
                Statement statement = gate.createStatement()) {
            statement.execute("SELECT pg_advisory_lock(" + GATE + ")");
            Process process = Run.start(settings(target), "restore", key, "--to", "target");
            Awaitility.await("a part that waits, and others that are in")
                    .atMost(Duration.ofSeconds(60))
                    .ignoreExceptions()
                    .until(() -> rows(target) > 5000
                            && target.jdbc()
                                            .queryForObject(
                                                    "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted",
                                                    Integer.class)
                                    > 0);
            process.destroyForcibly().waitFor();
        }

        Run again = Run.bactrian(settings(target), "restore", key, "--to", "target");

        assertThat(again.exit()).as(again.out() + again.err()).isZero();
        assertThat(target.contentDigests()).isEqualTo(source.contentDigests());
    }

    @Test
    void noneOfItsRowsStaysWhereOneIsDamaged() throws IOException {
        TestDatabase target = SERVER.createDatabase();

        Restoring.Result result = restore(
                target,
                ZipEdits.of(archive)
                        .change(SECOND, text -> text.replaceFirst("\t[0-9a-f]{4}", "\tffff"))
                        .zip());

        assertThat(result.outcome()).as(result.told()).isEqualTo(Outcome.PARTIAL);
        assertThat(result.told()).contains("The archive is damaged", "none of its rows is loaded");
        assertThat(result.missing()).contains("rows of \"app\".\"large\"");
        assertThat(target.rowCounts()).containsEntry("app.large", 0L).containsEntry("app.other", 10L);
    }

    @Test
    void aManifestThatHidesOneOfThemIsRefused() throws IOException {
        for (byte[] zip : new byte[][] {
            ZipEdits.of(archive)
                    .manifest(tree -> ((ArrayNode) large(tree).path("data_entries")).remove(1))
                    .zip(),
            ZipEdits.of(archive)
                    .remove(SECOND)
                    .manifest(tree -> ((ArrayNode) large(tree).path("data_entries")).remove(1))
                    .zip(),
            ZipEdits.of(archive).remove(SECOND).zip(),
            ZipEdits.of(archive)
                    .manifest(tree -> large(tree).put("data_entry", SECOND))
                    .zip(),
            ZipEdits.of(archive)
                    .manifest(tree ->
                            ((ObjectNode) large(tree).path("data_entries").path(1)).remove("sha256"))
                    .zip(),
            ZipEdits.of(archive)
                    .manifest(tree -> ((ArrayNode) large(tree).path("data_entries")).removeAll())
                    .zip(),
            ZipEdits.of(archive)
                    .manifest(tree -> tree.put("format_version", ManifestFormat.NEWEST + 1))
                    .zip()
        }) {
            TestDatabase target = SERVER.createDatabase();

            Restoring.Result result = restore(target, zip);

            assertThat(result.outcome()).as(result.told()).isEqualTo(Outcome.FAILED);
            assertThat(target.rowCounts()).isEmpty();
        }
    }

    private static ObjectNode large(ObjectNode manifest) {
        return ZipEdits.table(manifest, "app", "large");
    }

    private static Restoring.Result restore(TestDatabase target, byte[] zip) throws IOException {
        Path file = BactrianService.temporaryFolder().resolve("edited.zip");
        Files.write(file, zip);
        try (Restoring restoring = Restoring.into(target, store)) {
            return restoring.run(Restoring.everything(file.toString()));
        }
    }

    @Test
    void aBackupIsProvenByARestore() {
        Map<String, String> settings = settings(source);
        settings.put("VERIFY_DATABASE_URL", SERVER.createDatabase().url());
        settings.put("CONTROL_DATABASE_URL", control.url());

        Run run = Run.bactrian(settings, "verify", id);

        assertThat(run.exit()).as(run.out() + run.err()).isZero();
        assertThat(run.out()).contains("proven");
    }
}
