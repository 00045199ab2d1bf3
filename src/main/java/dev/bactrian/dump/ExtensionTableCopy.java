package dev.bactrian.dump;

import dev.bactrian.archive.write.Archive;
import dev.bactrian.archive.write.ArchiveContents;
import dev.bactrian.backup.BackupRun;
import dev.bactrian.dump.instant.InstantWatch;
import dev.bactrian.dump.plan.Plan;
import dev.bactrian.postgres.Snapshot;
import dev.bactrian.postgres.StoppableConnection;
import dev.bactrian.postgres.Table;
import dev.bactrian.run.StoppableRun;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.apache.camel.Body;
import org.apache.camel.ExchangeProperty;

/** Copies tables that extensions made: pg_dump leaves those empty, silently, unless they are registered with it. */
public final class ExtensionTableCopy {

    /** Writes the table's data.sql through a connection that sees the backup's snapshot. */
    public void copy(
            @Body Table table,
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
            new RowCopy(plan, archive, run, contents).copyWatched(table, List.of(table), watch, connection);
        }
    }
}
