package dev.bactrian.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CronTest {

    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

    @Test
    void aTimeOfDayStaysOneWhenTheClocksAreChanged() {
        assertThat(next("0 0 4 * * ?", "2026-03-28T00:00:00Z", 3))
                .containsExactly("2026-03-28T03:00:00Z", "2026-03-29T02:00:00Z", "2026-03-30T02:00:00Z");
        assertThat(next("0 0 4 * * ?", "2026-10-24T00:00:00Z", 3))
                .containsExactly("2026-10-24T02:00:00Z", "2026-10-25T03:00:00Z", "2026-10-26T03:00:00Z");
    }

    /** Half past two isn't there on the last Sunday of March, and is there twice on that of October: README says so. */
    @Test
    void aTimeThatTheClocksLeaveOutIsLeftOutAndOneThatComesTwiceIsFiredOnce() {
        assertThat(next("0 30 2 * * ?", "2026-03-28T12:00:00Z", 2))
                .containsExactly("2026-03-30T00:30:00Z", "2026-03-31T00:30:00Z");
        assertThat(next("0 30 2 * * ?", "2026-10-24T12:00:00Z", 2))
                .containsExactly("2026-10-25T01:30:00Z", "2026-10-26T01:30:00Z");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0 0 3 * * ?   | 2026-11-21T03:00:00Z     | 2026-11-21T03:00:00Z",
                "0 0 3 * * ?   | 2026-11-21T02:59:59.999Z | 2026-11-20T03:00:00Z",
                "0 0 3 * * ?   | 2026-11-25T11:00:00.5Z   | 2026-11-25T03:00:00Z",
                "* * 2 * * ?   | 2026-11-21T01:59:00Z     | 2026-11-20T02:59:59Z",
                "0/2 * * * * ? | 2026-11-21T01:59:01.9Z   | 2026-11-21T01:59:00Z",
                "0 0 0 1 1 ?   | 2026-11-21T01:59:00Z     | 2026-01-01T00:00:00Z",
                "0 0 0 1 1 ? 2024 | 2026-11-21T01:59:00Z  | 2024-01-01T00:00:00Z"
            })
    void theLastTimeBeforeAnInstantIsFound(String cron, Instant instant, Instant last) {
        assertThat(new Cron(cron).lastUntil(instant, ZoneOffset.UTC)).contains(last);
    }

    @Test
    void beforeTheFirstTimeThereIsNone() {
        assertThat(new Cron("0 0 0 1 1 ? 2098").lastUntil(Instant.parse("2026-11-21T00:00:00Z"), ZoneOffset.UTC))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0 2 * * *", "0 0 2 * * *", "0 0 25 * * ?", "every night", "0 0 2 ? * MON-"})
    void whatIsNoCronIsRefused(String text) {
        assertThatThrownBy(() -> new Cron(text))
                .hasMessageStartingWith("isn't a cron expression of Quartz.")
                .hasMessageContaining("0 0 2 * * ?");
    }

    @Test
    void oneThatIsTooLongForTheStoreIsRefused() {
        assertThatThrownBy(() -> new Cron("0".concat(",0".repeat(60)) + " 0 2 * * ?"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void oneWithoutATimeToComeIsRefusedWhereOneIsToCome() {
        assertThat(new Cron("0 0 0 1 1 ? 2020").after(Instant.now(), ZoneOffset.UTC))
                .isEmpty();
        assertThatThrownBy(() -> Cron.of("0 0 0 1 1 ? 2020"))
                .hasMessageStartingWith("names no time that is still to come.");
    }

    private static List<String> next(String cron, String after, int count) {
        List<String> times = new ArrayList<>();
        Instant time = Instant.parse(after);
        for (int i = 0; i < count; i++) {
            time = new Cron(cron).after(time, BERLIN).orElseThrow();
            times.add(time.toString());
        }
        return times;
    }
}
