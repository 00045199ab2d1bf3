package dev.bactrian.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bactrian.config.S3ObjectSettings;
import dev.bactrian.config.S3Settings;
import dev.bactrian.testing.stores.FaultyBlobStore.Operation;
import dev.bactrian.testing.stores.TestStore;
import java.nio.file.Files;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Copies inside a bucket. */
class S3CopiesIT {

    private static final long PART = 5L << 20;
    private static final String FOLDER = "backups/latest/default/";
    private static final String KEY = "backups/archive/2026-11-20T18-42-08Z--acme-shop/backup-2026-11-20-18-42-UTC.zip";
    private static final String COPY = FOLDER + "2026-11-20T18-42-08Z--acme-shop/backup-2026-11-20-18-42-UTC.zip";

    private final TestStore store = TestStore.start();
    private final S3Settings settings = new S3Settings(
            store.bucket(),
            "backups",
            "us-east-1",
            store.endpoint(),
            true,
            false,
            S3ObjectSettings.PLAIN,
            true,
            TestStore.KEY_ID,
            TestStore.SECRET);
    private final S3Clients clients = new S3Clients(settings);
    private final S3Client client = clients.client();
    private final S3Copies latest = new S3Copies(clients, client, new KeptOptions(settings, client), 2 * PART, PART);

    @AfterEach
    void stop() {
        client.close();
        clients.close();
        store.close();
    }

    @Test
    void whatIsTooLargeForOneRequestIsCopiedInParts() throws Exception {
        byte[] archive = new byte[(int) (3 * PART) + 12_345];
        new Random(1).nextBytes(archive);
        store.put(KEY, archive);

        latest.copy(KEY, COPY);

        assertThat(Files.readAllBytes(store.download(COPY))).isEqualTo(archive);
        assertThat(store.faults().met(Operation.COMPLETE_UPLOAD)).isEqualTo(1);
        assertThat(store.danglingUploads()).isEmpty();
    }

    @Test
    void whatIsSmallIsCopiedByOneRequest() throws Exception {
        byte[] archive = new byte[(int) PART];
        new Random(2).nextBytes(archive);
        store.put(KEY, archive);

        latest.copy(KEY, COPY);

        assertThat(Files.readAllBytes(store.download(COPY))).isEqualTo(archive);
        assertThat(store.faults().met(Operation.COMPLETE_UPLOAD)).isZero();
    }

    @Test
    void aCopyThatFailsLeavesNothing() {
        store.put(KEY, new byte[(int) (3 * PART)]);
        store.faults().failForGood(Operation.COMPLETE_UPLOAD, 400, "InvalidRequest");

        assertThatThrownBy(() -> latest.copy(KEY, COPY)).isInstanceOf(S3Exception.class);

        assertThat(store.keys()).containsExactly(KEY);
        assertThat(store.danglingUploads()).isEmpty();
    }
}
