package dev.bactrian.archive;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** The archive's size and hash are held against the store's: every way to read must count alike. */
class MeasuredStreamTest {

    /** SHA-256 of "abc", from FIPS 180-2. */
    private static final String ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    private final MeasuredStream stream = new MeasuredStream(new ByteArrayInputStream("abc".getBytes(UTF_8)));

    @Test
    void readingAtOnceCounts() throws IOException {
        assertThat(stream.readAllBytes()).hasSize(3);

        assertMeasured();
    }

    @Test
    void readingByteByByteCounts() throws IOException {
        assertThat(stream.read()).isEqualTo('a');
        assertThat(stream.read(new byte[10], 3, 1)).isEqualTo(1);
        assertThat(stream.read()).isEqualTo('c');
        assertThat(stream.read()).isEqualTo(-1);
        assertThat(stream.read()).isEqualTo(-1);

        assertMeasured();
    }

    @Test
    void whatIsSkippedCounts() throws IOException {
        assertThat(stream.skip(2)).isEqualTo(2);
        assertThat(stream.read()).isEqualTo('c');

        assertMeasured();
    }

    @Test
    void atTheEndNothingIsSkipped() throws IOException {
        assertThat(stream.skip(10)).isEqualTo(3);
        assertThat(stream.skip(1)).isZero();
        assertThat(stream.skip(-1)).isZero();

        assertMeasured();
    }

    /** A retry that reads again would count twice. */
    @Test
    void itCannotBeRewound() {
        assertThat(stream.markSupported()).isFalse();
    }

    private void assertMeasured() {
        assertThat(stream.bytes()).isEqualTo(3);
        assertThat(stream.sha256()).isEqualTo(ABC);
    }
}
