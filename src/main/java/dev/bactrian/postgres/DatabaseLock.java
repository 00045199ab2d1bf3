package dev.bactrian.postgres;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * Keeps backups of a database and restores into it apart, whichever process or machine they run on: an advisory lock in
 * the database concerned, which sessions hold until they end. Backups share it; a restore has it alone. Such locks are per
 * database, and per server: a standby's aren't the primary's (PostgreSQL manual, "Hot Standby").
 */
public final class DatabaseLock {

    /** An arbitrary number that stands for "Bactrian works here". */
    private static final long KEY = 0x4261_6374_7269_616EL;

    private static final String TRY_SHARED = "SELECT pg_catalog.pg_try_advisory_lock_shared(" + KEY + ")";
    private static final String TRY_ALONE = "SELECT pg_catalog.pg_try_advisory_lock(" + KEY + ")";
    private static final String RELEASE_SHARED = "SELECT pg_catalog.pg_advisory_unlock_shared(" + KEY + ")";

    /** A key is in two halves there. */
    private static final String SHARED_BY_ANY =
            "SELECT EXISTS (SELECT FROM pg_catalog.pg_locks WHERE locktype = 'advisory' AND objsubid = 1 AND granted"
                    + " AND mode = 'ShareLock' AND classid = " + (KEY >>> Integer.SIZE) + " AND objid = "
                    + (KEY & 0xFFFF_FFFFL)
                    + " AND database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database()))";

    private DatabaseLock() {}

    /** Takes it for a backup; false when a restore is going on. */
    public static boolean forBackup(Connection connection) throws SQLException {
        return yes(connection, TRY_SHARED);
    }

    /** Takes it for a restore; false when a backup or another restore is going on. */
    public static boolean forRestore(Connection connection) throws SQLException {
        return yes(connection, TRY_ALONE);
    }

    /** Whether it is a backup that has it, or several. */
    public static boolean isOfBackup(Connection connection) throws SQLException {
        return yes(connection, SHARED_BY_ANY);
    }

    /** Gives back what {@link #forBackup} took. */
    public static void releaseShared(Connection connection) throws SQLException {
        yes(connection, RELEASE_SHARED);
    }

    private static boolean yes(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            return row.next() && row.getBoolean(1);
        }
    }
}
