package dev.bactrian.dump;

import dev.bactrian.archive.Archive;
import dev.bactrian.archive.ArchiveContents;
import dev.bactrian.backup.BackupRun;
import dev.bactrian.backup.StoppableRun;
import dev.bactrian.database.Snapshot;
import dev.bactrian.database.Table;
import dev.bactrian.instant.InstantWatch;
import dev.bactrian.instant.Reading;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.apache.camel.Body;
import org.apache.camel.ExchangeProperty;
import org.jspecify.annotations.Nullable;

/** Copies tables that extensions made: pg_dump leaves those empty, silently, unless they are registered with it. */
public final class ExtensionTableCopy {

    private static final String COLUMNS =
            "SELECT string_agg('\"' || replace(attname, '\"', '\"\"') || '\"', ', ' ORDER BY attnum) FROM pg_attribute "
                    + "WHERE attrelid = ?::oid AND attnum > 0 AND NOT attisdropped AND attgenerated = ''";

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
                Connection connection = Snapshot.importInto(run, snapshot.getId())) {
            Reading reading = watch.reading(List.of(table));
            String columns = columns(connection, table);
            String list = columns == null ? "" : columns;
            new RowCopy(plan, archive, run, contents)
                    .copy(table, list, table.quoted() + (columns == null ? "" : " (" + list + ")"), connection);
            // While this transaction still holds its lock.
            reading.locked();
            reading.ended();
        }
    }

    static @Nullable String columns(Connection connection, Table table) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(COLUMNS)) {
            statement.setLong(1, table.oid());
            try (ResultSet result = statement.executeQuery()) {
                return result.next() ? result.getString(1) : null;
            }
        }
    }
}
