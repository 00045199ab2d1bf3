package dev.bactrian.dump;

import dev.bactrian.archive.Archive;
import dev.bactrian.archive.ArchiveContents;
import dev.bactrian.backup.BackupRun;
import dev.bactrian.database.CopySession;
import dev.bactrian.database.Table;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;

/** Writes a table's data.sql by a COPY of our own, for what pg_dump can't read. */
record RowCopy(Plan plan, Archive archive, BackupRun run, ArchiveContents contents) {

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
