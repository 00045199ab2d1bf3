package dev.bactrian.restore.rows;

import dev.bactrian.archive.DamagedArchiveException;
import dev.bactrian.archive.DataEntry;
import dev.bactrian.archive.read.SavedBackup;
import dev.bactrian.postgres.script.CopyStatement;
import dev.bactrian.postgres.script.RowDigest;
import dev.bactrian.restore.FatalErrors;
import dev.bactrian.restore.RestorePlan.TableLoad;
import dev.bactrian.restore.RestoreRun;
import dev.bactrian.restore.Target;
import dev.bactrian.restore.target.Marker;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The parts of one table's rows, loaded by several workers, each in a transaction of its own. Where one fails, none stays: the
 * table is emptied then, and loaded as all others are, which says why it can't be, or tries it again. Where the process dies, the
 * target is marked as incomplete, and a second run drops the table, which the first one made.
 */
final class PartLoads {

    private final TableLoad table;
    private final RowDigest all = new RowDigest();
    private @Nullable CopyStatement first;
    private int open;
    private boolean failed;
    /** Some rows may be in the table. */
    private boolean written;

    PartLoads(TableLoad table, int count) {
        this.table = table;
        this.open = count;
    }

    /** Loads one, unless another has failed by now. */
    void load(RowLoad part, RestoreRun run, SavedBackup saved, Target target) throws SQLException, IOException {
        boolean loaded = false;
        if (!hasFailed()) {
            try {
                SecondRead.rows(List.of(part.entry()), run, () -> load(part.entry(), run, saved, target));
                loaded = true;
            } catch (SQLException e) {
                if (FatalErrors.endsAll(e) || run.isStopped()) {
                    throw e;
                }
            } catch (DamagedArchiveException e) {
                if (run.isStopped()) {
                    throw e;
                }
            }
        }
        part.ended(end(loaded));
    }

    private long load(DataEntry entry, RestoreRun run, SavedBackup saved, Target target)
            throws SQLException, IOException {
        try (Connection connection = target.connection()) {
            connection.setAutoCommit(false);
            try {
                RowDigest rows = SavedRows.copy(
                        table.part(), entry, from -> WholeLoad.copy(table, same(from)), run, saved, connection);
                Marker.loaded(table.target(), rows.rows(), connection);
                commits();
                connection.commit();
                add(rows);
                return rows.rows();
            } finally {
                if (!connection.isClosed()) {
                    connection.rollback();
                    connection.setAutoCommit(true);
                }
            }
        }
    }

    /** All parts have the same columns. Of others it is told where the table is loaded as a whole. */
    private synchronized CopyStatement same(CopyStatement from) throws SQLException {
        if (first == null) {
            first = from;
        } else if (!first.equals(from)) {
            throw new SQLException("The parts of its rows have different columns");
        }
        return from;
    }

    private synchronized void commits() {
        written = true;
    }

    private synchronized void add(RowDigest rows) {
        all.add(rows);
    }

    private synchronized boolean hasFailed() {
        return failed;
    }

    /** Whether it was the last one. */
    private synchronized boolean end(boolean loaded) {
        failed |= !loaded;
        open--;
        return open == 0;
    }

    synchronized long rows() {
        return all.rows();
    }

    /** Once all have ended: whether the table has all rows; if not, it has none. */
    synchronized boolean areWhole(RestoreRun run, Target target) throws SQLException {
        boolean whole = !failed && isAll();
        if (!whole && written && !run.isStopped()) {
            try (Connection connection = target.connection()) {
                Target.execute(connection, "TRUNCATE ONLY " + table.quoted());
            }
        }
        return whole;
    }

    private boolean isAll() {
        try {
            SavedRows.requireAll(table.part(), all);
            return true;
        } catch (DamagedArchiveException e) {
            return false;
        }
    }
}
