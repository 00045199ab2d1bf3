package dev.bactrian.restore.rows;

import dev.bactrian.archive.read.SavedBackup;
import dev.bactrian.postgres.script.CopyStatement;
import dev.bactrian.restore.RestorePlan;
import dev.bactrian.restore.RestorePlan.TableLoad;
import dev.bactrian.restore.RestoreRun;
import dev.bactrian.restore.target.Marker;
import dev.bactrian.selection.Relation;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/** One table's rows on their way into it, all of them in one transaction. */
final class WholeLoad {

    private WholeLoad() {}

    /** Once more where a function that the table calls didn't find a name, by the path that may hold it. */
    static long loadInRounds(
            TableLoad table, boolean live, RestoreRun run, RestorePlan plan, Connection connection, boolean managed)
            throws SQLException, IOException {
        Relation.Named saved = RestorePlan.named(table.part());
        long rows;
        try {
            rows = load(table, live, run, plan.backup(), connection, managed);
        } catch (SQLException e) {
            if (!run.getNames().widen(saved, e)) {
                throw e;
            }
            run.getNames().tellOfOthers(table.target().schema());
            rows = load(table, live, run, plan.backup(), connection, managed);
        }
        run.getNames().tellOfRows(saved, run.getReport(), TableLoader.what(table));
        return rows;
    }

    private static long load(
            TableLoad table, boolean live, RestoreRun run, SavedBackup saved, Connection connection, boolean managed)
            throws SQLException, IOException {
        connection.setAutoCommit(false);
        try {
            long rows = live
                    ? new LiveLoad(table, run, saved, connection, managed).load()
                    : loadNew(table, run, saved, connection);
            AgentJobs jobs = new AgentJobs(table, run, saved);
            jobs.pause(table.quoted(), connection);
            Marker.loaded(table.target(), rows, connection);
            connection.commit();
            jobs.tell();
            return rows;
        } finally {
            if (!connection.isClosed()) {
                connection.rollback();
                connection.setAutoCommit(true);
            }
        }
    }

    private static long loadNew(TableLoad table, RestoreRun run, SavedBackup saved, Connection connection)
            throws SQLException, IOException {
        if (table.part().isPartitioned()) {
            // Which can't be frozen.
            return SavedRows.copy(table.part(), from -> copy(table, from), run, saved, connection)
                    .rows();
        }
        try (Statement statement = connection.createStatement()) {
            // Only what was made in the same transaction can be frozen.
            statement.execute("TRUNCATE ONLY " + table.quoted());
        }
        // What no other session sees yet needn't be made visible row by row later.
        return SavedRows.copy(table.part(), from -> copy(table, from) + " WITH (FREEZE)", run, saved, connection)
                .rows();
    }

    static String copy(TableLoad table, CopyStatement from) {
        return "COPY " + table.quoted() + ReadBack.list(from.columns()) + " FROM STDIN";
    }
}
