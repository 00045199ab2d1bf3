package dev.bactrian.dump;

import dev.bactrian.postgres.Table;
import dev.bactrian.problem.ProblemException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * A session that reads a range of a table. All ranges must be read of one file, the one that the snapshot knows: where VACUUM
 * FULL or CLUSTER made another, each row is still there, but in another place, so that ranges of the old file and of the new
 * one would have some rows twice and others not at all.
 */
final class RangeSession {

    /**
     * The row of pg_class is the snapshot's; the functions know the file of now, which the table's lock keeps (PostgreSQL manual,
     * "Database Object Management Functions").
     */
    private static final String SAME_FILE = "SELECT pg_catalog.to_regclass(?)::oid = c.oid"
            + " AND pg_catalog.pg_relation_filenode(c.oid) = c.relfilenode FROM pg_catalog.pg_class c WHERE c.oid = ?::oid";

    private RangeSession() {}

    /**
     * Locks the table against all that would give it another file, and sees to it that the range is read, and not the whole
     * table with all rows but the range's passed over.
     *
     * @param name of the table now, quoted
     */
    static void begin(String name, Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("LOCK TABLE ONLY " + name + " IN ACCESS SHARE MODE");
            statement.execute("SET LOCAL enable_tidscan = on; SET LOCAL enable_seqscan = off;"
                    + " SET LOCAL max_parallel_workers_per_gather = 0; SET LOCAL jit = off");
        }
    }

    /**
     * Fails where the locked table has another file than the snapshot knows.
     *
     * @param name of the table now, quoted
     */
    static void requireSameFile(Table table, String name, Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(SAME_FILE)) {
            statement.setString(1, name);
            statement.setLong(2, table.oid());
            try (ResultSet same = statement.executeQuery()) {
                if (!same.next() || !same.getBoolean(1)) {
                    throw ProblemException.stopped(
                            "Table " + table.quoted() + " got a new file after the backup's snapshot was taken (VACUUM "
                                    + "FULL, CLUSTER or SET TABLESPACE), so its parts would not fit together.",
                            "Start the backup again when that is done, or set BACKUP_SPLIT_ABOVE=off.");
                }
            }
        }
    }
}
