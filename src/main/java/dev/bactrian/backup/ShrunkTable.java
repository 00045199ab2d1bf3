package dev.bactrian.backup;

import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A table that has lost most of its rows since the last good backup. In the history, the API and notifications it is a member
 * of the list {@code warnings}.
 *
 * @param table quoted where SQL wants it, {@code app.orders}
 * @param rows that it has
 * @param rowsBefore that it had
 */
public record ShrunkTable(String table, long rows, long rowsBefore) {

    /** Those among the warnings of a column of the history, of whatever type of the driver's. */
    public static List<ShrunkTable> fromJson(@Nullable Object column) {
        return HistoryWarning.fromJson(column).stream()
                .map(HistoryWarning::shrunk)
                .filter(Objects::nonNull)
                .toList();
    }

    /** {@code Table app.orders has 10 rows, 1,000 before}. */
    public String text() {
        return String.format(
                Locale.ROOT, "Table %s has %,d row%s, %,d before", table, rows, rows == 1 ? "" : "s", rowsBefore);
    }
}
