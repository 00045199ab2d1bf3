package dev.bactrian.dump.instant;

import dev.bactrian.postgres.Table;
import dev.bactrian.problem.Problem;
import dev.bactrian.problem.ProblemException;
import dev.bactrian.selection.Relation;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Something that was changed while it was backed up, so that what was read may not be what the snapshot saw.
 *
 * @param object what it was called at the snapshot, with its kind: {@code Table "app"."item"}
 * @param what what was done to it, in words that go on from there, with the commands that do that
 * @param ofRows whether it concerns the rows of a table
 */
record ConcurrentChange(String object, String what, boolean ofRows) {

    static ConcurrentChange of(Relation.Named table, String what) {
        return new ConcurrentChange("Table " + table.quoted(), what, true);
    }

    /** A column that isn't what it was any more. */
    static ConcurrentChange ofColumn(String object, String column, boolean ofRows) {
        return new ConcurrentChange(
                object,
                "had columns or attributes changed, renamed, dropped or replaced (ALTER TABLE, ALTER TYPE), "
                        + Relation.quote(column) + " among them",
                ofRows);
    }

    /** Several as one; null for none. */
    static @Nullable ConcurrentChange together(List<ConcurrentChange> changes) {
        if (changes.isEmpty()) {
            return null;
        }
        return new ConcurrentChange(
                changes.get(0).object(),
                changes.get(0).what()
                        + changes.stream()
                                .skip(1)
                                .map(change -> "; " + change.object() + " " + change.what())
                                .collect(Collectors.joining()),
                false);
    }

    /**
     * Fails the backup where something was changed.
     *
     * @param cause what else went wrong because of it
     */
    static void refuse(@Nullable ConcurrentChange change, @Nullable Throwable cause) {
        if (change != null) {
            throw change.failure(cause);
        }
    }

    /** The failure of a table that is as it was, but may have been read while it wasn't. */
    static ProblemException undone(Table table) {
        return new ConcurrentChange("Table " + table.quoted(), "was changed and changed back while it was read", true)
                .failure(null);
    }

    private ProblemException failure(@Nullable Throwable cause) {
        return new ProblemException(
                new Problem(
                        object + " " + what + ", while the backup ran and after its snapshot was taken.",
                        "Start the backup again when that is done. If a job does it regularly, schedule the two at "
                                + "different times"
                                + (ofRows ? ", or leave the table's rows out with BACKUP_EXCLUDE_TABLE_DATA." : ".")),
                cause);
    }
}
