package dev.bactrian.dump;

import dev.bactrian.archive.write.Archive;
import dev.bactrian.archive.write.ArchiveContents;
import dev.bactrian.backup.BackupRun;
import dev.bactrian.dump.instant.Reading;
import dev.bactrian.dump.plan.BlockRange;
import dev.bactrian.dump.plan.DumpGroup;
import dev.bactrian.dump.plan.Plan;
import dev.bactrian.postgres.Snapshot;
import dev.bactrian.postgres.StoppableConnection;
import dev.bactrian.postgres.Table;
import dev.bactrian.postgres.socket.ServerFrames;
import dev.bactrian.problem.ErrorTranslators;
import dev.bactrian.problem.LeftOutStep;
import dev.bactrian.problem.ProblemException;
import dev.bactrian.run.StoppableRun;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import org.apache.camel.Body;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Header;

/**
 * Copies a range of a large table's rows, as pg_dump would print them: it reads a table as a whole, by one process (ADR 0054).
 */
public final class RangeCopy {

    /** Writes one of the table's data files through a connection that sees the backup's snapshot. */
    public void copy(
            @Body DumpGroup group,
            @Header("reading") Reading reading,
            @ExchangeProperty("run") BackupRun run,
            @ExchangeProperty("plan") Plan plan,
            @ExchangeProperty("snapshot") Snapshot snapshot,
            @ExchangeProperty("archive") Archive archive,
            @ExchangeProperty("contents") ArchiveContents contents)
            throws SQLException, IOException {
        BlockRange range = group.range();
        if (range == null) {
            throw LeftOutStep.edited("copy whole tables as ranges, which pg-dump reads");
        }
        Table table = group.tables().get(0);
        try (StoppableRun.Work work = run.beginWork();
                Connection connection = Snapshot.importInto(run, snapshot.getId());
                StoppableConnection stoppable = StoppableConnection.of(run, connection)) {
            RangeSession.begin(table.quoted(), connection);
            // From here on only what no lock of a table keeps off can be changed.
            reading.locked();
            RangeSession.requireSameFile(table, table.quoted(), connection);
            String columns = RowCopy.columns(connection, table);
            new RowCopy(plan, archive, run, contents)
                    .copyRange(table, range, columns, table.quoted(), columns, connection);
        } catch (SQLException | ProblemException e) {
            if (ErrorTranslators.innermost(e).startsWith(ServerFrames.DAMAGED)) {
                throw tooLong(table, e);
            }
            reading.explain(e);
            throw e;
        }
        reading.ended();
    }

    /** The driver takes a row as a whole, which pg_dump doesn't; damage on the way looks like a row that is too long. */
    private static ProblemException tooLong(Table table, Throwable why) {
        ProblemException stopped = ProblemException.stopped(
                "A row of " + table.quoted() + " is too long for this process's memory, or came damaged: "
                        + ErrorTranslators.innermost(why) + ".",
                "Start the backup again; if that doesn't help, set BACKUP_SPLIT_ABOVE=off, so that pg_dump reads the table.");
        stopped.addSuppressed(why);
        return stopped;
    }
}
