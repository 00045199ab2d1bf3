package dev.bactrian.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bactrian.testing.BactrianProcess;
import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.ProjectFolder;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import dev.bactrian.testing.stores.TestStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The service is killed while one backup stands in each phase: none of them stays in progress. */
class KilledAtEachPhaseIT {

    private static final List<String> FAILING = List.of("connecting", "detecting", "dumping", "finishing");
    /** All is stored, and the row doesn't know it yet. */
    private static final String RECORDING = "recording";

    @TempDir
    private Path folder;

    @Test
    void eachIsFailedOrRecordedByTheNextService() {
        TestDatabase source = Sources.small();
        TestDatabase control = PostgresServer.V15.createDatabase();
        try (TestStore store = TestStore.start()) {
            Map<String, String> settings = settings(source, control, store);
            Aftermath aftermath = new Aftermath(control, store, Path.of(settings.get("WORK_DIR")));
            holdBackupsInThePhaseTheirDatabaseIsNamedFor();
            Map<String, String> ids = new LinkedHashMap<>();
            try (BactrianProcess process = BactrianProcess.serveFrom(folder, settings)) {
                FAILING.forEach(phase -> ids.put(phase, process.request(phase)));
                ids.put(RECORDING, process.request(RECORDING));
                ids.put(
                        "queued",
                        process.requestBy("{\"dispatch_id\": \"deploy-7\", \"source_repo\": \"acme/shop\", "
                                + "\"ref\": \"refs/heads/main\", \"tables\": [\"*.item\"]}"));
                FAILING.forEach(phase -> Awaitility.await("a backup that is " + phase)
                        .atMost(Duration.ofSeconds(60))
                        .until(() -> phase.equals(aftermath.row(ids.get(phase)).get("phase"))));
                Awaitility.await("a backup that is stored")
                        .atMost(Duration.ofSeconds(60))
                        .until(() -> store.keys().contains(manifestOf(aftermath.row(ids.get(RECORDING)))));
                process.kill();
            }
            assertThat(ids.values())
                    .allSatisfy(id -> assertThat(aftermath.row(id)).containsEntry("status", "in_progress"));

            try (BactrianProcess next = BactrianProcess.serve(settings)) {
                ids.values().forEach(id -> Awaitility.await("the end of backup " + id)
                        .atMost(Duration.ofSeconds(60))
                        .until(() -> !"in_progress".equals(aftermath.row(id).get("status"))));
                FAILING.forEach(phase -> aftermath.assertFailedRow(
                        ids.get(phase), "The service stopped while " + phase, "is gone", "Start the backup again"));
                aftermath.assertSucceeded(ids.get("queued"), source);
                aftermath.assertSucceeded(ids.get(RECORDING), source);
                Awaitility.await("its name as the latest")
                        .atMost(Duration.ofSeconds(10))
                        .until(() -> store.keys().contains("backups/latest/" + RECORDING + "/manifest.json"));
                assertThat(next.log()).contains("was complete when its process ended: recorded as a success");
                assertEveryLineNames(next.log(), ids.get("queued"));
            }
        }
    }

    /** The log of a run can be picked out by either id; its first line says what it was asked with. */
    private static void assertEveryLineNames(String log, String id) {
        List<String> run =
                log.lines().filter(line -> line.contains("Backup " + id)).toList();
        assertThat(run).hasSizeGreaterThanOrEqualTo(2).allSatisfy(line -> assertThat(line)
                .contains(" backup=" + id + " dispatch=deploy-7 - "));
        assertThat(run.get(0))
                .contains("begins:", "source_repo=acme/shop", "source_ref=refs/heads/main", "*.item", ":***@")
                .doesNotContain("null");
        assertThat(run.get(run.size() - 1)).contains("is complete");
    }

    private void holdBackupsInThePhaseTheirDatabaseIsNamedFor() {
        ProjectFolder.copyTo(folder);
        ProjectFolder.edit(
                folder.resolve("routes/backup/backup.camel.yaml"),
                text -> text.replace(
                        "        - setProperty: { name: snapshot,",
                        ProjectFolder.hold("${exchangeProperty.run.database.name} == 'connecting'")
                                + "        - setProperty: { name: snapshot,"));
        ProjectFolder.holdAfter(
                folder.resolve("routes/control/status.camel.yaml"),
                "to: { id: write-phase",
                "${exchangeProperty.run.database.name} == ${exchangeProperty.phase}");
        ProjectFolder.edit(
                folder.resolve("routes/backup/failure.camel.yaml"),
                text -> text.replaceFirst(
                        "(?m)^ +- doTry:\n +steps:\n +- to: direct:mark-success\n",
                        ProjectFolder.hold("${exchangeProperty.run.database.name} == '" + RECORDING + "'")
                                        .replace("$", "\\$")
                                + "$0"));
    }

    private static String manifestOf(Map<String, Object> row) {
        return String.valueOf(row.get("s3_key")).replaceFirst("[^/]*$", "manifest.json");
    }

    private static Map<String, String> settings(TestDatabase source, TestDatabase control, TestStore store) {
        Map<String, String> settings = new HashMap<>(store.settings());
        FAILING.forEach(phase -> settings.put("DATABASE_URL_" + phase.toUpperCase(Locale.ROOT), source.url()));
        settings.putAll(Map.of(
                "DATABASE_URL", source.url(),
                "DATABASE_URL_RECORDING", source.url(),
                "CONTROL_DATABASE_URL", control.url(),
                "WORK_DIR", BactrianService.temporaryFolder().toString(),
                "PG_BIN", BactrianService.pg17().toString(),
                // One for each that is held: the last request waits.
                "BACKUP_MAX_CONCURRENT", Integer.toString(FAILING.size() + 1)));
        return settings;
    }
}
