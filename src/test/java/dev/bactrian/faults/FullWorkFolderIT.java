package dev.bactrian.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.bactrian.testing.BactrianProcess;
import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import dev.bactrian.testing.stores.TestStore;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A work folder on a small disk, in a mount namespace of the service's own. */
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
    void aDiskThatIsTooSmallFailsTheBackupAtOnce() {
        withDisk(24, scene -> {
            String id = scene.process().request("large");
            awaitEnd(scene.aftermath(), id);
            scene.aftermath()
                    .assertNothingLeft(
                            id, scene.source(), "dumping", "this backup may need", "WORK_DIR", "BACKUP_SPOOL");
        });
    }

    @Test
    void aDiskThatFillsUpFailsTheBackup() {
        withDisk(150, scene -> {
            scene.store().faults().holdUploads();
            String id = scene.process().request("large");
            Awaitility.await("an upload")
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> scene.store().faults().held() > 0);

            Path filler = scene.disk().resolve("filler");
            AtomicBoolean ended = new AtomicBoolean();
            Thread filling = new Thread(() -> fill(filler, ended), "filler");
            filling.start();
            scene.store().faults().releaseUploads();
            awaitEnd(scene.aftermath(), id);
            ended.set(true);
            filling.join();

            scene.aftermath()
                    .assertNothingLeft(
                            id,
                            scene.source(),
                            "dumping",
                            "disk of the work folder is full",
                            "WORK_DIR",
                            "BACKUP_SPOOL");
        });
    }

    /** Takes whatever is free, and what gets free. */
    private static void fill(Path file, AtomicBoolean ended) {
        byte[] block = new byte[1 << 16];
        try (OutputStream out = Files.newOutputStream(file)) {
            while (!ended.get()) {
                try {
                    out.write(block);
                } catch (IOException e) {
                    LockSupport.parkNanos(1_000_000);
                }
            }
            Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @param disk the work folder as the service alone sees it */
    private record OnDisk(
            BactrianProcess process, TestStore store, TestDatabase source, Aftermath aftermath, Path disk) {}

    private interface Scenario {
        void run(OnDisk scene) throws Exception;
    }

    private static void withDisk(int megabytes, Scenario scenario) {
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
                    "mount -t tmpfs -o size=" + megabytes + "m tmpfs '" + workDir + "' && exec \"$0\" \"$@\"");
            try (BactrianProcess process = BactrianProcess.serve(settings, onTinyDisk)) {
                Path seen = Path.of("/proc", Long.toString(process.pid()), "root", workDir.toString());
                Aftermath aftermath = new Aftermath(control, store, workDir);
                assertThat(seen.toFile().getTotalSpace()).isEqualTo((long) megabytes << 20);

                scenario.run(new OnDisk(process, store, source, aftermath, seen));

                assertThat(new Aftermath(control, store, seen).workFiles()).isEmpty();
                String next = process.request("default");
                awaitEnd(aftermath, next);
                aftermath.assertSucceeded(next, small);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private static void awaitEnd(Aftermath aftermath, String id) {
        Awaitility.await("the end of backup " + id)
                .atMost(Duration.ofSeconds(60))
                .until(() -> !"in_progress".equals(aftermath.row(id).get("status")));
    }
}
