package dev.bactrian.verify;

import dev.bactrian.archive.Manifest;
import dev.bactrian.restore.RestorePlan;
import dev.bactrian.selection.Relation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A table whose rows an archive holds.
 *
 * @param table as the manifest tells it
 * @param columns those of the archive's COPY statement in its order; null for all that aren't generated, in the order that
 *     the table has them
 */
record SavedTable(Manifest.TablePart table, @Nullable List<String> columns) {

    public SavedTable {
        columns = columns == null ? null : List.copyOf(columns);
    }

    String quoted() {
        return RestorePlan.named(table).quoted();
    }

    /** For people. */
    String title() {
        return "table " + quoted();
    }

    /**
     * The statement that gives its rows out.
     *
     * @param there the columns that the table has, quoted
     */
    String copy(String there) {
        String wanted = columns == null ? there : Relation.quoted(columns);
        if (table.isPartitioned()) {
            // COPY of a partitioned table itself is refused: its rows are its partitions'.
            return "COPY (SELECT " + wanted + " FROM " + quoted() + ") TO STDOUT";
        }
        return "COPY " + quoted() + (wanted.isEmpty() ? "" : " (" + wanted + ")") + " TO STDOUT";
    }
}
