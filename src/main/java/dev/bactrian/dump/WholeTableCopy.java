package dev.bactrian.dump;

import dev.bactrian.archive.write.Archive;
import dev.bactrian.archive.write.ArchiveContents;
import dev.bactrian.backup.BackupRun;
import dev.bactrian.dump.instant.InstantWatch;
import dev.bactrian.dump.plan.Plan;
import dev.bactrian.dump.plan.WholeTable;
import dev.bactrian.postgres.Snapshot;
import dev.bactrian.postgres.StoppableConnection;
import dev.bactrian.run.StoppableRun;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import org.apache.camel.Body;
import org.apache.camel.ExchangeProperty;

/**
 * Copies the rows of all partitions of one table into the table's own data.sql, whose COPY goes through the partitioned
 * table: a target finds out itself which partition takes a row. pg_dump prints one COPY through the root for each partition,
 * from some of its versions on and for some kinds of hashes alone (pg_dump.c, {@code forcePartitionRootLoad}).
 */
public final class WholeTableCopy {

    /** Writes the table's data.sql through a connection that sees the backup's snapshot. */
    public void copy(
            @Body WholeTable whole,
            @ExchangeProperty("run") BackupRun run,
            @ExchangeProperty("plan") Plan plan,
            @ExchangeProperty("snapshot") Snapshot snapshot,
            @ExchangeProperty("instant") InstantWatch watch,
            @ExchangeProperty("archive") Archive archive,
            @ExchangeProperty("contents") ArchiveContents contents)
            throws SQLException, IOException {
        try (StoppableRun.Work work = run.beginWork();
                Connection connection = Snapshot.importInto(run, snapshot.getId());
                StoppableConnection stoppable = StoppableConnection.of(run, connection)) {
            new RowCopy(plan, archive, run, contents).copyWatched(whole.table(), whole.parts(), watch, connection);
        }
    }
}
