package dev.bactrian.unchanged;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * Questions in a transaction that others need afterwards: whatever comes of them, it is as it was, and holds no lock more. They
 * find the server's own functions and operators alone.
 */
final class Aside {

    private static final String BEGIN =
            "SAVEPOINT bactrian_aside; SET LOCAL search_path = pg_catalog, pg_temp; SET LOCAL jit = off; ";

    private static final String END = "ROLLBACK TO SAVEPOINT bactrian_aside; RELEASE SAVEPOINT bactrian_aside";

    private Aside() {}

    /** The first columns of all rows of all results, of one message. */
    static List<String> ask(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            try {
                return Results.of(statement, BEGIN + sql + "; " + END);
            } catch (SQLException e) {
                undo(statement, e);
                throw e;
            }
        }
    }

    private static void undo(Statement statement, SQLException failure) {
        try {
            statement.execute(END);
        } catch (SQLException e) {
            // The connection is gone, or there was no transaction.
            failure.addSuppressed(e);
        }
    }
}
