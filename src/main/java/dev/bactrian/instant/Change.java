package dev.bactrian.instant;

import dev.bactrian.backup.BackupException;
import dev.bactrian.backup.Problem;
import dev.bactrian.selection.Relation;
import org.jspecify.annotations.Nullable;

/**
 * Something that was changed while it was backed up, so that what was read may not be what the snapshot saw.
 *
 * @param object what it was called at the snapshot, with its kind: {@code Table "app"."item"}
 * @param what what was done to it, in words that go on from there, with the commands that do that
 */
record Change(String object, String what) {

    static Change of(Relation.Named table, String what) {
        return new Change("Table " + table.quoted(), what);
    }

    /** The failure that it leads to. */
    BackupException failure(@Nullable Throwable cause) {
        return new BackupException(
                new Problem(
                        object + " " + what + " while the backup ran, after its snapshot was taken.",
                        Problem.NOTHING_STORED,
                        "Start the backup again when that is done. If a job does it regularly, schedule the two apart, or"
                                + " leave the table's rows out with BACKUP_EXCLUDE_TABLE_DATA."),
                cause);
    }
}
