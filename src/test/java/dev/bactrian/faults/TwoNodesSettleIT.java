package dev.bactrian.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.bactrian.testing.BactrianProcess;
import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.Relay;
import dev.bactrian.testing.servers.TestDatabase;
import dev.bactrian.testing.stores.FaultyBlobStore.Operation;
import dev.bactrian.testing.stores.TestStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Two nodes settle the same backup, each of which doesn't know what the other one does: a node is frozen, or cut off. */
class TwoNodesSettleIT {

    private static final Duration LONG = Duration.ofSeconds(120);

    private final TestDatabase source = Sources.small();
    private final TestDatabase control = PostgresServer.V15.createDatabase();
    private final TestStore store = TestStore.start();
    private final Relay link = Relay.to(
            URI.create(control.url().replaceFirst("postgresql:", "http:")).getPort());
    private final Aftermath aftermath = new Aftermath(control, store, Path.of("none"));

    @AfterEach
    void stop() {
        store.close();
        link.close();
    }

    /**
     * One is frozen before it stores the manifest, and goes on in the moment in which the other one, which found none, removes
     * the archive. Another one's manifest is stored, but it doesn't hear so, nor reaches the history any more.
     */
    @Test
    void theRowDecidesWhatBecomesOfWhatIsStored() {
        AtomicBoolean stopped = new AtomicBoolean();
        AtomicBoolean cut = new AtomicBoolean();
        try (BactrianProcess frozen = BactrianProcess.serve(settings("frozen", control.url()));
                BactrianProcess cutOff = BactrianProcess.serve(settings("cutoff", throughLink()))) {
            store.faults().when(Operation.HEAD_OBJECT, "frozen/", () -> {
                signal("STOP", frozen);
                stopped.set(true);
            });
            store.faults()
                    .storeWithoutAnswer(
                            key -> key.startsWith("cutoff/archive/") && key.endsWith("manifest.json"), () -> {
                                link.cut();
                                cut.set(true);
                            });
            String ofFrozen = frozen.request("frozen");
            String ofCutOff = cutOff.request("cutoff");
            await("a node that is frozen, and one that is cut off")
                    .atMost(LONG)
                    .until(() -> stopped.get() && cut.get());
            store.faults().when(Operation.DELETE_OBJECT, "frozen/", () -> {
                signal("CONT", frozen);
                await("what the frozen node does")
                        .atMost(Duration.ofSeconds(60))
                        .until(() -> "success".equals(aftermath.row(ofFrozen).get("status"))
                                || frozen.log().contains("abandoned by another node"));
            });
            String key = String.valueOf(aftermath.row(ofCutOff).get("s3_key"));

            try (BactrianProcess other = BactrianProcess.serve(settings("other", control.url()))) {
                // As if they had been silent for longer.
                control.run("UPDATE backup_history SET heartbeat_at = now() - interval '1 minute'");
                await("the end of both")
                        .atMost(LONG)
                        .until(() -> !"in_progress"
                                        .equals(aftermath.row(ofFrozen).get("status"))
                                && !"in_progress".equals(aftermath.row(ofCutOff).get("status")));
                await("the end of the node that is cut off").atMost(LONG).until(() -> cutOff.log()
                        .contains("nothing of it was removed yet"));
                link.mend();

                assertThat(aftermath.row(ofCutOff)).as(other.log()).containsEntry("status", "success");
                assertThat(store.keys()).contains(key);
                assertThat(aftermath.row(ofFrozen)).as(frozen.log()).containsEntry("status", "failed");
                await("what both have removed")
                        .atMost(Duration.ofSeconds(30))
                        .untilAsserted(aftermath::assertStoreHoldsOnlyGoodBackups);
            }
        }
    }

    private String throughLink() {
        int port =
                URI.create(control.url().replaceFirst("postgresql:", "http:")).getPort();
        return control.url().replace(":" + port + "/", ":" + link.port() + "/");
    }

    /** A node that takes only backups of the database that is named so, and stores them below that name. */
    private Map<String, String> settings(String name, String history) {
        Map<String, String> settings = new HashMap<>(store.settings());
        settings.putAll(Map.of(
                "DATABASE_URL_" + name.toUpperCase(java.util.Locale.ROOT),
                source.url(),
                "CONTROL_DATABASE_URL",
                history,
                "WORK_DIR",
                BactrianService.temporaryFolder().toString(),
                "PG_BIN",
                BactrianService.pg17().toString(),
                "S3_PREFIX",
                "other".equals(name) ? "backups" : name,
                "BACKUP_MAX_CONCURRENT",
                "3"));
        return settings;
    }

    private static void signal(String name, BactrianProcess process) {
        try {
            assertThat(new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                            .start()
                            .waitFor())
                    .isZero();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
