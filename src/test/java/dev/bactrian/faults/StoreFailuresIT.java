package dev.bactrian.faults;

import static dev.bactrian.testing.stores.FaultyBlobStore.Operation.COMPLETE_UPLOAD;
import static dev.bactrian.testing.stores.FaultyBlobStore.Operation.HEAD_OBJECT;
import static dev.bactrian.testing.stores.FaultyBlobStore.Operation.PUT_OBJECT;
import static dev.bactrian.testing.stores.FaultyBlobStore.Operation.UPLOAD_PART;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.Relay;
import dev.bactrian.testing.servers.TestDatabase;
import dev.bactrian.testing.stores.TestStore;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

/** A store that can't be reached, refuses, or doesn't keep what it was given. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class StoreFailuresIT {

    /** How often the SDK asks before it takes a server's fault for an answer. */
    private static final int ATTEMPTS = 4;

    private static TestDatabase small;
    private static TestDatabase twoParts;
    private static TestStore store;
    private static Relay network;
    private static Scene scene;
    private static S3Client s3;

    @BeforeAll
    static void start() {
        small = Sources.small();
        twoParts = Sources.ofTwoParts();
        store = TestStore.start();
        network = Relay.to(store.endpoint().getPort());
        scene = Scene.start(
                Map.of(
                        "DATABASE_URL", small.url(),
                        "DATABASE_URL_BIG", twoParts.url(),
                        "S3_ENDPOINT", "http://127.0.0.1:" + network.port()),
                PostgresServer.V15.createDatabase(),
                store);
        s3 = Buckets.client(store);
    }

    @AfterAll
    static void stop() {
        s3.close();
        scene.close();
        network.close();
    }

    @BeforeEach
    void nothingIsWrongYet() {
        scene.steps().reset();
        network.mend();
        network.alter(() -> (bytes, count) -> {});
    }

    @Test
    void theStoreIsOutOfReachFromTheStart() {
        String[] reason = {"S3 can't be reached", "Check S3_ENDPOINT"};
        network.cut();
        String id = scene.request("default");
        scene.awaitEnd(id);
        scene.aftermath().assertFailedRow(id, reason);
        scene.aftermath().assertNothingRuns(small);

        network.mend();

        scene.assertLeftoversVanish(id, small, reason);
        scene.assertSucceeds("default", small);
    }

    @Test
    void theStoreGetsOutOfReachInTheMiddleOfAnUpload() {
        String[] reason = {"S3 can't be reached", "Check S3_ENDPOINT"};
        store.faults().holdUploads();
        String id = scene.request("big");
        Awaitility.await("an upload").until(() -> !store.danglingUploads().isEmpty());

        network.cut();
        store.faults().releaseUploads();

        scene.awaitEnd(id);
        scene.aftermath().assertFailedRow(id, reason);
        scene.aftermath().assertNothingRuns(twoParts);
        assertThat(store.danglingUploads()).as("what nobody could abort").isNotEmpty();

        network.mend();

        scene.assertLeftoversVanish(id, twoParts, reason);
        scene.assertSucceeds("big", twoParts);
    }

    @Test
    void theAnswerToTheBeginningOfAnUploadIsLost() {
        AtomicInteger lost = new AtomicInteger();
        network.alter(() -> (bytes, count) -> {
            String answer = new String(bytes, 0, count, StandardCharsets.ISO_8859_1);
            if (answer.startsWith("HTTP/1.1 200")
                    && answer.contains("<InitiateMultipartUploadResult")
                    && lost.getAndIncrement() == 0) {
                bytes["HTTP/1.1 ".length()] = '5';
            }
        });
        network.reset();

        // Which looks for unfinished uploads, too.
        scene.assertSucceeds("big", twoParts);

        assertThat(lost).hasValue(2);
    }

    @Test
    void aPartIsForbidden() {
        store.faults().fail(UPLOAD_PART, 403, "AccessDenied", 1);

        scene.assertFails("big", twoParts, "403 AccessDenied", "s3:PutObject", "AWS_ACCESS_KEY_ID");

        scene.assertSucceeds("big", twoParts);
    }

    @Test
    void aPartFailsOnceAndIsSentAgain() throws IOException {
        store.faults().fail(UPLOAD_PART, 500, "InternalError", 1);

        String id = scene.assertSucceeds("big", twoParts);

        String key = String.valueOf(scene.aftermath().row(id).get("s3_key"));
        try (ZipFile archive = new ZipFile(store.download(key).toFile())) {
            List<? extends ZipEntry> entries = archive.stream().toList();
            assertThat(entries)
                    .extracting(ZipEntry::getName)
                    .contains("manifest.json", "db/public/tables/big/data.sql");
            for (ZipEntry entry : entries) {
                try (InputStream content = archive.getInputStream(entry)) {
                    // Reading an entry to its end compares size and CRC.
                    content.transferTo(OutputStream.nullOutputStream());
                }
            }
        }
    }

    @Test
    @Order(Integer.MAX_VALUE) // No large archive can be stored after this.
    void partsFailForGood() {
        store.faults().failForGood(UPLOAD_PART, 500, "InternalError");

        scene.assertFails("big", twoParts, "500 InternalError", "state of the S3 server");

        scene.assertSucceeds("default", small);
    }

    @Test
    void theUploadCannotBeCompleted() {
        store.faults().fail(COMPLETE_UPLOAD, 500, "InternalError", ATTEMPTS);

        // The answer begins with 200 before it fails: that is how S3 completes uploads.
        scene.assertFails("big", twoParts, "InternalError", "state of the S3 server");

        scene.assertSucceeds("big", twoParts);
    }

    @Test
    void theStoredArchiveCannotBeLookedAt() {
        store.faults().fail(HEAD_OBJECT, 403, "AccessDenied", 1);

        scene.assertFails("default", small, "finishing", "403", "s3:GetObject");

        scene.assertSucceeds("default", small);
    }

    @Test
    void theStoredArchiveIsGone() {
        scene.steps().once("head-archive", () -> archives()
                .forEach(key ->
                        s3.deleteObject(delete -> delete.bucket(store.bucket()).key(key))));

        scene.assertFails("default", small, "finishing", "404");

        scene.assertSucceeds("default", small);
    }

    @Test
    void theStoredArchiveIsShorterThanWhatWasSent() {
        scene.steps().once("head-archive", () -> archives()
                .forEach(key ->
                        s3.putObject(put -> put.bucket(store.bucket()).key(key), RequestBody.fromString("half"))));

        scene.assertFails("default", small, "The store holds 4 bytes", "were sent", "Start the backup again");

        scene.assertSucceeds("default", small);
    }

    /** Archives without a manifest beside them. */
    private static List<String> archives() {
        List<String> keys = store.keys();
        return keys.stream()
                .filter(key -> key.endsWith(".zip"))
                .filter(key -> !keys.contains(key.substring(0, key.lastIndexOf('/')) + "/manifest.json"))
                .toList();
    }

    @Test
    void theManifestCannotBeStored() {
        scene.steps().once("put-manifest", () -> store.faults().fail(PUT_OBJECT, 500, "InternalError", ATTEMPTS));

        scene.assertFails("big", twoParts, "finishing", "500 InternalError", "state of the S3 server");

        scene.assertSucceeds("big", twoParts);
    }

    @Test
    void theLatestCannotBeNamed() {
        scene.steps().fail("put-latest");

        scene.assertSucceeds("default", small);

        Awaitility.await("the step that fails").until(() -> scene.steps().begun("put-latest") == 1);
    }
}
