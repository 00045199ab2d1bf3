package dev.bactrian.backup;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** A clock that is set is seen beside one that can't be. */
class HistoryClockTest {

    private long nanos = 7;
    private Instant time = Instant.parse("2026-11-20T18:42:08Z");
    private final HistoryClock clock = new HistoryClock(() -> nanos);

    @Test
    void timeThatPassesIsNoStep() {
        for (int look = 0; look < 100; look++) {
            assertThat(look()).isZero();
            pass(Duration.ofSeconds(5));
        }
        pass(Duration.ofHours(5));

        assertThat(look()).isZero();
    }

    @Test
    void aStepForwardStaysUntilItIsTakenBack() {
        look();
        pass(Duration.ofSeconds(5));
        time = time.plus(Duration.ofHours(7));
        assertThat(look()).isEqualTo(7 * 3600);
        pass(Duration.ofMinutes(10));
        assertThat(look()).isEqualTo(7 * 3600);

        time = time.minus(Duration.ofHours(7));
        assertThat(look()).isZero();
    }

    @Test
    void aStepBackMakesNothingLate() {
        look();
        time = time.minus(Duration.ofHours(7));

        assertThat(look()).isZero();
    }

    private void pass(Duration duration) {
        nanos += duration.toNanos();
        time = time.plus(duration);
    }

    private long look() {
        return clock.ahead(Timestamp.from(time));
    }
}
