package dev.bactrian.faults;

import dev.bactrian.config.S3ObjectSettings;
import dev.bactrian.config.S3Settings;
import dev.bactrian.store.S3Clients;
import dev.bactrian.testing.servers.TestDatabase;
import dev.bactrian.testing.stores.TestStore;
import java.time.Duration;
import org.awaitility.Awaitility;
import software.amazon.awssdk.services.s3.S3Client;

/** What a test does with a bucket beside the service. */
final class Buckets {

    private Buckets() {}

    static S3Client client(TestStore store) {
        return new S3Clients(new S3Settings(
                        store.bucket(),
                        "backups",
                        "us-east-1",
                        store.endpoint(),
                        true,
                        false,
                        S3ObjectSettings.PLAIN,
                        true,
                        TestStore.KEY_ID,
                        TestStore.SECRET))
                .client();
    }

    /**
     * Holds an upload whose first part is stored already, and waits until the backup stands still. From the very
     * beginning, what would be held is the request that begins the upload.
     */
    static void holdAfterTheFirstPart(TestStore store, TestDatabase source) {
        try (S3Client s3 = client(store)) {
            Awaitility.await("a stored part")
                    .atMost(Duration.ofSeconds(60))
                    .pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(10))
                    .until(() -> storedParts(s3, store.bucket()) > 0);
        }
        store.faults().holdUploads();
        Sources.awaitHeldMidDump(source);
    }

    private static int storedParts(S3Client s3, String bucket) {
        return s3.listMultipartUploads(list -> list.bucket(bucket)).uploads().stream()
                .mapToInt(upload -> s3.listParts(
                                list -> list.bucket(bucket).key(upload.key()).uploadId(upload.uploadId()))
                        .parts()
                        .size())
                .sum();
    }
}
