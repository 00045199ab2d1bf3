package dev.bactrian.dump;

import dev.bactrian.archive.write.Archive;
import dev.bactrian.archive.write.ArchiveContents;
import dev.bactrian.backup.BackupRun;
import dev.bactrian.dump.instant.InstantWatch;
import dev.bactrian.dump.instant.Reading;
import dev.bactrian.dump.plan.BlockRange;
import dev.bactrian.dump.plan.Plan;
import dev.bactrian.postgres.CopySession;
import dev.bactrian.postgres.Table;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;

/** Writes a table's data.sql by a COPY of our own, for what pg_dump can't read. */
record RowCopy(Plan plan, Archive archive, BackupRun run, ArchiveContents contents) {

    private static final int BUFFER = 1 << 16;

    private static final String COLUMNS =
            "SELECT coalesce(string_agg('\"' || replace(attname, '\"', '\"\"') || '\"', ', ' ORDER BY attnum), '') FROM pg_attribute "
                    + "WHERE attrelid = ?::oid AND attnum > 0 AND NOT attisdropped AND attgenerated = ''";

    /**
     * Copies the rows.
     *
     * @param columns of the saved table, quoted and separated by commas
     * @param from the table as it is called now, with its columns in the same order
     * @param connection that sees the backup's snapshot
     */
    void copy(Table table, String columns, String from, Connection connection) throws SQLException, IOException {
        copy(table, null, columns, List.of(from), connection);
    }

    /**
     * Copies the rows of a range of a table, through a connection on which {@link RangeSession} has been begun.
     *
     * @param columns of the saved table, quoted and separated by commas
     * @param name of the table now, quoted
     * @param columnsNow the same columns by their names of now
     */
    void copyRange(Table table, BlockRange range, String columns, String name, String columnsNow, Connection connection)
            throws SQLException, IOException {
        // TO (SELECT …) prints each value as TO (table) does: by its type's output function.
        String rows = "(SELECT " + columnsNow + " FROM ONLY " + name + " WHERE " + range.condition() + ")";
        copy(table, range, columns, List.of(rows), connection);
    }

    /**
     * Copies the rows of tables that are still where the snapshot has them, which the watch must confirm.
     *
     * @param table as it is saved, whose columns are named: those of its partitions may be in another order
     * @param from itself, or its partitions
     */
    void copyWatched(Table table, List<Table> from, InstantWatch watch, Connection connection)
            throws SQLException, IOException {
        Set<Table> all = new LinkedHashSet<>(from);
        all.add(table);
        Reading reading = watch.reading(List.copyOf(all));
        String columns = columns(connection, table);
        String list = columns.isEmpty() ? "" : " (" + columns + ")";
        List<String> sources = from.stream().map(part -> part.quoted() + list).toList();
        Table read = table.withSize(from.stream().mapToLong(Table::size).sum());
        copy(read, null, columns, sources, connection);
        // While this transaction still holds its locks.
        reading.locked();
        reading.ended();
    }

    /** Quoted, with commas between; empty where a table has none that is stored. */
    static String columns(Connection connection, Table table) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(COLUMNS)) {
            statement.setLong(1, table.oid());
            try (ResultSet result = statement.executeQuery()) {
                result.next();
                return result.getString(1);
            }
        }
    }

    /** As {@link #copy(Table, String, String, Connection)}, from several, one after the other. */
    private void copy(
            Table table, @Nullable BlockRange range, String columns, List<String> sources, Connection connection)
            throws SQLException, IOException {
        CopySession.use(connection);
        TableDataEntry entry = TableDataEntry.begin(
                table,
                range,
                "COPY " + table.quoted() + (columns.isEmpty() ? " " : " (" + columns + ")") + " FROM stdin;",
                TableSplitter.textEncoding(plan),
                archive,
                run.getProgress());
        // Each row comes alone; the next steps take many as fast.
        OutputStream rows = new BufferedOutputStream(entry, BUFFER);
        for (String from : sources) {
            CopyOut copy = connection
                    .unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyOut("COPY " + from + " TO STDOUT" + encoding());
            // One message per row, its line break included (PostgreSQL manual, "COPY Operations").
            for (byte[] row = copy.readFromCopy(); row != null; row = copy.readFromCopy()) {
                entry.digest().row(row, 0, row.length - 1);
                rows.write(row, 0, row.length);
            }
        }
        rows.flush();
        entry.finish(contents);
    }

    /** The session speaks UTF-8, in which not all that a database in SQL_ASCII has can be said. */
    private String encoding() {
        String encoding = TableSplitter.textEncoding(plan);
        return "UTF8".equals(encoding) ? "" : " WITH (ENCODING '" + encoding + "')";
    }
}
