package dev.bactrian.restore;

import dev.bactrian.support.Printable;
import java.sql.SQLException;
import java.util.Set;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * Which of a server's errors end a restore, and which only cost it one object (PostgreSQL manual, "Error Codes"). Those that
 * end it concern the connection, the server or its disk, and are listed; whatever isn't concerns what was asked for.
 */
public final class FatalErrors {

    /** Connection exception, insufficient resources, operator intervention. */
    private static final Set<String> ENDING_CLASSES = Set.of("08", "53", "57");

    /** I/O error, and a database that takes no writes, as every standby. */
    private static final Set<String> ENDING = Set.of("58030", "25006");

    /** One statement wanted more than a setting allows it, as {@code temp_file_limit}. */
    private static final String LIMIT_OF_ONE = "53400";

    private static final String CONNECTION = "08";

    /** The session is over after these, whatever it was. */
    private static final Set<String> LAST_WORDS = Set.of("FATAL", "PANIC");

    /** Undefined function or operator, table, object, column, schema; ambiguous function. */
    private static final Set<String> ABOUT_NAMES = Set.of("42883", "42P01", "42704", "42703", "3F000", "42725");

    private FatalErrors() {}

    /** Of a server's message about this session. */
    public static boolean endsAll(String sqlState) {
        return ENDING.contains(sqlState)
                || sqlState.length() == 5
                        && ENDING_CLASSES.contains(sqlState.substring(0, 2))
                        && !LIMIT_OF_ONE.equals(sqlState);
    }

    /** Whether a name wasn't found, or was found more than once: a search path decides about that. */
    public static boolean isAboutNames(SQLException failure) {
        return ABOUT_NAMES.contains(String.valueOf(failure.getSQLState()));
    }

    public static boolean endsAll(SQLException failure) {
        String state = failure.getSQLState();
        if (state == null) {
            return true;
        }
        ServerErrorMessage answer = failure instanceof PSQLException known ? known.getServerErrorMessage() : null;
        if (answer == null) {
            return endsAll(state);
        }
        if (LAST_WORDS.contains(String.valueOf(answer.getSeverity()))) {
            return true;
        }
        // The server can say so only while this connection holds: it is about one that the object asked for, as a view
        // over a foreign table does.
        return !state.startsWith(CONNECTION) && endsAll(state);
    }

    /** What the server said, in one line and without the driver's prefix; a name in it may have line breaks. */
    public static String firstLine(SQLException failure) {
        ServerErrorMessage answer = failure instanceof PSQLException known ? known.getServerErrorMessage() : null;
        String said = answer == null ? null : answer.getMessage();
        if (said != null) {
            return Printable.line(said.strip());
        }
        String message = failure.getMessage() == null ? "no message" : failure.getMessage();
        return Printable.line(
                message.lines().findFirst().orElse(message).strip().replaceFirst("^(ERROR|FATAL): ", ""));
    }
}
