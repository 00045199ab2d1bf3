package dev.bactrian.retention;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.bactrian.testing.BactrianProcess;
import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.ProjectFolder;
import dev.bactrian.testing.Run;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import dev.bactrian.testing.stores.TestStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The service is killed between two steps after a good backup: nothing is lost, and the next one finishes them. */
class KilledWhileTidyingIT {

    /** Where deletion stands still; its database comes before the other one. */
    private static final String AGING = "aging";
    /** Where the copy to latest/ does. */
    private static final String COPYING = "copying";

    /** 128 and the number of SIGTERM. */
    private static final int TERMINATED = 143;

    private static final String FOREIGN = "backups/archive/notes.txt";

    @TempDir
    private Path folder;

    private final TestDatabase source =
            PostgresServer.V15.createDatabase().run("CREATE TABLE a AS SELECT generate_series(1, 1000) AS id");
    private final TestDatabase control = PostgresServer.V15.createDatabase();

    @Test
    void theNextServiceFinishesIt() throws Exception {
        holdTidying();
        try (TestStore store = TestStore.start()) {
            store.put(FOREIGN, new byte[1]);
            JsonNode aged;
            JsonNode copied;
            try (BactrianService service = BactrianService.start(settings(Map.of()), control, store)) {
                aged = backUp(service, AGING);
                copied = backUp(service, COPYING);
            }
            String copy = copyOf(copied);
            assertThat(store.keys()).contains(copy);

            try (BactrianProcess process = BactrianProcess.serveFrom(folder, processSettings(store))) {
                process.request(COPYING);
                soon("a second copy").until(() -> copies(store).size() == 2);
                process.request(AGING);
                soon("a deletion that has begun").until(() -> !store.keys().contains(manifestOf(aged)));
                process.kill();
            }
            assertThat(row(aged).get("archive_delete_reason")).isEqualTo("no rule keeps it");
            assertThat(row(aged).get("archive_deleted_at")).isNull();
            assertThat(store.keys()).contains(keyOf(aged));
            assertThat(store.text(latestOf(COPYING)))
                    .as("the former latest")
                    .contains(copied.path("id").asText());
            assertThat(store.download(copy)).hasSameBinaryContentAs(store.download(keyOf(copied)));

            try (BactrianService service =
                    BactrianService.start(settings(Map.of("BACKUP_KEEP_LAST", "1")), control, store)) {
                JsonNode newest = backUp(service, COPYING);
                soon("the end of retention").until(() -> good().size() == 2);
                assertThat(row(aged).get("archive_deleted_at")).isNotNull();
                List<String> expected = new ArrayList<>(List.of(FOREIGN, latestOf(AGING), latestOf(COPYING)));
                good().forEach(key -> {
                    expected.add(key);
                    expected.add(key.replaceFirst("[^/]*$", "manifest.json"));
                    expected.add(copyOf(key.compareTo(keyOf(newest)) == 0 ? COPYING : AGING, key));
                });
                assertThat(store.keys()).containsExactlyInAnyOrderElementsOf(expected);
                assertThat(store.danglingUploads()).isEmpty();
                assertThat(store.text(latestOf(COPYING)))
                        .contains(newest.path("id").asText());
            }
        }
    }

    /** A copy of many gigabytes takes its time. */
    @Test
    void theCommandEndsAtCtrlCWhileItCopiesAndTellsOfItsSuccess() {
        holdTidying();
        try (TestStore store = TestStore.start()) {
            String line = "exec " + Path.of(System.getProperty("java.home"), "bin", "java") + " -cp '"
                    + Path.of("target").toAbsolutePath() + "/bactrian.jar:"
                    + Path.of("target").toAbsolutePath() + "/lib/*' dev.bactrian.Main backup " + COPYING;
            CompletableFuture<Run> running =
                    CompletableFuture.supplyAsync(() -> Run.shell(folder, processSettings(store), line));
            soon("a copy").until(() -> copies(store).size() == 1);
            ProcessHandle.current()
                    .children()
                    .filter(child ->
                            child.info().commandLine().orElse("").endsWith("dev.bactrian.Main backup " + COPYING))
                    .forEach(ProcessHandle::destroy);

            Run run = running.join();

            assertThat(run.exit()).as("that of the signal: %s", run.err()).isEqualTo(TERMINATED);
            assertThat(run.out()).contains(good().get(0));
        }
    }

    private void holdTidying() {
        ProjectFolder.copyTo(folder);
        Path routes = folder.resolve("routes/store");
        ProjectFolder.holdAfter(
                routes.resolve("archive-store.camel.yaml"),
                "to: { id: delete-manifest",
                "${exchangeProperty.deleteReason} != null");
        ProjectFolder.holdAfter(
                routes.resolve("latest-store.camel.yaml"),
                "filter: { simple: \"'{{S3_LATEST",
                "${exchangeProperty.database} == '" + COPYING + "'");
    }

    private Map<String, String> settings(Map<String, String> own) {
        Map<String, String> settings = new HashMap<>(own);
        settings.put("DATABASE_URL_AGING", source.url());
        settings.put("DATABASE_URL_COPYING", source.url());
        return settings;
    }

    private Map<String, String> processSettings(TestStore store) {
        Map<String, String> settings = settings(store.settings());
        settings.putAll(Map.of(
                "BACKUP_KEEP_LAST", "1",
                "BACKUP_MAX_CONCURRENT", "2",
                "CONTROL_DATABASE_URL", control.url(),
                "WORK_DIR", BactrianService.temporaryFolder().toString(),
                "PG_BIN", BactrianService.pg17().toString()));
        return settings;
    }

    private static JsonNode backUp(BactrianService service, String database) {
        JsonNode row = service.awaitEnd(service.request("{\"database\": \"" + database + "\"}"));
        assertThat(row.path("status").asText()).as(row.toString()).isEqualTo("success");
        return row;
    }

    private static ConditionFactory soon(String what) {
        return Awaitility.await(what).atMost(Duration.ofSeconds(60));
    }

    private Map<String, Object> row(JsonNode backup) {
        return control.jdbc()
                .queryForMap(
                        "SELECT * FROM backup_history WHERE id = ?::uuid",
                        backup.path("id").asText());
    }

    /** Keys of archives that are still there, as the history has it. */
    private List<String> good() {
        return control.jdbc()
                .queryForList(
                        "SELECT s3_key FROM backup_history WHERE status = 'success' AND archive_deleted_at IS NULL",
                        String.class);
    }

    private static List<String> copies(TestStore store) {
        return store.keys().stream()
                .filter(key -> key.startsWith("backups/latest/" + COPYING + "/") && key.endsWith(".zip"))
                .toList();
    }

    private static String keyOf(JsonNode backup) {
        return backup.path("s3_key").asText();
    }

    private static String manifestOf(JsonNode backup) {
        return keyOf(backup).replaceFirst("[^/]*$", "manifest.json");
    }

    private static String latestOf(String database) {
        return "backups/latest/" + database + "/manifest.json";
    }

    private static String copyOf(JsonNode backup) {
        return copyOf(backup.path("database").asText(), keyOf(backup));
    }

    private static String copyOf(String database, String key) {
        return "backups/latest/" + database + "/" + key.substring("backups/archive/".length());
    }
}
