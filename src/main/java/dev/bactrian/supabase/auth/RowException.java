package dev.bactrian.supabase.auth;

import java.sql.SQLException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/** A user whose row the target doesn't take. Its message names the user's line, and no value that could be a secret. */
final class RowException extends SQLException {

    private static final long serialVersionUID = 1L;

    /** What a server's error message says of its place. The column's value may follow: it isn't taken over. */
    private static final Pattern PLACE = Pattern.compile("COPY \\w+, line (\\d+)(?:, column (\\w+))?");

    private static final String UNIQUE = "23505";

    RowException(String table, @Nullable String column, String why, UserEntry user, @Nullable SQLException cause) {
        super(
                "The user of line " + user.line() + " (" + user.id() + ") doesn't fit into auth." + table + ": "
                        + (column == null ? "" : "column " + column + ", ") + why + ".",
                cause == null ? "22000" : cause.getSQLState(),
                cause);
    }

    /**
     * The error with its line, where it is one of a row.
     *
     * @param owners whose the rows were that were written, in their order
     */
    static SQLException of(SQLException failure, String table, List<UserEntry> owners) {
        ServerErrorMessage message = failure instanceof PSQLException said ? said.getServerErrorMessage() : null;
        if (message == null || message.getWhere() == null) {
            return failure;
        }
        Matcher place = PLACE.matcher(message.getWhere());
        if (!place.find() || Integer.parseInt(place.group(1)) > owners.size()) {
            return failure;
        }
        String detail = UNIQUE.equals(failure.getSQLState()) ? ": " + message.getDetail() : "";
        return new RowException(
                table,
                place.group(2),
                (message.getMessage() + detail).replaceAll("\\.$", ""),
                owners.get(Integer.parseInt(place.group(1)) - 1),
                failure);
    }
}
