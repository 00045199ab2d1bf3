package dev.bactrian.faults;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.servers.TestDatabase;
import dev.bactrian.testing.stores.FaultyBlobStore.Operation;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.s3.S3Client;

/** Something arrives in the store after the backup that it belongs to was removed: its process had been stopped for a while. */
class LateObjectsIT {

    private static TestDatabase source;
    private static Scene scene;

    @BeforeAll
    static void start() {
        source = Sources.small();
        scene = Scene.start(Map.of("DATABASE_URL", source.url()));
        scene.steps().watch("look-for-late-objects");
        scene.steps().hurry("remove-leftovers");
    }

    @AfterAll
    static void stop() {
        scene.close();
    }

    @BeforeEach
    void nothingIsWrong() {
        scene.steps().reset();
    }

    @Test
    void theArchiveAndTheManifestAreRemoved() {
        for (String late : List.of("", "manifest.json")) {
            String id = failed();
            String key = discardedKey(id);
            String arrived = late.isEmpty() ? key : key.replaceFirst("[^/]*$", late);

            scene.store().put(arrived, "late".getBytes(UTF_8));

            await("the removal of " + arrived)
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> !scene.store().keys().contains(arrived));
            assertThat(discardedKey(id)).as("it is looked for further").isEqualTo(key);
        }
        scene.aftermath().assertStoreHoldsOnlyGoodBackups();
    }

    @Test
    void theLastLookComesAnHourLaterAndEndsUploadsToo() {
        String id = failed();
        String key = discardedKey(id);
        try (S3Client s3 = Buckets.client(scene.store())) {
            s3.createMultipartUpload(
                    upload -> upload.bucket(scene.store().bucket()).key(key));
        }

        scene.control()
                .jdbc()
                .update(
                        "UPDATE backup_history SET discarded_at = now() - interval '61 minutes' WHERE id = ?::uuid",
                        id);

        await("the last look").atMost(Duration.ofSeconds(30)).until(() -> discardedKey(id) == null);
        assertThat(scene.store().danglingUploads()).isEmpty();
    }

    @Test
    void aKeyThatAnotherBackupHasByNowIsLeftAlone() {
        String failed = failed();
        String good = scene.assertSucceeds("default", source);
        String key = String.valueOf(scene.aftermath().row(good).get("s3_key"));
        scene.control()
                .jdbc()
                .update(
                        "UPDATE backup_history SET discarded_key = ?, discarded_at = now() - interval '61 minutes' WHERE id = ?::uuid",
                        key,
                        failed);

        scene.steps().reset();
        await("some looks").atMost(Duration.ofSeconds(30)).until(() -> looksSinceReset() >= 3);

        scene.aftermath().assertSucceeded(good, source);
        scene.control().jdbc().update("UPDATE backup_history SET discarded_key = NULL WHERE id = ?::uuid", failed);
    }

    @Test
    void whatCannotBeRemovedYetIsCounted() {
        assertThat(leftovers()).isZero();
        scene.store().faults().fail(Operation.DELETE_OBJECT, 403, "AccessDenied", 1);
        scene.steps().fail("find-leftovers");
        String id = failedBy("confirm-archive");

        assertThat(scene.aftermath().row(id).get("s3_key")).isNotNull();
        assertThat(leftovers()).isEqualTo(1);
        assertThat(checks().toString()).contains("what 1 failed backup may have stored couldn't be removed yet");

        scene.steps().reset();
        await("the removal").atMost(Duration.ofSeconds(30)).until(() -> leftovers() == 0);
        assertThat(checks().toString()).contains("leftovers in the store");
        scene.aftermath().assertStoreHoldsOnlyGoodBackups();
    }

    private static long looksSinceReset() {
        return scene.steps().begun("find-discarded");
    }

    private static JsonNode checks() {
        return BactrianService.json(
                scene.service().send("POST", "/api/checks", null).body());
    }

    private static long leftovers() {
        return BactrianService.json(
                        scene.service().send("GET", "/api/databases", null).body())
                .path("leftovers")
                .asLong(-1);
    }

    private static String failed() {
        return failedBy("pg-dump");
    }

    private static String failedBy(String step) {
        scene.steps().fail(step);
        String id = scene.request("default");
        scene.awaitEnd(id);
        assertThat(scene.aftermath().row(id)).containsEntry("status", "failed");
        scene.steps().before(step, () -> {});
        return id;
    }

    private static String discardedKey(String id) {
        return (String) scene.aftermath().row(id).get("discarded_key");
    }
}
