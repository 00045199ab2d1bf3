package dev.bactrian.restore.rows;

import dev.bactrian.archive.DamagedArchiveException;
import dev.bactrian.postgres.script.UnexpectedScriptException;
import dev.bactrian.restore.RestorePlan;
import dev.bactrian.restore.RestorePlan.TableLoad;
import dev.bactrian.restore.RestoreRun;
import java.io.EOFException;
import java.io.IOException;
import java.sql.SQLException;

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
        try {
            return load.rows();
        } catch (DamagedArchiveException | UnexpectedScriptException | EOFException e) {
            RestorePlan plan = run.getPlan();
            if (run.isStopped()
                    || plan == null
                    || !plan.backup()
                            .reader()
                            .readAgain(String.valueOf(table.part().dataEntry()))) {
                throw e;
            }
        }
        return load.rows();
    }
}
