package dev.bactrian.postgres;

import dev.bactrian.postgres.socket.ServerFrames;
import dev.bactrian.postgres.url.DatabaseUrl;
import dev.bactrian.problem.ErrorTranslator;
import dev.bactrian.problem.ErrorTranslators;
import dev.bactrian.problem.Problem;
import dev.bactrian.problem.ProblemException;
import dev.bactrian.support.Causes;
import java.sql.SQLException;
import java.util.Optional;
import java.util.stream.Collectors;

/** What PostgreSQL's errors mean (PostgreSQL manual, "PostgreSQL Error Codes"). */
public final class DatabaseErrors implements ErrorTranslator {

    @Override
    public Optional<Problem> explain(Throwable failure) {
        return failure instanceof SQLException error ? Optional.of(problem(error, "The database")) : Optional.empty();
    }

    /** A failure to connect to a known database. */
    public static ProblemException connecting(DatabaseUrl url, SQLException failure) {
        return new ProblemException(
                Unreachable.explain(url, failure).orElseGet(() -> problem(failure, url.toString())), failure);
    }

    private static Problem problem(SQLException error, String database) {
        return ServerMessages.explain(database, everything(error))
                .map(known -> new Problem(known.cause() + " It said: " + innermost(error) + ".", known.remedy()))
                .orElseGet(() -> byState(error, database));
    }

    private static String innermost(SQLException error) {
        return ErrorTranslators.innermost(error)
                .lines()
                .findFirst()
                .orElse("nothing")
                .strip()
                .replaceAll("\\.$", "");
    }

    /** The messages of all causes: TLS has its own below the driver's. */
    private static String everything(SQLException error) {
        return Causes.of(error).map(at -> at.getMessage() + "\n").collect(Collectors.joining());
    }

    private static String remedyOfRights(String message) {
        if (message.contains("row-level security")) {
            return "Give the backup role BYPASSRLS: ALTER ROLE … BYPASSRLS.";
        }
        if (message.contains("permission denied for schema")) {
            return "To read from it, GRANT pg_read_all_data TO the backup role. The history's role needs GRANT CREATE "
                    + "ON that SCHEMA, or its own schema, set with HISTORY_SCHEMA.";
        }
        return "Grant it; GRANT pg_read_all_data TO the backup role covers tables and sequences.";
    }

    private static Problem byState(SQLException error, String database) {
        String state = error.getSQLState() == null ? "" : error.getSQLState();
        return switch (state) {
            case "28P01", "28000" ->
                problem(
                        database + " refused the user or the password.",
                        "Check user and password in the connection URL; percent-encode special characters of the"
                                + " password.");
            case "3D000" ->
                problem(
                        database + " doesn't exist on that server.",
                        "Correct the database's name at the end of the connection URL.");
            case "53300" -> PoolerErrors.full(database);
            case "42501" ->
                problem(database + " denied a privilege: " + firstLine(error) + ".", remedyOfRights(firstLine(error)));
            case "25006" ->
                problem(
                        database + " takes no writes: " + firstLine(error) + ".",
                        "If SELECT pg_is_in_recovery() returns true, it is a standby: use its primary. Otherwise "
                                + "check where SHOW default_transaction_read_only is on (Supabase sets it when a "
                                + "project's disk is nearly full: free or add disk space first), and run ALTER "
                                + "DATABASE … RESET default_transaction_read_only, or ALTER ROLE … RESET "
                                + "default_transaction_read_only. If it only has the history of backups, set "
                                + "CONTROL_DATABASE_URL to a database that takes writes.");
            case "2201B" ->
                problem(
                        "A pattern isn't one that PostgreSQL can match: " + firstLine(error) + ".",
                        "Correct the pattern in the request or the setting; put names with special characters into"
                                + " double quotes.");
            case "55P03" ->
                problem(
                        "A table stayed locked by another session for longer than a minute.",
                        "Look in pg_stat_activity for a session that holds or waits for an ACCESS EXCLUSIVE lock, then"
                                + " try again.");
            case "57P01", "57P02", "57P03" ->
                problem(
                        database + " ended the connection, or is starting or stopping: " + firstLine(error) + ".",
                        "Wait until the server is up, then try again.");
            case "22021" ->
                problem(
                        database + " has a name that isn't valid UTF-8: " + firstLine(error) + ".",
                        "Rename the schema, table, sequence or role of that name. In an SQL_ASCII database, rows and "
                                + "comments may contain any bytes, but these names must be UTF-8.");
            default -> state.startsWith("08") ? unreachable(database, error) : other(database, error, state);
        };
    }

    private static Problem unreachable(String database, SQLException error) {
        String why = innermost(error);
        return problem(
                database + " can't be reached, or the connection to it broke: "
                        + (why.startsWith(ServerFrames.DAMAGED) ? why : firstLine(error)) + ".",
                "Check the host, the port and the network, and that the server is running; then try again.");
    }

    private static Problem other(String database, SQLException error, String state) {
        return PoolerErrors.explain(database, firstLine(error))
                .orElseGet(() -> problem(
                        database + " answered with an error (SQLSTATE " + state + "): " + firstLine(error) + ".",
                        "Run ./bactrian check; if it finds nothing, try again and see the log."));
    }

    private static Problem problem(String cause, String remedy) {
        return new Problem(cause, remedy);
    }

    private static String firstLine(SQLException error) {
        String message = error.getMessage() == null ? "no message" : error.getMessage();
        return message.lines().findFirst().orElse(message).strip().replaceAll("\\.$", "");
    }
}
