package dev.bactrian.archive.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.bactrian.archive.ArchiveSettings.Compressor;
import dev.bactrian.archive.isal.IsalLibrary;
import dev.bactrian.problem.ConfigurationException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every compressor gives deflate that the JDK's inflate turns back, however the content came. */
public class CompressionTest {

    @ParameterizedTest
    @CsvSource({"ZLIB,1", "ZLIB,6", "ZLIB,9", "ISAL,1", "ISAL,2", "ISAL,3", "ISAL,9", "AUTO,1"})
    void whateverGoesInComesOut(Compressor choice, int level) throws IOException {
        Compression compression = compression(choice, level);
        Random random = new Random(level);
        for (int size : new int[] {0, 1, 100, 65_535, 65_536, 65_537, 1 << 20, 5_000_003}) {
            for (boolean text : new boolean[] {true, false}) {
                byte[] content = text ? text(random, size) : bytes(random, size);
                byte[] compressed = compress(compression, content, 1 + random.nextInt(200_000));

                assertThat(inflate(compressed)).as("%d bytes", size).isEqualTo(content);
                assertThat((long) compressed.length).isLessThan(size + size / 1000 + 100);
            }
        }
    }

    @Test
    void manyPiecesOfOneByteAreOneEntryToo() throws IOException {
        for (Compressor choice : available()) {
            byte[] content = text(new Random(1), 50_000);
            assertThat(inflate(compress(compression(choice, 1), content, 1))).isEqualTo(content);
        }
    }

    @Test
    void aCompressorThatWasGivenBackRemembersNothing() throws IOException {
        for (Compressor choice : available()) {
            Compression compression = compression(choice, 1);
            byte[] content = text(new Random(2), 300_000);
            byte[] first = compress(compression, content, 70_000);
            compress(compression, bytes(new Random(3), 100_000), 70_000);

            assertThat(compress(compression, content, 70_000)).isEqualTo(first);
        }
    }

    @Test
    void textBecomesMuchSmaller() throws IOException {
        for (Compressor choice : available()) {
            byte[] content = text(new Random(4), 1 << 20);
            assertThat(compress(compression(choice, 1), content, 1 << 16).length)
                    .isLessThan(content.length / 2);
        }
    }

    @Test
    void whatIsCompressedAlreadyStaysAsItIs() throws IOException {
        byte[] content = bytes(new Random(5), 1 << 20);

        byte[] stored = compress(Compression.STORED, content, 100_000);

        assertThat(inflate(stored)).isEqualTo(content);
        assertThat(stored.length).isBetween(content.length, content.length + content.length / 1000);
    }

    @Test
    void whereIsalIsMissingItCanOnlyBeAskedForInVain() {
        assumeTrue(IsalLibrary.find().isEmpty(), "ISA-L is there");

        assertThat(Compression.of(Compressor.AUTO, 1).name()).isEqualTo("zlib, level 1");
        assertThatThrownBy(() -> Compression.of(Compressor.ISAL, 1))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContainingAll("Java 22", "libisal2", "auto");
    }

    @Test
    void whereIsalIsThereItIsTaken() {
        assumeTrue(IsalLibrary.find().isPresent(), "ISA-L isn't there");

        assertThat(Compression.of(Compressor.AUTO, 5).name()).matches("ISA-L 2\\.0\\.\\d+, level 3");
    }

    private static List<Compressor> available() {
        List<Compressor> all = new ArrayList<>(List.of(Compressor.ZLIB));
        IsalLibrary.find().ifPresent(library -> all.add(Compressor.ISAL));
        return all;
    }

    private static Compression compression(Compressor choice, int level) {
        assumeTrue(choice != Compressor.ISAL || IsalLibrary.find().isPresent(), "ISA-L isn't there");
        return Compression.of(choice, level);
    }

    private static byte[] compress(Compression compression, byte[] content, int piece) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        dev.bactrian.archive.write.Compressor compressor = compression.take();
        for (int done = 0; done < content.length; done += piece) {
            compressor.write(content, done, Math.min(piece, content.length - done), out);
        }
        compressor.finish(out);
        compression.giveBack(compressor);
        return out.toByteArray();
    }

    private static byte[] inflate(byte[] compressed) throws IOException {
        ByteArrayInputStream in = new ByteArrayInputStream(compressed);
        Inflater inflater = new Inflater(true);
        byte[] content = new InflaterInputStream(in, inflater).readAllBytes();
        assertThat(inflater.getTotalIn())
                .as("the stream ends where the bytes end")
                .isEqualTo(compressed.length);
        return content;
    }

    private static byte[] bytes(Random random, int size) {
        byte[] bytes = new byte[size];
        random.nextBytes(bytes);
        return bytes;
    }

    private static byte[] text(Random random, int size) {
        byte[] text = new byte[size];
        for (int i = 0; i < size; i++) {
            text[i] =
                    (byte) (i % 50 == 49 ? '\n' : i % 3 == 0 ? '0' + random.nextInt(10) : "name\tvalue".charAt(i % 10));
        }
        return text;
    }
}
