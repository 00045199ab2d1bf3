package dev.bactrian.run;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** How fast a backup is, at this moment rather than on average. */
class RateTest {

    private static final long SECOND = 1_000_000_000L;

    private final Rate rate = new Rate();

    @Test
    void nothingIsKnownInTheFirstSecond() {
        assertThat(rate.at(0, 0)).isNull();
        assertThat(rate.at(SECOND / 2, 500)).isNull();
        assertThat(rate.at(SECOND, 800)).isEqualTo(800);
    }

    @Test
    void aBackupThatStandsStillIsAtZeroWithinTwentySeconds() {
        long now = 0;
        for (int i = 0; i <= 30; i++, now += 2 * SECOND) {
            rate.at(now, i * 2000L);
        }
        assertThat(rate.at(now, 62_000)).as("at full speed").isEqualTo(1000);

        for (int i = 0; i < 5; i++) {
            now += 2 * SECOND;
            rate.at(now, 62_000);
        }
        assertThat(rate.at(now + 1, 62_000)).as("halfway").isBetween(400L, 600L);

        for (int i = 0; i < 6; i++) {
            now += 2 * SECOND;
            rate.at(now, 62_000);
        }
        assertThat(rate.at(now + 1, 62_000)).as("after 20 seconds").isZero();
    }
}
