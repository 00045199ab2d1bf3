package dev.bactrian.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * Makes the rows of a COPY in a session with {@link SessionSettings#ofSession} the same text as those in pg_dump's
 * output: by the quotes that pg_dump is told to make (values of regclass and its like have them), on top of those
 * settings.
 */
public final class CopySession {

    /** Statements that do so. */
    public static final String STATEMENTS = "SET search_path = ''; SET quote_all_identifiers = on";

    private CopySession() {}

    /** Sets what the session has to be set to. */
    public static void use(Connection connection) throws SQLException {
        execute(connection, STATEMENTS);
    }

    /**
     * As {@link #use}, for rows of an archive from before amounts of money were saved in one form: they are compared as
     * the server writes them.
     */
    public static void useWithMoneyOfServer(Connection connection) throws SQLException {
        use(connection);
        execute(connection, "RESET lc_monetary");
    }

    private static void execute(Connection connection, String statements) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(statements);
        }
    }
}
