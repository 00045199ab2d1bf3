package dev.bactrian.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bactrian.config.S3Settings;
import dev.bactrian.config.SettingSource;
import dev.bactrian.config.SettingsReader;
import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.apache.camel.spi.Registry;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.s3.S3Client;

/** {@code routes/store/s3.camel.yaml} on an S3 server. */
abstract class S3StoreContract extends StoreContract {

    private S3Settings settings;
    private S3Beans beans;

    /** Starts the server; the settings that lead to its bucket. */
    abstract Map<String, String> startServer() throws Exception;

    abstract void stopServer() throws Exception;

    @Override
    final Path start() throws Exception {
        Map<String, String> own = new HashMap<>(startServer());
        own.put("DATABASE_URL", "postgresql://a:b@127.0.0.1:1/c");
        settings = Objects.requireNonNull(
                new SettingsReader(SettingSource.of(own), true).read(false).s3());
        beans = new S3Beans(settings);
        return Path.of("routes/store/s3.camel.yaml");
    }

    @Override
    final void stop() throws Exception {
        beans.close();
        stopServer();
    }

    @Override
    final Map<String, String> properties() {
        return Map.of("S3_BUCKET", settings.bucket());
    }

    @Override
    final void bind(Registry registry) {
        beans.bind(registry::bind);
    }

    @Override
    final boolean copies() {
        return true;
    }

    @Test
    void theCheckFindsNothingWrong() {
        assertThat(Stores.failures(settings)).isEmpty();
    }

    /** Parts before a copy may be too short, and so may what is left to be copied. */
    @Test
    void whatTheBucketHasAlreadyIsPartOfWhatIsStored() throws Exception {
        byte[] earlier = random(24 << 20);
        verb("put", "spliced/earlier", new ByteArrayInputStream(earlier), Map.of());
        SplicedBytes content = new SplicedBytes("spliced/earlier", earlier)
                .bytes(random(1 << 20))
                .range(100, 12 << 20)
                .bytes(random(100))
                .range(13 << 20, 2 << 20)
                .bytes(random(9 << 20))
                .range(16 << 20, 6 << 20)
                .bytes(random(1000));

        verb("put", "spliced/now", content, Map.of());

        assertThat(range("spliced/now", 0, content.content().length - 1)).isEqualTo(content.content());
    }

    /** What a bucket lost or changed meanwhile is in no archive. */
    @Test
    void whatTheBucketHasNoLongerIsNotStored() {
        byte[] earlier = random(12 << 20);
        byte[] changed = earlier.clone();
        changed[7 << 20] ^= 1;
        verb("put", "spliced/changed", new ByteArrayInputStream(changed), Map.of());
        SplicedBytes content =
                new SplicedBytes("spliced/changed", earlier).range(0, 12 << 20).bytes(random(100));

        assertThatThrownBy(() -> verb("put", "spliced/none", content, Map.of()))
                .hasStackTraceContaining("has different bytes from 0 to");
        assertThat(keys("spliced/none", true)).isEmpty();
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    @Test
    void anUploadThatSomebodyLeftIsAborted() {
        try (S3Clients clients = new S3Clients(settings);
                S3Client client = clients.client()) {
            client.createMultipartUpload(
                    upload -> upload.bucket(settings.bucket()).key(Stores.KEY));
            assertThat(keys(Stores.KEY, true)).containsExactly(Stores.KEY);

            verb("abort", Stores.KEY);

            assertThat(keys(Stores.KEY, true)).isEmpty();
        }
    }
}
