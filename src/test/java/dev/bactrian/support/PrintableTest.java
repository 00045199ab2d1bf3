package dev.bactrian.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PrintableTest {

    @ParameterizedTest
    @CsvSource({
        "1b, \\u{1b}",
        "0, \\u{00}",
        "a, \\u{0a}",
        "d, \\u{0d}",
        "9, \\u{09}",
        "7f, \\u{7f}",
        "85, \\u{85}",
        "9b, \\u{9b}",
        "ad, \\u{ad}",
        "61c, \\u{61c}",
        "200b, \\u{200b}",
        "200f, \\u{200f}",
        "2028, \\u{2028}",
        "2029, \\u{2029}",
        "202a, \\u{202a}",
        "202e, \\u{202e}",
        "2060, \\u{2060}",
        "2066, \\u{2066}",
        "2069, \\u{2069}",
        "3164, \\u{3164}",
        "fe0f, \\u{fe0f}",
        "feff, \\u{feff}",
        "ffff, \\u{ffff}",
        "e0001, \\u{e0001}",
        "e0041, \\u{e0041}",
        "e01ef, \\u{e01ef}",
        "d800, \\u{d800}"
    })
    void whatCommandsTurnsOrHidesIsShownAsItsNumber(String character, String shown) {
        String text = new StringBuilder("a")
                .appendCodePoint(Integer.parseInt(character, 16))
                .append("b")
                .toString();

        assertThat(Printable.line(text)).isEqualTo("a" + shown + "b");
        assertThat(Printable.line(Printable.line(text))).isEqualTo("a" + shown + "b");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "public.\"Größe\"", "数据", "شركة", "🐫 café ÿ", "a\\b \"c\" ' %s {} ~", "no\u00a0break"})
    void lettersStay(String text) {
        assertThat(Printable.line(text)).isEqualTo(text);
    }

    @Test
    void ownLineBreaksStayWhereTextHasSeveralLines() {
        assertThat(Printable.lines("one\ntwo\u001b[2J\r")).isEqualTo("one\ntwo\\u{1b}[2J\\u{0d}");
        assertThat(Printable.line("one\ntwo")).isEqualTo("one\\u{0a}two");
    }

    @Test
    void aCommandsLineIsOneLine() {
        StringWriter screen = new StringWriter();
        PrintableWriter out = new PrintableWriter(new PrintWriter(screen));

        out.println("table a\nb");
        out.printf("%-5s|%d|%s%n", "\u001b", 7L, null);
        out.print("{\n}\n");

        assertThat(screen.toString().replace(System.lineSeparator(), "\n"))
                .isEqualTo("table a\\u{0a}b\n\\u{1b}|7|null\n{\n}\n");
    }
}
