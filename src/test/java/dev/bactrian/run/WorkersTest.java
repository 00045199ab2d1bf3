package dev.bactrian.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** More at once where answers take their time, and never more than the limit. */
class WorkersTest {

    @ParameterizedTest
    @CsvSource({"0, 2", "200, 2", "2400, 2", "2600, 3", "10000, 4", "20000, 6", "30000, 8", "200000, 8", "20000000, 8"})
    void theDistanceDecides(long microseconds, int workers) {
        assertThat(new Workers(2, 8).at(Duration.ofNanos(microseconds * 1000))).isEqualTo(workers);
    }

    @Test
    void aNumberThatWasSetIsTheSameEverywhere() {
        assertThat(Workers.fixed(3).at(Duration.ofMillis(500))).isEqualTo(3);
        assertThat(Workers.fixed(20).at(Duration.ZERO)).isEqualTo(20);
    }
}
