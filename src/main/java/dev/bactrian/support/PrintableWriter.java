package dev.bactrian.support;

import java.io.PrintWriter;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What commands write to: {@code println} and the arguments of {@code printf} are one line of {@link Printable} text each, whatever they
 * quote. {@code print} writes what it gets, for what the program itself has put together: JSON, several lines, a line that is rewritten.
 */
public final class PrintableWriter extends PrintWriter {

    public PrintableWriter(PrintWriter out) {
        super(out, true);
    }

    @Override
    public void println(@Nullable String text) {
        super.println(Printable.line(String.valueOf(text)));
    }

    @Override
    public PrintWriter format(String format, @Nullable Object... arguments) {
        return super.format(format, printable(arguments));
    }

    @Override
    public PrintWriter format(@Nullable Locale locale, String format, @Nullable Object... arguments) {
        return super.format(locale, format, printable(arguments));
    }

    private static @Nullable Object[] printable(@Nullable Object[] arguments) {
        return Arrays.stream(arguments)
                .map(argument ->
                        argument == null || argument instanceof Number ? argument : Printable.line(argument.toString()))
                .toArray();
    }
}
