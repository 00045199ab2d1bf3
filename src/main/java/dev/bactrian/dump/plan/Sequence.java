package dev.bactrian.dump.plan;

import dev.bactrian.selection.Relation;
import dev.bactrian.selection.Selection;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A sequence as it is at the backup's instant, found by {@code sql/backup/detect-sequences.sql}.
 *
 * @param file pg_class.relfilenode: another one after {@code ALTER SEQUENCE} and {@code TRUNCATE … RESTART IDENTITY}
 * @param increment what each value is further than the one before
 * @param cycles whether it begins again at its end, so that no value is the furthest
 */
public record Sequence(long oid, Relation.Named name, long file, long increment, boolean cycles) {

    /** Those of the query's rows that are saved. */
    public static List<Sequence> saved(List<Map<String, Object>> rows, Selection selection) {
        return rows.stream()
                .filter(row -> !isUnreadable(row))
                .map(Sequence::of)
                .filter(sequence -> selection.holdsData(
                        sequence.name().schema(), sequence.name().name()))
                .toList();
    }

    /** Whether the server can't say where it stands: an unlogged one on a standby. */
    static boolean isUnreadable(Map<String, Object> row) {
        return Boolean.TRUE.equals(row.get("unreadable"));
    }

    private static Sequence of(Map<String, Object> row) {
        return new Sequence(
                number(row, "oid"),
                new Relation.Named(text(row, "schema"), text(row, "name")),
                number(row, "file"),
                number(row, "increment"),
                Boolean.parseBoolean(text(row, "cycles")));
    }

    private static String text(Map<String, Object> row, String column) {
        return Objects.requireNonNull(
                        row.get(column), "sql/backup/detect-sequences.sql must return the column " + column)
                .toString();
    }

    private static long number(Map<String, Object> row, String column) {
        return Long.parseLong(text(row, column));
    }
}
