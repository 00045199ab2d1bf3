package dev.bactrian.archive.read;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ReadAheadTest {

    private static final int PART = 10_000;

    private final byte[] archive = new byte[5_000_000];
    private final List<Long> fetched = new ArrayList<>();
    private final ReadAhead ahead = new ReadAhead(new InMemory());

    ReadAheadTest() {
        new Random(1).nextBytes(archive);
    }

    /** An archive whose requests are counted. */
    private final class InMemory implements ArchiveSource {
        @Override
        public String name() {
            return "archive.zip";
        }

        @Override
        public long size() {
            return archive.length;
        }

        @Override
        public InputStream read(long from, long length) {
            assertThat(from + length).isLessThanOrEqualTo(archive.length);
            fetched.add(length);
            return new ByteArrayInputStream(archive, (int) from, (int) length);
        }
    }

    private void read(long from, int length) throws IOException {
        assertThat(ahead.read(from, length).readAllBytes())
                .isEqualTo(Arrays.copyOfRange(archive, (int) from, (int) from + length));
    }

    private long bytes() {
        return fetched.stream().mapToLong(Long::longValue).sum();
    }

    @Test
    void partsInOrderTakeFewRequests() throws IOException {
        for (int part = 0; part < archive.length / PART; part++) {
            read((long) part * PART, PART);
        }

        assertThat(fetched).hasSizeLessThan(15);
        // A part that lies across the end of what was fetched comes again.
        assertThat(bytes()).isBetween((long) archive.length, archive.length + 15L * PART);
    }

    @Test
    void partsFarFromEachOtherCostTheirOwnBytes() throws IOException {
        for (int part = 40; part > 0; part--) {
            read(part * 100_000L, PART);
        }

        assertThat(bytes()).isEqualTo(40L * PART);
    }

    @Test
    void neverFetchesMoreThanTwiceWhatIsReadInOrder() throws IOException {
        int read = 0;
        for (int part = 0; part < 60; part++) {
            read((long) part * PART, PART);
            read += PART;

            assertThat(bytes()).isLessThanOrEqualTo(3L * read);
        }
    }

    @Test
    void twoThatReadByTurnsFindEachOthersParts() throws IOException {
        for (int part = 0; part + 1 < archive.length / PART; part += 2) {
            read((part + 1L) * PART, PART);
            read((long) part * PART, PART);
        }

        assertThat(fetched).hasSizeLessThan(40);
    }

    @Test
    void readsUpToTheVeryEnd() throws IOException {
        read(archive.length - 3 * PART, PART);
        read(archive.length - 2 * PART, PART);
        read(archive.length - PART, PART);

        assertThat(bytes()).isEqualTo(3 * PART);
    }
}
