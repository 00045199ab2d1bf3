package dev.bactrian.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sizes and times as people write them: one misread unit is a full disk or a killed backup. */
class UnitsTest {

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "17, 17",
        "17B, 17",
        "1kb, 1024",
        "512MB, 536870912",
        "512 MB, 536870912",
        "2GB, 2147483648",
        "3tb, 3298534883328",
        "999999999999, 999999999999"
    })
    void aSizeMeansItsUnit(String text, long bytes) {
        assertThat(Units.bytes(text)).isEqualTo(bytes);
    }

    @Test
    void oneIsOne() {
        assertThat(Units.counted(0, "table")).isEqualTo("0 tables");
        assertThat(Units.counted(1, "table")).isEqualTo("1 table");
        assertThat(Units.counted(2, "more file")).isEqualTo("2 more files");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "MB", "-1", "1.5GB", "1 G B", "5XB", "1GB extra", "0x10", "1e3", "9999999999999"})
    void whatIsNoSizeIsRefusedWithAnExample(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Units.bytes(text))
                .withMessageContaining("for example 512MB");
    }

    @ParameterizedTest
    @ValueSource(strings = {"999999999999TB", "99999999TB"})
    void aSizeBeyondAllDisksIsRefusedLikeAnyOtherMistake(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Units.bytes(text))
                .withMessageContaining("for example 512MB");
    }

    @ParameterizedTest
    @CsvSource({"500ms, PT0.5S", "0s, PT0S", "8s, PT8S", "8 S, PT8S", "30m, PT30M", "2h, PT2H"})
    void aTimeMeansItsUnit(String text, Duration duration) {
        assertThat(Units.duration(text)).isEqualTo(duration);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "8", "s", "-1s", "1.5h", "2 days", "1d", "8s8s"})
    void whatIsNoTimeIsRefusedWithAnExample(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Units.duration(text))
                .withMessageContaining("for example 30s");
    }

    /** Whoever waits for a time counts in nanoseconds, of which a long holds 292 years. */
    @Test
    void aTimeThatNobodyCanWaitForIsRefusedAtTheStartAndNotMetAtTheEnd() {
        assertThatIllegalArgumentException().isThrownBy(() -> Units.duration("999999999999h"));
        assertThat(Units.duration("8760h").toNanos()).isPositive();
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0 B",
        "1023, 1023 B",
        "1024, 1.0 KB",
        "1536, 1.5 KB",
        "222717542, 212.4 MB",
        "1073741824, 1.0 GB",
        "1099511627776, 1.0 TB",
        "1125899906842624, 1024.0 TB"
    })
    void aSizeIsShownInTheLargestUnitThatFits(long bytes, String shown) {
        assertThat(Units.readable(bytes)).isEqualTo(shown);
    }

    @Test
    void theMachinesLanguageDoesNotChangeNumbers() {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.GERMANY);
            assertThat(Units.readable(1536)).isEqualTo("1.5 KB");
            Locale.setDefault(Locale.forLanguageTag("tr-TR"));
            assertThat(Units.bytes("1gb")).isEqualTo(1L << 30);
            assertThat(Units.duration("1MS")).isEqualTo(Duration.ofMillis(1));
        } finally {
            Locale.setDefault(before);
        }
    }
}
