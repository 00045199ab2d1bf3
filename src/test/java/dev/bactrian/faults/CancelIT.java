package dev.bactrian.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bactrian.testing.servers.TestDatabase;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Whoever cancels a backup wants the database left alone, now. */
class CancelIT {

    private static TestDatabase source;
    private static Scene scene;

    @BeforeAll
    static void start() {
        source = Sources.tooBigForTheBuffers();
        scene = Scene.start(Map.of("DATABASE_URL", source.url()));
    }

    @AfterAll
    static void stop() {
        scene.close();
    }

    @Test
    void aRunningBackupFreesEverythingWithinFiveSeconds() {
        String id = scene.request("default");
        Buckets.holdAfterTheFirstPart(scene.store(), source);
        assertThat(scene.aftermath().programs()).isNotEmpty();
        String queued = scene.request("default");

        HttpResponse<String> secondAnswer = cancel(queued);
        long asked = System.nanoTime();
        HttpResponse<String> answer = cancel(id);

        assertThat(secondAnswer.statusCode()).isEqualTo(200);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.body()).contains("\"cancelled\"");
        Awaitility.await("the end of everything")
                .atMost(Duration.ofSeconds(5).minusNanos(System.nanoTime() - asked))
                .pollInterval(Duration.ofMillis(50))
                .until(() -> scene.aftermath().programs().isEmpty()
                        && Aftermath.sessions(source).isEmpty());
        scene.store().faults().releaseUploads();
        for (String cancelled : List.of(id, queued)) {
            Awaitility.await("nothing stored of " + cancelled)
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> scene.aftermath().row(cancelled).get("s3_key") == null);
            assertThat(scene.aftermath().row(cancelled)).containsEntry("status", "cancelled");
            assertThat(String.valueOf(scene.aftermath().row(cancelled).get("error_text")))
                    .contains("Cancelled by a caller");
        }
        scene.aftermath().assertStoreHoldsOnlyGoodBackups();
        Awaitility.await("an empty work folder")
                .atMost(Duration.ofSeconds(10))
                .until(() -> scene.aftermath().workFiles().isEmpty());

        String next = scene.assertSucceeds("default", source);
        assertThat(cancel(next).statusCode()).isEqualTo(409);
        assertThat(cancel(next).body()).contains("backup-ended", "success");
    }

    @Test
    void whatDoesNotExistCannotBeCancelled() {
        assertThat(cancel("00000000-0000-0000-0000-000000000000").statusCode()).isEqualTo(404);
        assertThat(cancel("x").statusCode()).isEqualTo(400);
    }

    private static HttpResponse<String> cancel(String id) {
        return scene.service().send("POST", "/api/backups/" + id + "/cancel", null);
    }
}
