package dev.bactrian.dump;

import dev.bactrian.archive.write.Archive;
import dev.bactrian.archive.write.ArchiveContents;
import dev.bactrian.backup.BackupRun;
import dev.bactrian.dump.instant.InstantWatch;
import dev.bactrian.dump.instant.Place;
import dev.bactrian.dump.plan.BlockRange;
import dev.bactrian.dump.plan.DumpGroup;
import dev.bactrian.dump.plan.Plan;
import dev.bactrian.postgres.Snapshot;
import dev.bactrian.postgres.StoppableConnection;
import dev.bactrian.postgres.Table;
import dev.bactrian.run.StoppableRun;
import dev.bactrian.selection.Relation;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.apache.camel.Body;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Header;

/**
 * Copies tables that were renamed or moved after the snapshot, and are still there: pg_dump would look for them by the names
 * that the snapshot has.
 */
public final class RenamedTableCopy {

    /** Writes the table's data.sql, under its saved names, through a connection that sees the backup's snapshot. */
    public void copy(
            @Body Table table,
            @Header("group") DumpGroup group,
            @ExchangeProperty("run") BackupRun run,
            @ExchangeProperty("plan") Plan plan,
            @ExchangeProperty("snapshot") Snapshot snapshot,
            @ExchangeProperty("instant") InstantWatch watch,
            @ExchangeProperty("archive") Archive archive,
            @ExchangeProperty("contents") ArchiveContents contents)
            throws SQLException, IOException {
        BlockRange range = group.range();
        try (StoppableRun.Work work = run.beginWork();
                Connection connection = Snapshot.importInto(run, snapshot.getId());
                StoppableConnection stoppable = StoppableConnection.of(run, connection)) {
            RangeSession.begin(watch.place(table).name().quoted(), connection);
            // From here on only what no lock of a table keeps off can be changed; or another one had been locked.
            Place place = watch.place(table);
            String name = place.name().quoted();
            RowCopy copy = new RowCopy(plan, archive, run, contents);
            if (range == null) {
                copy.copy(table, quoted(place.savedColumns()), name + list(place.columns()), connection);
            } else {
                RangeSession.requireSameFile(table, name, connection);
                copy.copyRange(table, range, quoted(place.savedColumns()), name, quoted(place.columns()), connection);
            }
            watch.provenAt(table, place);
            run.warn("Table " + table.quoted() + " was renamed to "
                    + place.name().quoted()
                    + ", or its columns were renamed, after the backup's snapshot was taken. It is saved as it was.");
        }
    }

    private static String list(List<String> columns) {
        return columns.isEmpty() ? "" : " (" + quoted(columns) + ")";
    }

    private static String quoted(List<String> columns) {
        return Relation.quoted(columns);
    }
}
