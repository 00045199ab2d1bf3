package dev.bactrian.postgres.script;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A script of PostgreSQL's, line by line. Each line is its bytes, one character each (ISO 8859-1), so that text in any
 * encoding, or in none (SQL_ASCII), passes through unchanged. A line ends at a line feed alone: carriage returns are
 * parts of values.
 */
public final class ScriptLines {

    private static final int BUFFER = 1 << 16;
    /** No definition has such lines: what does is no script, or a damaged one. */
    private static final int LONGEST = 16 << 20;

    private final InputStream in;
    private final byte[] buffer = new byte[BUFFER];
    private int position;
    private int limit;

    public ScriptLines(InputStream in) {
        this.in = in;
    }

    /** The next line without its line feed, or null at the end. */
    @Nullable
    public String next() throws IOException {
        ByteArrayOutputStream begun = null;
        while (true) {
            for (int i = position; i < limit; i++) {
                if (buffer[i] == '\n') {
                    String line = text(begun, i);
                    position = i + 1;
                    return line;
                }
            }
            if (limit > position) {
                begun = begun == null ? new ByteArrayOutputStream() : begun;
                begun.write(buffer, position, limit - position);
                if (begun.size() > LONGEST) {
                    throw new UnexpectedScriptException("a script has a line of more than 16 MiB");
                }
            }
            position = 0;
            limit = Math.max(0, in.read(buffer, 0, BUFFER));
            if (limit == 0) {
                return begun == null ? null : begun.toString(StandardCharsets.ISO_8859_1);
            }
        }
    }

    private String text(@Nullable ByteArrayOutputStream begun, int end) {
        if (begun == null) {
            return new String(buffer, position, end - position, StandardCharsets.ISO_8859_1);
        }
        begun.write(buffer, position, end - position);
        return begun.toString(StandardCharsets.ISO_8859_1);
    }
}
