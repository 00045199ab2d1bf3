package dev.bactrian.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CronTest {

    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
    private static final ZoneId NEW_YORK = ZoneId.of("America/New_York");

    @Test
    void aTimeOfDayStaysOneWhenTheClocksAreChanged() {
        assertThat(next("0 0 4 * * ?", BERLIN, "2026-03-28T00:00:00Z", 3))
                .containsExactly("2026-03-28T03:00:00Z", "2026-03-29T02:00:00Z", "2026-03-30T02:00:00Z");
        assertThat(next("0 0 4 * * ?", BERLIN, "2026-10-24T00:00:00Z", 3))
                .containsExactly("2026-10-24T02:00:00Z", "2026-10-25T03:00:00Z", "2026-10-26T03:00:00Z");
    }

    /** On 28 March 2027 the hour from two isn't there in Berlin, in New York on 14 March: docs/configuration.md says so. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0 30 2 * * ?      | Europe/Berlin    | 2027-03-27T12:00:00Z | 2027-03-28T01:00:00Z 2027-03-29T00:30:00Z",
                "0 0 2 * * ?       | Europe/Berlin    | 2027-03-27T12:00:00Z | 2027-03-28T01:00:00Z 2027-03-29T00:00:00Z",
                "0 0 2 * * ?       | Europe/Berlin    | 2027-03-28T00:59:59Z | 2027-03-28T01:00:00Z 2027-03-29T00:00:00Z",
                "0 0 2,14 * * ?    | Europe/Berlin    | 2027-03-27T20:00:00Z | 2027-03-28T01:00:00Z 2027-03-28T12:00:00Z",
                "0 0 2 28 3 ? 2027 | Europe/Berlin    | 2027-01-01T00:00:00Z | 2027-03-28T01:00:00Z",
                "0 0 2 ? * SUN     | Europe/Berlin    | 2027-03-22T00:00:00Z | 2027-03-28T01:00:00Z 2027-04-04T00:00:00Z",
                "0 30 2 * * ?      | America/New_York | 2027-03-13T12:00:00Z | 2027-03-14T07:00:00Z 2027-03-15T06:30:00Z",
                "0 59 2 * * ?      | America/New_York | 2027-03-13T12:00:00Z | 2027-03-14T07:00:00Z 2027-03-15T06:59:00Z",
                // The next one is there as soon.
                "0 0 * * * ?       | Europe/Berlin    | 2027-03-28T00:30:00Z | 2027-03-28T01:00:00Z 2027-03-28T02:00:00Z",
                "0 30 * * * ?      | Europe/Berlin    | 2027-03-28T00:30:00Z | 2027-03-28T01:30:00Z 2027-03-28T02:30:00Z",
                "0 15 2,3 * * ?    | America/New_York | 2027-03-14T06:30:00Z | 2027-03-14T07:15:00Z 2027-03-15T06:15:00Z",
                "0 0 3 * * ?       | America/New_York | 2027-03-13T12:00:00Z | 2027-03-14T07:00:00Z 2027-03-15T07:00:00Z"
            })
    void aTimeThatTheClocksLeaveOutIsAtTheEndOfTheHour(String cron, ZoneId zone, String after, String expected) {
        List<String> times = List.of(expected.split(" "));
        assertThat(next(cron, zone, after, times.size())).isEqualTo(times);
        Instant last = Instant.parse(times.get(0));
        assertThat(new Cron(cron).lastUntil(last.plusSeconds(1), zone)).contains(last);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "* * * * * ?",
                "0/30 * * * * ?",
                "*/59 * * * * ?",
                "0,59 * * * * ?",
                "0-1 0 0 1 1 ?",
                "58,59 59 23 31 12 ? 2090",
                "0,30 0 0 29 2 ?",
                "5-6 0/5 3 ? * SUN#1"
            })
    void timesLessThanAMinuteApartAreRefused(String cron) {
        for (Consumer<String> reader : List.<Consumer<String>>of(Cron::of, Cron::kept)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> reader.accept(cron))
                    .withMessageStartingWith("has times that are less than a minute apart. Write one number");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"0 * * * * ?", "59 * * * * ?", "30 0/1 * * * ?", "0 59,0 * * * ?", "0 0 0 1 1 ? 2090"})
    void timesAMinuteApartAreNot(String cron) {
        assertThat(Cron.of(cron).text()).isEqualTo(cron);
    }

    @Test
    void aTimeThatComesTwiceIsFiredOnce() {
        assertThat(next("0 30 2 * * ?", BERLIN, "2027-10-30T12:00:00Z", 2))
                .containsExactly("2027-10-31T01:30:00Z", "2027-11-01T01:30:00Z");
        assertThat(next("0 30 1 * * ?", NEW_YORK, "2027-11-06T12:00:00Z", 2))
                .containsExactly("2027-11-07T06:30:00Z", "2027-11-08T06:30:00Z");
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
                .hasMessageStartingWith("isn't a Quartz cron expression.")
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
        assertThatThrownBy(() -> Cron.of("0 0 0 1 1 ? 2020")).hasMessageStartingWith("has no time in the future.");
    }

    private static List<String> next(String cron, ZoneId zone, String after, int count) {
        List<String> times = new ArrayList<>();
        Instant time = Instant.parse(after);
        for (int i = 0; i < count; i++) {
            time = new Cron(cron).after(time, zone).orElseThrow();
            times.add(time.toString());
        }
        return times;
    }
}
