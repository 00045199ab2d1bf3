package dev.bactrian.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bactrian.testing.servers.RestartablePostgres;
import dev.bactrian.testing.servers.TestDatabase;
import dev.bactrian.testing.stores.TestStore;
import java.time.Duration;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The database that holds the history goes away while a backup runs: its row tells the truth in the end. */
class ControlDatabaseFailuresIT {

    private static TestDatabase big;
    private static TestDatabase small;
    private static RestartablePostgres server;
    private static Scene scene;

    @BeforeAll
    static void start() {
        big = Sources.tooBigForTheBuffers();
        small = Sources.small();
        server = RestartablePostgres.started();
        scene = Scene.start(
                Map.of("DATABASE_URL", small.url(), "DATABASE_URL_BIG", big.url()),
                server.database(),
                TestStore.start());
    }

    @AfterAll
    static void stop() {
        scene.close();
        server.close();
    }

    @BeforeEach
    void noStepFails() {
        scene.steps().reset();
    }

    @Test
    void aRestartInTheMiddleOfADumpCostsNothing() {
        scene.store().faults().holdUploads();
        String id = scene.request("big");
        Sources.awaitHeldMidDump(big);

        server.stop();
        scene.store().faults().releaseUploads();
        // The whole dump passes while nobody can write to the history.
        Awaitility.await("a write that fails")
                .atMost(Duration.ofSeconds(60))
                .until(() -> scene.steps().begun("write-phase") >= 3);
        server.start();

        scene.awaitEnd(id);
        scene.aftermath().assertSucceeded(id, big);
        scene.assertSucceeds("default", small);
    }

    @Test
    void aSuccessThatCannotBeWrittenAtOnceIsWrittenLater() {
        scene.steps().once("write-success", () -> {
            throw new IllegalStateException(Steps.SCRIPTED);
        });
        String id = scene.request("default");
        awaitForgotten(id);
        assertThat(scene.aftermath().row(id)).containsEntry("status", "in_progress");
        // Stored, with its manifest: only the row doesn't know yet.
        assertThat(scene.store().keys())
                .contains(String.valueOf(scene.aftermath().row(id).get("s3_key")));

        letTimePass(id);

        scene.awaitEnd(id);
        scene.aftermath().assertSucceeded(id, small);
        assertThat(scene.aftermath().row(id).get("sha256")).isNotNull();
        scene.assertSucceeds("default", small);
    }

    @Test
    void aFailureThatCannotBeWrittenAtOnceIsWrittenLater() {
        scene.steps().fail("pg-dump");
        scene.steps().once("write-failure", () -> {
            throw new IllegalStateException(Steps.SCRIPTED);
        });
        String id = scene.request("default");
        awaitForgotten(id);
        scene.steps().reset();

        letTimePass(id);

        scene.awaitEnd(id);
        scene.aftermath().assertNothingLeft(id, small, "While dumping", "The step pg-dump failed", "try again");
        scene.assertSucceeds("default", small);
    }

    /** Waits until the process no longer runs the backup, whatever its row says. */
    private static void awaitForgotten(String id) {
        Awaitility.await("the end of the run of backup " + id)
                .atMost(Duration.ofSeconds(30))
                .until(() -> scene.steps().begun("forget-run") + scene.steps().begun("write-failure") > 0);
    }

    /** As if its last sign of life were a minute ago, which the watchdog looks for every five seconds. */
    private static void letTimePass(String id) {
        scene.control()
                .jdbc()
                .update("UPDATE backup_history SET heartbeat_at = now() - interval '1 minute' WHERE id = ?::uuid", id);
    }
}
