package dev.bactrian.postgres.script;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads what {@code pg_dump --data-only --quote-all-identifiers} prints, and psql by our scripts: statements, and between {@code COPY … FROM
 * stdin;} and {@code \.} one row per line (PostgreSQL manual, COPY, "Text Format": line breaks in values are escaped, and
 * no row can look like {@code \.}). Anything that isn't expected is an error: nothing may be lost in silence.
 */
public final class CopyReader {

    private static final int BUFFER = 1 << 18;
    /** pg_dump writes 4 KiB at a time: as many in one go as the next steps like best. */
    private static final int ENOUGH = 1 << 16;

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGH_BITS = 0x8080808080808080L;
    private static final long NEWLINES = '\n' * ONES;
    private static final int LONGEST_STATEMENT = 1 << 20;
    private static final int END_MARK = 3;
    private static final Pattern HARMLESS = Pattern.compile(
            "SET .*;|SELECT pg_catalog\\.(set_config|setval)\\(.*;|\\\\(un)?restrict .*", Pattern.DOTALL);

    private final InputStream in;
    private final byte[] buffer = new byte[BUFFER];
    private int position;
    private int limit;
    private @Nullable Exception failure;

    public CopyReader(InputStream in) {
        this.in = in;
    }

    /**
     * Goes on to the next COPY statement.
     *
     * @return the statement, or null at the end of the output
     */
    @Nullable
    public String nextCopy() throws IOException {
        for (String line = readLine(); line != null; line = readLine()) {
            if (line.isEmpty() || line.startsWith("--")) {
                continue;
            }
            String statement = wholeStatement(line);
            if (statement.startsWith("COPY ")) {
                return statement;
            }
            if (!HARMLESS.matcher(statement).matches()) {
                throw new UnexpectedScriptException("The program printed something unexpected between two tables: "
                        + statement.substring(0, Math.min(statement.length(), 80)));
            }
        }
        return null;
    }

    /** A quoted name may contain line breaks: the statement goes on while a quote is open. */
    private String wholeStatement(String first) throws IOException {
        StringBuilder statement = new StringBuilder(first);
        while (statement.chars().filter(c -> c == '"').count() % 2 != 0) {
            String more = readLine();
            if (more == null || statement.length() > LONGEST_STATEMENT) {
                throw new UnexpectedScriptException("The program's output ended in the middle of a statement");
            }
            statement.append('\n').append(more);
        }
        return statement.toString();
    }

    /** Copies the rows up to {@code \.}, without it. */
    public void copyRows(OutputStream out, RowDigest digest) throws IOException {
        int from = position;
        while (true) {
            if (limit - position < END_MARK) {
                out.write(buffer, from, position - from);
                require(fill());
                from = position;
                continue;
            }
            if (buffer[position] == '\\' && buffer[position + 1] == '.' && buffer[position + 2] == '\n') {
                out.write(buffer, from, position - from);
                position += END_MARK;
                return;
            }
            int end = newline(position);
            while (end < 0) {
                digest.part(buffer, position, limit - position);
                out.write(buffer, from, limit - from);
                position = limit;
                require(fill());
                from = position;
                end = newline(position);
            }
            digest.row(buffer, position, end - position);
            position = end + 1;
        }
    }

    /** Eight bytes at a time: this looks at every byte of every table. */
    private int newline(int start) {
        int i = start;
        for (; i + Long.BYTES <= limit; i += Long.BYTES) {
            // A byte of zeros is where a newline was (Bit Twiddling Hacks, "Determine if a word has a zero byte").
            long bytes = (long) LONGS.get(buffer, i) ^ NEWLINES;
            long zeros = (bytes - ONES) & ~bytes & HIGH_BITS;
            if (zeros != 0) {
                return i + Long.numberOfTrailingZeros(zeros) / Byte.SIZE;
            }
        }
        for (; i < limit; i++) {
            if (buffer[i] == '\n') {
                return i;
            }
        }
        return -1;
    }

    private @Nullable String readLine() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        while (true) {
            if (position == limit && !fill()) {
                return line.size() == 0 ? null : line.toString(StandardCharsets.UTF_8);
            }
            int end = newline(position);
            int stop = end < 0 ? limit : end;
            line.write(buffer, position, stop - position);
            position = end < 0 ? limit : end + 1;
            if (end >= 0) {
                return line.toString(StandardCharsets.UTF_8);
            }
            if (line.size() > LONGEST_STATEMENT) {
                throw new UnexpectedScriptException(
                        "A line of more than a megabyte was printed outside a table's rows");
            }
        }
    }

    /** Reads on, keeping what isn't consumed; false at the end. */
    private boolean fill() throws IOException {
        System.arraycopy(buffer, position, buffer, 0, limit - position);
        limit -= position;
        position = 0;
        refuseAfterFailure();
        int before = limit;
        do {
            int count;
            try {
                count = in.read(buffer, limit, buffer.length - limit);
            } catch (IOException | RuntimeException e) {
                // What came before it is told first: the failure is that of the table it breaks off in.
                failure = e;
                if (limit == before) {
                    refuseAfterFailure();
                }
                break;
            }
            if (count < 0) {
                break;
            }
            limit += count;
        } while (limit - before < Math.min(ENOUGH, buffer.length - before));
        return limit > before;
    }

    private void refuseAfterFailure() throws IOException {
        if (failure instanceof IOException broken) {
            throw broken;
        }
        if (failure instanceof RuntimeException known) {
            throw known;
        }
    }

    private static void require(boolean more) throws IOException {
        if (!more) {
            throw new EOFException("The program's output ended in the middle of a table");
        }
    }
}
