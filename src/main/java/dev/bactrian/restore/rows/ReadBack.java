package dev.bactrian.restore.rows;

import dev.bactrian.postgres.CopySession;
import dev.bactrian.postgres.script.RowDigest;
import dev.bactrian.restore.ddl.RawText;
import dev.bactrian.selection.Relation;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.List;
import java.util.stream.Collectors;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;

/** What a table holds, as the connection's open transaction sees it: the same digest as an archive has of its rows. */
final class ReadBack {

    /** raise_exception. */
    private static final String OTHER_ROWS = "P0001";

    private ReadBack() {}

    /**
     * Reads it whole, without tables that inherit from it.
     *
     * @param table as it is quoted in a statement
     * @param columns that are digested, in this order
     * @throws SQLException when it can't be read whole, because of row security too
     */
    static RowDigest of(Connection connection, String table, List<String> columns) throws SQLException {
        return of(connection, false, table, columns);
    }

    /**
     * As {@link #of(Connection, String, List)}.
     *
     * @param partitioned whether the rows of its partitions are meant
     */
    static RowDigest of(Connection connection, boolean partitioned, String table, List<String> columns)
            throws SQLException {
        Savepoint before = connection.setSavepoint();
        CopySession.use(connection);
        RowDigest digest = new RowDigest();
        CopyOut copy = connection
                .unwrap(PGConnection.class)
                .getCopyAPI()
                .copyOut(RawText.copy(
                        partitioned
                                ? "COPY (SELECT " + Relation.quoted(columns) + " FROM " + table + ") TO STDOUT"
                                : "COPY " + table + list(columns) + " TO STDOUT",
                        connection));
        // One message per row, its line break included (PostgreSQL manual, "COPY Operations").
        for (byte[] row = copy.readFromCopy(); row != null; row = copy.readFromCopy()) {
            digest.row(row, 0, row.length - 1);
        }
        // The settings that the text depends on go with it: they aren't those that the restore works by.
        connection.rollback(before);
        connection.releaseSavepoint(before);
        return digest;
    }

    static boolean same(RowDigest one, RowDigest other) {
        return one.rows() == other.rows() && one.hex().equals(other.hex());
    }

    /** The table can't hold what was saved. */
    static SQLException differs() {
        return new SQLException(
                "The server stored other rows than were saved: a rule, a trigger or a column of another type changes "
                        + "the rows, or another session wrote to the table. Restore them into another schema "
                        + "(--into-schema).",
                OTHER_ROWS);
    }

    /** Columns as a COPY statement has them; nothing for a table without any. */
    static String list(List<String> columns) {
        return columns.isEmpty()
                ? ""
                : columns.stream().map(Relation::quote).collect(Collectors.joining(", ", " (", ")"));
    }
}
