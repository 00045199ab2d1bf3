package dev.bactrian.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.bactrian.testing.BactrianProcess;
import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import dev.bactrian.testing.stores.TestStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A work folder on a disk of 2 MB, in a mount namespace of the service's own. */
class FullWorkFolderIT {

    private static final List<String> UNSHARE = List.of("unshare", "--map-root-user", "--mount");

    @BeforeEach
    void requireMounts() throws IOException, InterruptedException {
        int exit;
        try {
            exit = new ProcessBuilder("unshare", "--map-root-user", "--mount", "mount", "-t", "tmpfs", "tmpfs", "/mnt")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException e) {
            exit = -1;
        }
        assumeThat(exit).as("this machine lets its users mount").isZero();
    }

    @Test
    void theBackupFailsAndTheServiceGoesOn() {
        // Two that are dumped at once: while one goes straight, the other has to wait in the work folder.
        TestDatabase source = Sources.noise(Sources.noise(PostgresServer.V15.createDatabase(), "one", 40), "other", 40);
        TestDatabase small = Sources.small();
        TestDatabase control = PostgresServer.V15.createDatabase();
        Path workDir = BactrianService.temporaryFolder();
        try (TestStore store = TestStore.start()) {
            Map<String, String> settings = new HashMap<>(store.settings());
            settings.putAll(Map.of(
                    "DATABASE_URL", small.url(),
                    "DATABASE_URL_LARGE", source.url(),
                    "CONTROL_DATABASE_URL", control.url(),
                    "WORK_DIR", workDir.toString(),
                    "PG_BIN", BactrianService.pg17().toString(),
                    "BACKUP_PARALLELISM", "2"));
            List<String> onTinyDisk = List.of(
                    UNSHARE.get(0),
                    UNSHARE.get(1),
                    UNSHARE.get(2),
                    "sh",
                    "-c",
                    "mount -t tmpfs -o size=2m tmpfs '" + workDir + "' && exec \"$0\" \"$@\"");
            try (BactrianProcess process = BactrianProcess.serve(settings, onTinyDisk)) {
                // The folder as the service sees it, which nobody else does.
                Path seen = Path.of("/proc", Long.toString(process.pid()), "root", workDir.toString());
                Aftermath aftermath = new Aftermath(control, store, workDir);

                String id = process.request("large");
                awaitEnd(aftermath, id);
                aftermath.assertNothingLeft(
                        id, source, "dumping", "disk of the work folder is full", "WORK_DIR", "BACKUP_SPOOL");
                assertThat(seen.toFile().getTotalSpace()).isEqualTo(2 << 20);
                assertThat(new Aftermath(control, store, seen).workFiles()).isEmpty();

                String next = process.request("default");
                awaitEnd(aftermath, next);
                aftermath.assertSucceeded(next, small);
            }
        }
    }

    private static void awaitEnd(Aftermath aftermath, String id) {
        Awaitility.await("the end of backup " + id)
                .atMost(Duration.ofSeconds(60))
                .until(() -> !"in_progress".equals(aftermath.row(id).get("status")));
    }
}
