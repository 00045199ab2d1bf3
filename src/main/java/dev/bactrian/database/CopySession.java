package dev.bactrian.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * Makes the rows of a COPY through JDBC the same text as those in pg_dump's output: by the settings that pg_dump makes
 * itself, the quotes that it is told to make (values of regclass and its like have them), and the time zone that it is
 * given. {@code bytea_output} and {@code lc_monetary} aren't among them:
 * pg_dump leaves them to the server, so rows with such values are the same text only where these are.
 */
public final class CopySession {

    private static final String SETTINGS =
            """
            SET DateStyle = 'ISO';
            SET IntervalStyle = 'postgres';
            SET extra_float_digits = 3;
            SET TimeZone = 'UTC';
            SET search_path = '';
            SET quote_all_identifiers = on;
            SET row_security = off""";

    private CopySession() {}

    /** Sets what the session has to be set to; once it is connected, because the driver sends settings of its own. */
    public static void use(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(SETTINGS);
        }
    }
}
