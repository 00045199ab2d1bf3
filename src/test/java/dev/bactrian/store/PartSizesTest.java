package dev.bactrian.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bactrian.config.S3Limits;
import dev.bactrian.problem.ProblemException;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** S3 takes 10,000 parts of 5 MiB to 5 GiB, the last of any size: an archive that would need more fails after hours. */
class PartSizesTest {

    private static final long MIB = 1L << 20;
    private static final long GIB = 1L << 30;
    private static final long TIB = 1L << 40;
    private static final int MOST = 10_000;
    private static final PartSizes.Limits AMAZON = PartSizes.Limits.of(S3Limits.OF_AMAZON);
    private static final PartSizes.Limits R2 = PartSizes.Limits.of(S3Limits.OF_R2);

    /** @param largest bytes of the largest part */
    private record Sent(int parts, long largest) {}

    private static Sent send(PartSizes sizes, long bytes, boolean hundredth) {
        long sent = 0;
        long largest = 0;
        int parts = 0;
        while (sent < bytes || parts == 0) {
            long most = sizes.next(sent, parts);
            long size = Math.min(most, bytes - sent);
            assertThat(most).isLessThanOrEqualTo(5 * GIB);
            assertThat(sent + size == bytes || size >= 5 * MIB)
                    .as("only the last part is small")
                    .isTrue();
            if (hundredth) {
                assertThat(most).isLessThanOrEqualTo(Math.max(8 * MIB, sent / 100));
            }
            largest = Math.max(largest, size);
            sent += size;
            parts++;
        }
        assertThat(parts).isLessThanOrEqualTo(MOST);
        return new Sent(parts, largest);
    }

    /** Powers of two and their neighbours, and steps of a third between, to the most that 10,000 parts hold. */
    static LongStream sizes() {
        LongStream.Builder all = LongStream.builder().add(0).add(1);
        for (long size = MIB; size < 48 * TIB; size += Math.max(1, size / 3)) {
            all.add(size - 1).add(size).add(size + 1);
        }
        return all.add(48 * TIB).add(S3Limits.OF_AMAZON.largestObject()).build();
    }

    @ParameterizedTest
    @MethodSource("sizes")
    void whatIsExpectedFits(long expected) {
        // Beyond, there are not enough parts to begin with small ones.
        boolean hundredth = expected < 44 * TIB;
        for (long part : new long[] {1000, 100, 7, 2, 1}) {
            send(new PartSizes(AMAZON, expected), expected / part, hundredth);
        }
        PartSizes equal = new PartSizes(R2, expected);
        send(equal, Math.min(expected, R2.object()), false);
        assertThat(equal.next(0, 0)).isEqualTo(equal.next(equal.next(0, 0), 1));
    }

    @ParameterizedTest
    @MethodSource("sizes")
    void theLargestPartIsKnownBefore(long expected) {
        PartSizes sizes = new PartSizes(AMAZON, expected);
        assertThat(send(new PartSizes(AMAZON, expected), expected, false).largest())
                .isLessThanOrEqualTo(sizes.largest());
    }

    @Test
    void partsAreNoLargerThanTheArchiveDemands() {
        assertThat(send(new PartSizes(AMAZON, 20 * TIB), GIB, true).largest()).isLessThan(11 * MIB);
        assertThat(send(new PartSizes(AMAZON, TIB), TIB, true).largest()).isLessThan(140 * MIB);
        assertThat(send(new PartSizes(AMAZON, 60 * GIB), 60 * GIB, true))
                .isEqualTo(new Sent((int) PartSizes.quotient(60 * GIB, 8 * MIB), 8 * MIB));
    }

    @Test
    void anArchiveMayOutgrowWhatWasExpected() {
        send(new PartSizes(AMAZON, 0), 3 * TIB, true);
        send(new PartSizes(AMAZON, 100 * MIB), 3 * TIB, true);
        send(new PartSizes(AMAZON, 100 * GIB), 3 * TIB, true);
        send(new PartSizes(AMAZON, TIB), 8 * TIB, true);
        send(new PartSizes(AMAZON, 10 * TIB), 18 * TIB, true);
        for (long expected : new long[] {10 * GIB, 100 * GIB, TIB}) {
            send(new PartSizes(R2, expected), 4 * expected, false);
        }
    }

    @Test
    void whatIsTooLargeIsRefusedAsSoonAsThatIsCertain() {
        PartSizes.Limits small = new PartSizes.Limits(10, 100, 20, 1_000, false);
        PartSizes.Limits equal = new PartSizes.Limits(10, 100, 20, 1_000, true);
        assertThat(send(new PartSizes(new PartSizes.Limits(10, 5 * MIB, MOST, 1_000, false), 0), 9, false)
                        .parts())
                .isEqualTo(1);
        assertThatThrownBy(() -> new PartSizes(small, 0).next(1_000, 3))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("An object can have 1000 B")
                .hasMessageContaining("S3_LARGEST_OBJECT");
        assertThatThrownBy(() -> new PartSizes(equal, 10).next(200, 20))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("An upload can have 20 parts")
                .hasMessageContaining("S3_EQUAL_PARTS=false");
        assertThat(new PartSizes(small, 0).next(995, 3)).isEqualTo(5);
    }

    @Test
    void copiesHavePartsWithinTheLimits() {
        for (long size : List.of(5 * GIB, TIB, 10 * TIB, S3Limits.OF_AMAZON.largestObject())) {
            long part = S3Copies.partOf(size, 256 * MIB);
            assertThat(part).isBetween(256 * MIB, 5 * GIB);
            assertThat(PartSizes.quotient(size, part)).isLessThanOrEqualTo(MOST);
        }
    }
}
