package dev.bactrian.dump;

import dev.bactrian.backup.BackupRun;
import dev.bactrian.dump.instant.InstantWatch;
import dev.bactrian.dump.instant.PlacedReading;
import dev.bactrian.dump.instant.Reading;
import dev.bactrian.dump.plan.DumpGroup;
import dev.bactrian.dump.plan.WholeTable;
import dev.bactrian.postgres.Table;
import dev.bactrian.problem.LeftOutStep;
import java.sql.SQLException;
import java.util.List;
import org.apache.camel.Body;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Header;

/** Says what psql has to copy where pg_dump doesn't read the rows, and begins to read it. */
public final class RowSources {

    /** A range of a large table, which pg_dump would read as a whole, by one process (ADR 0054). */
    public RowSource range(@Body DumpGroup group) {
        return new RowSource(group.tables().get(0), group, group.tables(), null);
    }

    /** A table that an extension made: pg_dump leaves those empty, silently, unless they are registered with it. */
    public RowSource ofExtension(@Body Table table) {
        return new RowSource(table, new DumpGroup(List.of(table)), List.of(table), null);
    }

    /**
     * The rows of all partitions of one table, for the table's own data.sql, whose COPY goes through the partitioned table:
     * a target finds out itself which partition takes a row. pg_dump prints one COPY through the root for each partition,
     * from some of its versions on and for some kinds of hashes alone (pg_dump.c, {@code forcePartitionRootLoad}).
     */
    public RowSource whole(@Body WholeTable whole) {
        long size = whole.parts().stream().mapToLong(Table::size).sum();
        DumpGroup group = new DumpGroup(List.of(whole.table().withSize(size)));
        return new RowSource(whole.table(), group, whole.parts(), null);
    }

    /** Begins to read a source that has its saved names. */
    public Reading begin(@Body RowSource source, @ExchangeProperty("instant") InstantWatch watch) throws SQLException {
        return watch.reading(source.watched());
    }

    /**
     * Begins to read a table that was renamed or moved after the snapshot, and is still there: pg_dump would look for it by
     * the names that the snapshot has.
     */
    public PlacedReading beginRenamed(
            @Body Table table, @ExchangeProperty("run") BackupRun run, @ExchangeProperty("instant") InstantWatch watch)
            throws SQLException {
        return PlacedReading.begin(run, watch, table);
    }

    /** What to copy of such a table: all of it, or the range that the group has. */
    public RowSource renamed(@Body Table table, @Header("group") DumpGroup group, @Header("reading") Reading reading) {
        if (reading instanceof PlacedReading placed) {
            return new RowSource(table, group.of(List.of(table)), List.of(table), placed.place());
        }
        throw LeftOutStep.edited("read a renamed table without finding it");
    }
}
