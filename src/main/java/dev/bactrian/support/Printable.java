package dev.bactrian.support;

import java.util.Locale;
import java.util.function.IntPredicate;

/**
 * Makes text fit for a line of a log, a terminal or a message, wherever its parts come from: names in a database, an archive or
 * a bucket, what servers answer, what requests hold. A character that would end the line, command the terminal, turn the
 * direction of writing or be invisible becomes its number, as in <code>&#92;u{1b}</code>; everything else stays.
 *
 * <p>Doing it twice changes nothing, so that every way out may do it. It is for people: what programs read (JSON, SQL, COPY, the
 * names that reach PostgreSQL and the store) has the true text, by the escapes of its own form.
 */
public final class Printable {

    private static final String INVISIBLE_LETTERS =
            "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u3164\uffa0";

    private Printable() {}

    /** One line: line breaks and tabs, too, become their numbers. */
    public static String line(String text) {
        return escape(text, Printable::isUnsafe);
    }

    /** Several lines, whose own line breaks stay: for text that was put together of {@link #line printable} parts. */
    public static String lines(String text) {
        return escape(text, character -> character != '\n' && isUnsafe(character));
    }

    private static String escape(String text, IntPredicate unsafe) {
        int first = firstUnsafe(text, unsafe);
        if (first < 0) {
            return text;
        }
        StringBuilder printable = new StringBuilder(text.length() + 16).append(text, 0, first);
        text.substring(first).codePoints().forEach(character -> {
            if (unsafe.test(character)) {
                printable.append(String.format(Locale.ROOT, "\\u{%02x}", character));
            } else {
                printable.appendCodePoint(character);
            }
        });
        return printable.toString();
    }

    private static int firstUnsafe(String text, IntPredicate unsafe) {
        for (int at = 0; at < text.length(); ) {
            int character = text.codePointAt(at);
            if (unsafe.test(character)) {
                return at;
            }
            at += Character.charCount(character);
        }
        return -1;
    }

    /** Controls, formats (bidi, zero width, tags), line ends of Unicode, lone surrogates, and what else has no picture (Unicode, "Default_Ignorable_Code_Point"). */
    public static boolean isUnsafe(int character) {
        if (character < 0x7f) {
            return character < ' ';
        }
        return switch (Character.getType(character)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> true;
            default ->
                character >= 0xfe00 && character <= 0xfe0f
                        || character >= 0xfff0 && character <= 0xfff8
                        || (character & 0xfffe) == 0xfffe
                        || character >= 0x2060 && character <= 0x206f
                        || character >= 0xe0000 && character <= 0xe0fff
                        || INVISIBLE_LETTERS.indexOf(character) >= 0;
        };
    }
}
