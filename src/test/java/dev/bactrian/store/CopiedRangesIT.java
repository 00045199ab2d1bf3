package dev.bactrian.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bactrian.config.S3Settings;
import dev.bactrian.config.SettingSource;
import dev.bactrian.config.SettingsReader;
import dev.bactrian.testing.stores.S3Gateway;
import dev.bactrian.testing.stores.TestStore;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.zip.CRC32;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * An S3 server that tells the CRC32 of each part that it copies, as Amazon S3 does for uploads with that checksum (API reference,
 * "UploadPartCopy", response element {@code ChecksumCRC32}): the proxy's own answer lacks it.
 */
@Timeout(120)
class CopiedRangesIT {

    private static final int MB = 1 << 20;
    private static final String EARLIER = "backups/archive/earlier/backup.zip";
    private static final String NOW = "backups/archive/now/backup.zip";

    private final byte[] earlier = random(40 * MB);
    private final AtomicInteger copies = new AtomicInteger();
    private final AtomicInteger fetches = new AtomicInteger();
    private final ThreadLocal<byte[]> copied = new ThreadLocal<>();
    private TestStore store;
    private S3Gateway gateway;
    private S3Clients clients;
    private S3Upload upload;

    @BeforeEach
    void start() {
        store = TestStore.start();
        store.put(EARLIER, earlier);
        gateway = S3Gateway.to(store);
        Map<String, String> own = new HashMap<>(store.settings());
        own.put("S3_ENDPOINT", gateway.endpoint().toString());
        own.put("DATABASE_URL", "postgresql://a:b@127.0.0.1:1/c");
        S3Settings settings = Objects.requireNonNull(
                new SettingsReader(SettingSource.of(own), true).read(false).s3());
        clients = new S3Clients(settings);
        upload = new S3Upload(clients, new RefusedOptions(settings));
    }

    @AfterEach
    void stop() {
        clients.close();
        gateway.close();
        store.close();
    }

    private void tellChecksums(UnaryOperator<byte[]> how) {
        gateway.change(
                request -> request.method().equals("GET") && fetches.incrementAndGet() < 0,
                1,
                UnaryOperator.identity());
        gateway.change(this::isCopy, Integer.MAX_VALUE, answer -> {
            CRC32 crc = new CRC32();
            crc.update(how.apply(copied.get()));
            String value = Base64.getEncoder()
                    .encodeToString(
                            ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
            return new String(answer, StandardCharsets.UTF_8)
                    .replaceFirst("(</Copy\\w+Result>)", "<ChecksumCRC32>" + value + "</ChecksumCRC32>$1")
                    .getBytes(StandardCharsets.UTF_8);
        });
    }

    private boolean isCopy(S3Gateway.Request request) {
        String range = request.headers().get("x-amz-copy-source-range");
        if (range == null) {
            return false;
        }
        copies.incrementAndGet();
        String[] ends = range.substring("bytes=".length()).split("-");
        copied.set(Arrays.copyOfRange(earlier, Integer.parseInt(ends[0]), Integer.parseInt(ends[1]) + 1));
        return true;
    }

    @Test
    void whatTheBucketHasIsCopiedThere() throws Exception {
        tellChecksums(UnaryOperator.identity());
        SplicedBytes content = new SplicedBytes(EARLIER, earlier)
                .bytes(random(100))
                .range(1000, 14 * MB)
                .bytes(random(3 * MB))
                .range(15 * MB, 25 * MB)
                .bytes(random(1000));

        upload.upload(content, NOW, "application/zip", 0, 0, null);

        assertThat(Files.readAllBytes(store.download(NOW))).isEqualTo(content.content());
        assertThat(copies).hasValue(2);
        // What the parts before them lacked.
        assertThat(fetches).hasValue(2);
        assertThat(store.danglingUploads()).isEmpty();
    }

    @Test
    void aCopyOfOtherBytesIsNoneOfTheObject() {
        tellChecksums(bytes -> {
            bytes[5 * MB] ^= 1;
            return bytes;
        });
        SplicedBytes content =
                new SplicedBytes(EARLIER, earlier).range(0, 20 * MB).bytes(random(100));

        assertThatThrownBy(() -> upload.upload(content, NOW, "application/zip", 0, 0, null))
                .hasStackTraceContaining(EARLIER + ", from which unchanged tables are copied, has different bytes");
        assertThat(store.keys()).containsExactly(EARLIER);
        assertThat(store.danglingUploads()).isEmpty();
    }

    /** It is fetched then, and sent in the place of the copy; the next time it is fetched at once. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aServerThatTellsNothingOrCannotCopyIsSentTheBytes(boolean refuses) throws Exception {
        if (refuses) {
            gateway.refuse(
                    request -> request.headers().containsKey("x-amz-copy-source"), 501, "NotImplemented", "not here");
        }
        for (int copied : new int[] {1, 0}) {
            SplicedBytes content = new SplicedBytes(EARLIER, earlier)
                    .bytes(random(6 * MB))
                    .range(0, 20 * MB)
                    .range(20 * MB, 20 * MB);

            upload.upload(content, NOW, "application/zip", 0, 0, null);

            assertThat(Files.readAllBytes(store.download(NOW))).isEqualTo(content.content());
            assertThat(content.passed()).hasSize(copied);
        }
    }

    @Test
    void anArchiveThatIsGoneFailsTheUpload() {
        tellChecksums(UnaryOperator.identity());
        store.delete(EARLIER);
        SplicedBytes content =
                new SplicedBytes(EARLIER, earlier).range(0, 20 * MB).bytes(random(100));

        assertThatThrownBy(() -> upload.upload(content, NOW, "application/zip", 0, 0, null))
                .hasStackTraceContaining("NoSuchKey");
        assertThat(store.keys()).isEmpty();
        assertThat(store.danglingUploads()).isEmpty();
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }
}
