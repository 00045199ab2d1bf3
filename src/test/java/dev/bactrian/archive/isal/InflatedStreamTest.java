package dev.bactrian.archive.isal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import java.util.zip.ZipException;
import org.junit.jupiter.api.Test;

/** Streams that zlib made are read as zlib reads them, and damaged ones are found out; by ISA-L where this Java can call it. */
class InflatedStreamTest {

    @Test
    void whatZlibMadeComesBackAtEveryLevelAndStrategy() throws IOException {
        Random random = new Random(1);
        for (int level = 0; level <= 9; level++) {
            for (int strategy : new int[] {Deflater.DEFAULT_STRATEGY, Deflater.FILTERED, Deflater.HUFFMAN_ONLY}) {
                for (byte[] content : new byte[][] {text(random, 700_000), bytes(random, 300_000), new byte[500_000]}) {
                    assertThat(read(deflate(content, level, strategy), 1 + random.nextInt(100_000)))
                            .isEqualTo(content);
                }
            }
        }
    }

    @Test
    void aStreamInSmallPiecesIsTheSame() throws IOException {
        byte[] content = text(new Random(2), 200_000);
        InputStream slow =
                new FilterInputStream(new ByteArrayInputStream(deflate(content, 6, Deflater.DEFAULT_STRATEGY))) {
                    @Override
                    public int read(byte[] bytes, int offset, int length) throws IOException {
                        return super.read(bytes, offset, Math.min(length, 7));
                    }
                };
        try (InputStream in = InflatedStream.open(slow, Long.MAX_VALUE)) {
            assertThat(in.readAllBytes()).isEqualTo(content);
            assertThat(in.read()).isEqualTo(-1);
        }
    }

    @Test
    void whatComesAfterTheEndIsLeftAlone() throws IOException {
        byte[] content = text(new Random(3), 100_000);
        byte[] compressed = deflate(content, 1, Deflater.DEFAULT_STRATEGY);

        assertThat(read(Arrays.copyOf(compressed, compressed.length + 50_000), 4_096))
                .isEqualTo(content);
    }

    @Test
    void whatIsCutOffIsNeverTheEnd() {
        byte[] compressed = deflate(text(new Random(4), 300_000), 6, Deflater.DEFAULT_STRATEGY);
        for (int length = 0; length < compressed.length; length += 1 + length / 3) {
            byte[] cut = Arrays.copyOf(compressed, length);
            assertThatThrownBy(() -> read(cut, 10_000))
                    .as("%d bytes", cut.length)
                    .isInstanceOf(EOFException.class);
        }
    }

    @Test
    void damageIsAnErrorOrReadAsZlibReadsIt() throws IOException {
        Random random = new Random(5);
        byte[] compressed = deflate(text(random, 150_000), 6, Deflater.DEFAULT_STRATEGY);
        for (int i = 0; i < 300; i++) {
            byte[] damaged = compressed.clone();
            damaged[random.nextInt(random.nextBoolean() ? 200 : damaged.length)] ^= (byte) (1 << random.nextInt(8));
            byte[] expected = byZlib(damaged);
            if (expected.length == 0) {
                assertThatThrownBy(() -> read(damaged, 9_000)).isInstanceOfAny(ZipException.class, EOFException.class);
            } else {
                assertThat(read(damaged, 9_000)).isEqualTo(expected);
            }
        }
    }

    @Test
    void aClosedStreamIsNoLongerRead() throws IOException {
        InputStream in = InflatedStream.open(
                new ByteArrayInputStream(deflate(text(new Random(6), 100_000), 6, Deflater.DEFAULT_STRATEGY)), 1 << 20);
        assertThat(in.read()).isPositive();
        in.close();
        in.close();

        assertThatThrownBy(in::read).isInstanceOf(IOException.class);
    }

    private static byte[] read(byte[] compressed, int piece) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] buffer = new byte[piece];
        try (InputStream in = InflatedStream.open(new ByteArrayInputStream(compressed), Long.MAX_VALUE)) {
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                out.write(buffer, 0, count);
            }
        }
        return out.toByteArray();
    }

    /** Empty where zlib fails. */
    private static byte[] byZlib(byte[] compressed) {
        try (InputStream in = new InflaterInputStream(new ByteArrayInputStream(compressed), new Inflater(true))) {
            return in.readAllBytes();
        } catch (IOException e) {
            return new byte[0];
        }
    }

    private static byte[] deflate(byte[] content, int level, int strategy) {
        Deflater deflater = new Deflater(level, true);
        deflater.setStrategy(strategy);
        deflater.setInput(content);
        deflater.finish();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] buffer = new byte[1 << 16];
        while (!deflater.finished()) {
            out.write(buffer, 0, deflater.deflate(buffer));
        }
        deflater.end();
        return out.toByteArray();
    }

    private static byte[] text(Random random, int size) {
        StringBuilder text = new StringBuilder();
        while (text.length() < size) {
            text.append(random.nextInt(1_000))
                    .append('\t')
                    .append(random.nextBoolean() ? "yes" : "no")
                    .append('\n');
        }
        return text.toString().getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] bytes(Random random, int size) {
        byte[] bytes = new byte[size];
        random.nextBytes(bytes);
        return bytes;
    }
}
