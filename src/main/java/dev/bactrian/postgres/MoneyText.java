package dev.bactrian.postgres;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** Whether a session writes amounts of money as one with {@code lc_monetary = 'C'} does, or there are none to write. */
final class MoneyText {

    private static final String SAMPLE = "SELECT (-1234567.89)::pg_catalog.numeric::pg_catalog.money::pg_catalog.text";
    private static final String IN_C = "-$1,234,567.89";

    private static final String IN_USE =
            """
            SELECT EXISTS (SELECT FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
                            WHERE a.atttypid IN ('money'::regtype, 'money[]'::regtype) AND NOT a.attisdropped
                              AND c.relnamespace <> 'pg_catalog'::regnamespace)
                OR EXISTS (SELECT FROM pg_type WHERE typbasetype IN ('money'::regtype, 'money[]'::regtype))
                OR EXISTS (SELECT FROM pg_range WHERE rngsubtype = 'money'::regtype)
                OR EXISTS (SELECT FROM pg_proc WHERE pronamespace <> 'pg_catalog'::regnamespace
                              AND 'money'::regtype = ANY (proargtypes))""";

    private MoneyText() {}

    static boolean isUsual(Connection connection) throws SQLException {
        if (IN_C.equals(text(connection, SAMPLE))) {
            return true;
        }
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET search_path = pg_catalog, pg_temp");
        }
        return "f".equals(text(connection, IN_USE));
    }

    private static String text(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getString(1);
        }
    }
}
