package dev.bactrian.restore;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;

/**
 * A statement that may be refused without harm to what comes after it, and that event triggers of the target don't decide
 * about where the role may say so: one that writes to a log by a name without a schema fails in every session of ours.
 */
public final class Attempt {

    private Attempt() {}

    /** What is tried: statements of one transaction, which it doesn't end. */
    public @FunctionalInterface interface Action {
        public void run() throws SQLException;
    }

    /**
     * Tries; outside of a transaction, once more without event triggers where it failed and the target has some. In a
     * transaction only this is taken back when it fails.
     *
     * @throws SQLException what the server said at first
     */
    public static void run(Connection connection, RestoreReport report, Action action) throws SQLException {
        if (!connection.getAutoCommit()) {
            runInTransaction(connection, action);
            return;
        }
        try {
            action.run();
        } catch (SQLException e) {
            if (FatalErrors.endsAll(e) || !runWithoutEventTriggers(connection, action)) {
                throw e;
            }
            report.note("What this restore makes was refused by event triggers of the target, and made without them: "
                    + FatalErrors.firstLine(e) + ".");
        }
    }

    /** Tries once; in a transaction only this is taken back when it fails. */
    public static void once(Connection connection, Action action) throws SQLException {
        if (connection.getAutoCommit()) {
            action.run();
        } else {
            runInTransaction(connection, action);
        }
    }

    private static void runInTransaction(Connection connection, Action action) throws SQLException {
        Savepoint before = connection.setSavepoint();
        try {
            action.run();
            connection.releaseSavepoint(before);
        } catch (SQLException e) {
            if (!FatalErrors.endsAll(e)) {
                connection.rollback(before);
                connection.releaseSavepoint(before);
            }
            throw e;
        }
    }

    /** Whether that helped. */
    private static boolean runWithoutEventTriggers(Connection connection, Action action) throws SQLException {
        connection.setAutoCommit(false);
        try {
            EventTriggersOff off = EventTriggersOff.in(connection);
            if (off.isEmpty()) {
                return false;
            }
            action.run();
            off.putBack();
            connection.commit();
            return true;
        } catch (SQLException e) {
            if (FatalErrors.endsAll(e)) {
                throw e;
            }
            return false;
        } finally {
            if (!connection.isClosed()) {
                connection.rollback();
                connection.setAutoCommit(true);
            }
        }
    }

    /** Runs what only prepares for something else, in a transaction: event triggers needn't know of it. */
    public static void quietly(Connection connection, String sql) throws SQLException {
        EventTriggersOff off = EventTriggersOff.in(connection);
        Target.execute(connection, sql);
        off.putBack();
    }
}
