package dev.bactrian.cli;

import dev.bactrian.config.Units;
import java.io.PrintWriter;
import java.util.Map;

/** One line on a terminal that is rewritten while a backup runs; nothing where there is no terminal. */
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
        Object bytes = row.get("bytes_done");
        err.print(ERASE
                + row.get("phase")
                + (total == null ? "" : "  " + (done == null ? 0 : done) + " of " + total + " tables")
                + (bytes == null ? "" : "  " + Units.readable(((Number) bytes).longValue())));
        err.flush();
    }

    void end() {
        if (terminal) {
            err.print(ERASE);
            err.flush();
        }
    }
}
