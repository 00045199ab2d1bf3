package dev.bactrian.unchanged;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Numbers of transactions beyond 32 bits, and places in the log. */
class XidsTest {

    private static final long EPOCH = 1L << 32;

    @Test
    void theFirstThreeOfEachEpochAreNoTransactions() {
        assertThat(Xids.isPossible(2)).isFalse();
        assertThat(Xids.isPossible(3)).isTrue();
        assertThat(Xids.isPossible(EPOCH + 2)).isFalse();
        assertThat(Xids.isPossible(EPOCH + 3)).isTrue();
        assertThat(Xids.isPossible(-5)).isFalse();
        assertThat(Xids.lower(EPOCH * 7 + 12)).isEqualTo(12);
    }

    @Test
    void tooFarApartNothingCanBeCompared() {
        assertThat(Xids.areComparable(EPOCH - 5, EPOCH + 5)).isTrue();
        assertThat(Xids.areComparable(1000, 1000)).isTrue();
        assertThat(Xids.areComparable(1000, 999)).isFalse();
        assertThat(Xids.areComparable(1000, 1000 + (1L << 31) - 1)).isFalse();
        assertThat(Xids.areComparable(1000, 1000 + EPOCH)).isFalse();
        assertThat(Xids.areComparable(3, Long.MAX_VALUE)).isFalse();
    }

    @Test
    void placesInTheLogAreNumbers() {
        assertThat(Lsn.isOne("FFFFFFFF/0")).isTrue();
        assertThat(Lsn.isOne("1/")).isFalse();
        assertThat(Lsn.isBefore("9/FFFFFFFF", "A/0")).isTrue();
        assertThat(Lsn.isBefore("0/10000000", "0/9000000")).isFalse();
        assertThat(Lsn.isBefore("0/1", "0/1")).isFalse();
        assertThat(Lsn.isBefore("7FFFFFFF/0", "80000000/0")).isTrue();
    }
}
