package dev.bactrian.cli;

import dev.bactrian.support.Units;
import java.io.PrintWriter;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One line on a terminal that is rewritten while a backup or a restore runs; nothing where there is no terminal. */
final class ProgressLine {

    private static final String ERASE = "\r\u001b[K";

    private final PrintWriter err;
    private final boolean terminal = System.console() != null && System.getenv("NO_PROGRESS") == null;

    ProgressLine(PrintWriter err) {
        this.err = err;
    }

    void show(Map<String, Object> row) {
        if (!terminal) {
            return;
        }
        Object total = row.get("tables_total");
        Object done = row.get("tables_done");
        if ("files".equals(row.get("phase"))) {
            err.print(ERASE + "files  " + row.get("files_done") + " of " + row.get("files_total") + "  "
                    + Units.readable(((Number) row.getOrDefault("file_bytes_done", 0)).longValue())
                    + of(row.get("file_bytes_total")));
            err.flush();
            return;
        }
        Object bytes = row.get("bytes_done");
        err.print(ERASE
                + row.get("phase")
                + (total == null
                        ? ""
                        : "  " + (done == null ? 0 : done) + " of "
                                + Units.counted(((Number) total).longValue(), "table"))
                + (bytes == null ? "" : "  " + Units.readable(((Number) bytes).longValue()))
                + of(row.get("bytes_total"))
                + left(row));
        err.flush();
    }

    /** What is done where there is no row to tell of it. */
    void say(String text) {
        if (terminal) {
            err.print(ERASE + text);
            err.flush();
        }
    }

    private static String of(@Nullable Object total) {
        return total == null ? "" : " of " + Units.readable(((Number) total).longValue());
    }

    private static String left(Map<String, Object> row) {
        Object rate = row.get("bytes_per_second");
        Object seconds = row.get("seconds_left");
        return (rate == null ? "" : "  " + Units.readable(((Number) rate).longValue()) + "/s")
                + (seconds == null ? "" : "  about " + seconds + " s left");
    }

    void end() {
        if (terminal) {
            err.print(ERASE);
            err.flush();
        }
    }
}
