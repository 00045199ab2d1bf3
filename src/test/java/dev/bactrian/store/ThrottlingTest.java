package dev.bactrian.store;

import static dev.bactrian.testing.stores.FaultyBlobStore.Operation.HEAD_OBJECT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bactrian.config.S3ObjectSettings;
import dev.bactrian.config.S3Settings;
import dev.bactrian.testing.stores.TestStore;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** How long a throttled request is sent again, and which others aren't. */
class ThrottlingTest {

    private static final Duration PATIENCE = Duration.ofSeconds(2);

    @Test
    void patienceEndsWhenItsTimeIsOver() {
        try (TestStore store = TestStore.start();
                S3Clients clients = new S3Clients(settings(store));
                S3Client client = clients.client(new Throttling(Duration.ofMinutes(5), PATIENCE))) {
            store.faults().failForGood(HEAD_OBJECT, 503, "SlowDown");
            Instant begun = Instant.now();

            assertThatThrownBy(() -> client.headObject(
                            head -> head.bucket(store.bucket()).key("any")))
                    .isInstanceOfSatisfying(S3Exception.class, answer -> assertThat(answer.statusCode())
                            .isEqualTo(503));

            assertThat(Duration.between(begun, Instant.now())).isLessThan(PATIENCE.plusSeconds(8));
            assertThat(store.faults().met(HEAD_OBJECT)).isBetween(3, 9);
        }
    }

    @Test
    void otherFaultsAreTriedAsOftenAsTheSdkDoes() {
        try (TestStore store = TestStore.start();
                S3Clients clients = new S3Clients(settings(store));
                S3Client client = clients.patientClient()) {
            store.faults().failForGood(HEAD_OBJECT, 500, "InternalError");

            assertThatThrownBy(() -> client.headObject(
                            head -> head.bucket(store.bucket()).key("any")))
                    .isInstanceOf(S3Exception.class);

            assertThat(store.faults().met(HEAD_OBJECT)).isEqualTo(4);
        }
    }

    private static S3Settings settings(TestStore store) {
        return new S3Settings(
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
    }
}
