package dev.bactrian.restore.rows;

import dev.bactrian.archive.DamagedArchiveException;
import dev.bactrian.archive.DataEntry;
import dev.bactrian.archive.read.SavedBackup;
import dev.bactrian.restore.RestorePlan;
import dev.bactrian.restore.RestorePlan.TableLoad;
import dev.bactrian.restore.RestoreRun;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;

/** Rows that came damaged are read once more: only the way here may have done that. */
final class SecondRead {

    private SecondRead() {}

    /** Loads rows in a transaction of its own, of which nothing stays when it fails. */
    @FunctionalInterface
    interface Load {
        long rows() throws SQLException, IOException;
    }

    /**
     * Loads a table's rows, in a second try where the first found damage.
     *
     * @return how many
     */
    static long rows(TableLoad table, RestoreRun run, Load load) throws SQLException, IOException {
        return rows(table.part().rowEntries(), run, load);
    }

    /** The same of some of its entries, of which one may have come damaged. */
    static long rows(List<DataEntry> entries, RestoreRun run, Load load) throws SQLException, IOException {
        try {
            return load.rows();
        } catch (DamagedArchiveException e) {
            RestorePlan plan = run.getPlan();
            List<DataEntry> damaged = e instanceof DamagedRowsException rows ? List.of(rows.entry()) : entries;
            if (run.isStopped() || plan == null || !readAgain(damaged, plan.backup())) {
                throw e;
            }
        }
        return load.rows();
    }

    private static boolean readAgain(List<DataEntry> entries, SavedBackup saved) {
        boolean again = false;
        for (DataEntry rows : entries) {
            again |= saved.reader().readAgain(rows.entry());
        }
        return again;
    }
}
