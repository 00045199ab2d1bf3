package dev.bactrian.support;

import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.CharacterEscapes;
import com.fasterxml.jackson.core.io.SerializedString;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Which characters JSON has as their numbers (RFC 8259, section 7): besides those that must, all that {@link Printable} doesn't
 * show as they are. People look at JSON on terminals, and in pages; programs read the same values. Letters beyond U+FFFF
 * are in two halves, so that all of them are escaped.
 */
final class PlainEscapes extends CharacterEscapes {

    private static final long serialVersionUID = 1L;
    private static final int DELETE = 0x7f;

    private final int[] ascii;

    PlainEscapes() {
        ascii = standardAsciiEscapesForJSON();
        ascii[DELETE] = ESCAPE_STANDARD;
    }

    @Override
    public int[] getEscapeCodesForAscii() {
        return ascii;
    }

    @Override
    public @Nullable SerializableString getEscapeSequence(int character) {
        return character > DELETE && Printable.isUnsafe(character)
                ? new SerializedString(String.format(Locale.ROOT, "\\u%04x", character))
                : null;
    }
}
