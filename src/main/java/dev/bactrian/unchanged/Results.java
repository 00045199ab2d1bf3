package dev.bactrian.unchanged;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** Runs several statements in one message: far away each message costs its time there and back. */
final class Results {

    private Results() {}

    /** The values of the first columns of all rows of all of their results. */
    static List<String> of(Statement statement, String sql) throws SQLException {
        List<String> found = new ArrayList<>();
        boolean rows = statement.execute(sql);
        while (rows || statement.getUpdateCount() >= 0) {
            if (rows) {
                try (ResultSet result = statement.getResultSet()) {
                    while (result.next()) {
                        String value = result.getString(1);
                        found.add(value == null ? "" : value);
                    }
                }
            }
            rows = statement.getMoreResults();
        }
        return found;
    }
}
