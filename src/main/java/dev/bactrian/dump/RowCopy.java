package dev.bactrian.dump;

import dev.bactrian.archive.write.Archive;
import dev.bactrian.archive.write.ArchiveContents;
import dev.bactrian.backup.BackupRun;
import dev.bactrian.dump.instant.InstantWatch;
import dev.bactrian.dump.instant.Reading;
import dev.bactrian.dump.plan.Plan;
import dev.bactrian.postgres.CopySession;
import dev.bactrian.postgres.Table;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;

/** Writes a table's data.sql by a COPY of our own, for what pg_dump can't read. */
record RowCopy(Plan plan, Archive archive, BackupRun run, ArchiveContents contents) {

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
        copy(table, columns, List.of(from), connection);
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
        copy(read, columns, sources, connection);
        // While this transaction still holds its locks.
        reading.locked();
        reading.ended();
    }

    /** Quoted, with commas between; empty where a table has none that is stored. */
    private static String columns(Connection connection, Table table) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(COLUMNS)) {
            statement.setLong(1, table.oid());
            try (ResultSet result = statement.executeQuery()) {
                result.next();
                return result.getString(1);
            }
        }
    }

    /** As {@link #copy(Table, String, String, Connection)}, from several, one after the other. */
    void copy(Table table, String columns, List<String> sources, Connection connection)
            throws SQLException, IOException {
        CopySession.use(connection);
        TableDataEntry entry = TableDataEntry.begin(
                table,
                "COPY " + table.quoted() + " (" + columns + ") FROM stdin;",
                TableSplitter.textEncoding(plan),
                archive,
                run.getProgress());
        for (String from : sources) {
            CopyOut copy = connection
                    .unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyOut("COPY " + from + " TO STDOUT" + encoding());
            // One message per row, its line break included (PostgreSQL manual, "COPY Operations").
            for (byte[] row = copy.readFromCopy(); row != null; row = copy.readFromCopy()) {
                entry.digest().row(row, 0, row.length - 1);
                entry.write(row, 0, row.length);
            }
        }
        entry.finish(contents);
    }

    /** The session speaks UTF-8, in which not all that a database in SQL_ASCII has can be said. */
    private String encoding() {
        String encoding = TableSplitter.textEncoding(plan);
        return "UTF8".equals(encoding) ? "" : " WITH (ENCODING '" + encoding + "')";
    }
}
