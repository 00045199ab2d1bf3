package dev.bactrian.faults;

import dev.bactrian.testing.servers.TestDatabase;
import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * Settings of the store that are wrong, and put right later. The archives are large enough to begin with a request without
 * a body: one with a body that a server refuses early can reach it as a broken connection.
 */
class StoreSettingsFailuresIT {

    @Test
    void aWrongSecret() {
        TestDatabase source = Sources.ofTwoParts();
        String[] reason = {"403 SignatureDoesNotMatch", "AWS_SECRET_ACCESS_KEY", "s3:PutObject"};
        try (Scene scene =
                Scene.start(Map.of("DATABASE_URL", source.url(), "AWS_SECRET_ACCESS_KEY", "a-secret-that-is-wrong"))) {
            String id = scene.request("default");
            scene.awaitEnd(id);
            scene.aftermath().assertFailedRow(id, reason);
            scene.aftermath().assertNothingRuns(source);
            scene.stopService();

            scene.serve(Map.of("DATABASE_URL", source.url()));

            scene.assertLeftoversVanish(id, source, reason);
            scene.assertSucceeds("default", source);
        }
    }

    @Test
    void aBucketThatDoesNotExist() {
        TestDatabase source = Sources.ofTwoParts();
        String[] reason = {"The bucket later-made doesn't exist", "Create it, or correct S3_BUCKET"};
        try (Scene scene = Scene.start(Map.of("DATABASE_URL", source.url(), "S3_BUCKET", "later-made"))) {
            String id = scene.request("default");
            scene.awaitEnd(id);
            scene.aftermath().assertFailedRow(id, reason);
            scene.aftermath().assertNothingRuns(source);

            try (S3Client s3 = Buckets.client(scene.store())) {
                s3.createBucket(create -> create.bucket("later-made"));
            }

            scene.assertLeftoversVanish(id, source, reason);
        }
    }
}
