package dev.bactrian.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bactrian.testing.BactrianProcess;
import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import dev.bactrian.testing.stores.TestStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The service's process ends while it runs a backup: killed, or asked to. */
class ProcessEndIT {

    private static TestDatabase big;
    private static TestDatabase small;

    private TestStore store;
    private TestDatabase control;
    private Path workDir;

    @BeforeAll
    static void load() {
        big = Sources.tooBigForTheBuffers();
        small = Sources.small();
    }

    @BeforeEach
    void prepare() {
        store = TestStore.start();
        control = PostgresServer.V15.createDatabase();
        workDir = BactrianService.temporaryFolder();
    }

    @AfterEach
    void requireEveryFault() {
        store.close();
    }

    private Map<String, String> settings(String grace) {
        Map<String, String> settings = new HashMap<>(store.settings());
        settings.putAll(Map.of(
                "DATABASE_URL", small.url(),
                "DATABASE_URL_BIG", big.url(),
                "CONTROL_DATABASE_URL", control.url(),
                "WORK_DIR", workDir.toString(),
                "PG_BIN", BactrianService.pg17().toString(),
                "SHUTDOWN_GRACE", grace));
        return settings;
    }

    private Aftermath aftermath() {
        return new Aftermath(control, store, workDir);
    }

    private void awaitEnd(String id, Duration longest) {
        Awaitility.await("the end of backup " + id).atMost(longest).until(() -> !"in_progress"
                .equals(aftermath().row(id).get("status")));
    }

    @Test
    void aKilledProcessIsSettledByTheNext() {
        String running;
        String queued;
        String queuedBehind;
        try (BactrianProcess process = BactrianProcess.serve(settings("1s"))) {
            running = process.request("big");
            Buckets.holdAfterTheFirstPart(store, big);
            queued = process.request("default");
            queuedBehind = process.request("big");
            process.kill();
        }
        assertThat(aftermath().row(running).get("status")).isEqualTo("in_progress");
        store.faults().releaseUploads();

        try (BactrianProcess next = BactrianProcess.serve(settings("1s"))) {
            awaitEnd(running, Duration.ofSeconds(60));
            aftermath()
                    .assertFailedRow(running, "The service stopped while dumping", "is gone", "Start the backup again");
            assertThat(aftermath().row(running).get("s3_key")).isNull();

            awaitEnd(queued, Duration.ofSeconds(30));
            awaitEnd(queuedBehind, Duration.ofSeconds(60));
            aftermath().assertSucceeded(queued, small);
            aftermath().assertSucceeded(queuedBehind, big);
            assertThat(next.pid()).isPositive();
        }
    }

    @Test
    void aProcessThatIsAskedToEndLetsTheBackupFinish() {
        try (BactrianProcess process = BactrianProcess.serve(settings("60s"))) {
            String running = process.request("big");
            Buckets.holdAfterTheFirstPart(store, big);
            String queued = process.request("default");

            process.terminate();
            store.faults().releaseUploads();

            process.awaitEnd(Duration.ofSeconds(60));
            aftermath().assertSucceeded(running, big);
            assertThat(aftermath().row(queued).get("phase"))
                    .as("a request that waits for the next start")
                    .isEqualTo("queued");
        }
    }

    @Test
    void aProcessThatCannotWaitFailsTheBackupCleanly() {
        try (BactrianProcess process = BactrianProcess.serve(settings("1s"))) {
            String running = process.request("big");
            Buckets.holdAfterTheFirstPart(store, big);

            process.terminate();

            process.awaitEnd(Duration.ofSeconds(60));
            aftermath().assertNothingLeft(running, big, "dumping", "The service was stopped", "SHUTDOWN_GRACE");
            store.faults().releaseUploads();
            aftermath().assertStoreHoldsOnlyGoodBackups();
            assertThat(List.of(workDir.toFile().list())).isEmpty();
        }
    }
}
