package dev.bactrian.restore;

import java.sql.SQLException;
import java.util.Set;

/** Which of a server's errors end a restore, and which only cost it one object (PostgreSQL manual, "Error Codes"). */
final class Failures {

    /** Connection lost, server going down, disk full, out of memory, cancelled. */
    private static final Set<String> ENDING = Set.of("57P01", "57P02", "57P03", "53100", "53200", "53300", "57014");

    /** Undefined function or operator, table, object, column, schema; ambiguous function. */
    private static final Set<String> ABOUT_NAMES = Set.of("42883", "42P01", "42704", "42703", "3F000", "42725");

    private Failures() {}

    static boolean endsAll(String sqlState) {
        return sqlState.startsWith("08") || sqlState.startsWith("58") || ENDING.contains(sqlState);
    }

    /** Whether a name wasn't found, or was found more than once: a search path decides about that. */
    static boolean isAboutNames(SQLException failure) {
        return ABOUT_NAMES.contains(String.valueOf(failure.getSQLState()));
    }

    static boolean endsAll(SQLException failure) {
        return failure.getSQLState() == null || endsAll(failure.getSQLState());
    }

    /** What the server said, in one line and without the driver's prefix. */
    static String firstLine(SQLException failure) {
        String message = failure.getMessage() == null ? "no message" : failure.getMessage();
        return message.lines().findFirst().orElse(message).strip().replaceFirst("^(ERROR|FATAL): ", "");
    }
}
