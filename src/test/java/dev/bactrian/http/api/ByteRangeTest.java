package dev.bactrian.http.api;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ByteRangeTest {

    @ParameterizedTest
    @CsvSource(
            nullValues = "none",
            delimiter = '|',
            value = {
                "none | bytes 0-99/100 | false",
                "bytes=0-9 | bytes 0-9/100 | true",
                "bytes=90- | bytes 90-99/100 | true",
                "bytes=90-999 | bytes 90-99/100 | true",
                "bytes=-10 | bytes 90-99/100 | true",
                "bytes=-999 | bytes 0-99/100 | true",
                "bytes=0-0,-1 | bytes 0-99/100 | false",
                "bytes=9-0 | bytes 0-99/100 | false",
                "bytes=- | bytes 0-99/100 | false",
                "bytes=a-b | bytes 0-99/100 | false",
                "bytes=9999999999999999999- | bytes 0-99/100 | false",
                "lines=0-9 | bytes 0-99/100 | false",
                "bytes=100- | none | true",
                "bytes=-0 | none | true",
            })
    void oneRangeIsRead(String header, String answered, boolean partial) {
        ByteRange range = ByteRange.of(header, 100);

        if (answered == null) {
            assertThat(range).isNull();
        } else {
            assertThat(range.text()).isEqualTo(answered);
            assertThat(range.partial()).isEqualTo(partial);
        }
    }
}
