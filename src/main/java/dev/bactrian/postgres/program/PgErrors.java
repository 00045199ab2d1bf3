package dev.bactrian.postgres.program;

import dev.bactrian.postgres.PoolerErrors;
import dev.bactrian.postgres.ServerMessages;
import dev.bactrian.problem.Problem;
import dev.bactrian.problem.ProblemException;
import dev.bactrian.support.Units;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a PostgreSQL program meant by what it printed. Only the advice depends on the text: any exit but 0 is a failure
 * whatever was printed.
 */
final class PgErrors {

    private static final int MOST_SHOWN = 600;
    /** pg_dump waits for locks by statement_timeout, so that is what the server names. */
    private static final String LOCK_TIMEOUT = "(?s)lock timeout|statement timeout.*LOCK TABLE";

    private static final Pattern LOCKED = Pattern.compile(LOCK_TIMEOUT);
    /** Up to the program's next message: a query may be of several lines. */
    private static final Pattern QUERY =
            Pattern.compile("(?ms)^[^\\n]*\\b(?:Query|Command) was: .*?(?=^pg_\\w+: |\\z)");

    /** Where in a statement the server found an error, as psql shows it: two lines. */
    private static final Pattern POSITION = Pattern.compile("(?m)^LINE \\d+: .*\\R *\\^$");

    private static final Pattern WARNING = Pattern.compile("(?m)^pg_\\w+: warning: (.*)$");

    private static final List<Advice> ADVICE = List.of(
            new Advice(
                    "server version mismatch",
                    "Install a pg_dump that is at least as new as the server, or set PG_BIN to it."),
            new Advice("password authentication failed", "Check user and password in the connection URL."),
            new Advice(
                    "relation \"?.*\"? does not exist|no matching tables were found|could not open relation",
                    "A table was dropped or renamed while the backup began. Start the backup again."),
            new Advice(
                    "permission denied",
                    "Grant what is missing; GRANT pg_read_all_data TO the backup role covers tables and sequences."),
            new Advice("row-level security policy", "Give the backup role BYPASSRLS: ALTER ROLE … BYPASSRLS."),
            new Advice(
                    LOCK_TIMEOUT,
                    "Another session has an exclusive lock on a table. Find it in pg_stat_activity, and start the "
                            + "backup again when it is done."),
            new Advice(
                    "invalid snapshot identifier",
                    "The snapshot's connection broke. Start the backup again; find what closes idle connections."),
            new Advice(
                    "terminating connection|server closed the connection|connection to server .* failed|could not connect|connection not open",
                    "The connection to the database broke. Check that the server is up and stable, then try again."),
            new Advice("No space left on device", "Free space in the work folder, or set WORK_DIR to a larger disk."));

    private PgErrors() {}

    private record Advice(String pattern, String remedy) {
        boolean fits(String text) {
            return Pattern.compile(pattern).matcher(text).find();
        }
    }

    /** The exception for a program that exited with another value than 0. */
    static ProblemException exited(String program, int exit, String stderr) {
        String said = shorten(stderr, program);
        // The pooler's own words come within "connection to server failed", which says less.
        Optional<Problem> known =
                PoolerErrors.explain("the database", stderr).or(() -> ServerMessages.explain("the database", stderr));
        String remedy = known.map(Problem::remedy)
                .or(() -> ADVICE.stream()
                        .filter(advice -> advice.fits(stderr))
                        .map(Advice::remedy)
                        .findFirst())
                .orElse("Run ./bactrian check; if it finds nothing, try again and see the log.");
        Matcher locked = LOCKED.matcher(stderr);
        String cause = program + " failed with exit code " + exit + (said.isEmpty() ? "." : ": " + said + ".")
                + (locked.find() ? " It waited for a table's lock as long as " + waiting(program) + " allows." : "");
        return new ProblemException(new Problem(cause, remedy), null);
    }

    /** The flag that says how long it waits for a lock. */
    private static String waiting(String program) {
        return "psql".equals(program) ? "--set=lock_timeout" : "--lock-wait-timeout";
    }

    /** The exception for a program that was ended because it printed nothing any more. */
    static ProblemException stalled(String program, Duration longest) {
        return ProblemException.stopped(
                program + " printed nothing for " + Units.readable(longest) + ", and was stopped.",
                "Check in pg_stat_activity what the backup's sessions wait for, and check the network; or raise "
                        + "BACKUP_STALL_TIMEOUT. Then start the backup again.");
    }

    /** Warnings among what a program printed; one that concerns another way of restoring than ours is left out. */
    static List<String> warnings(String stderr) {
        return WARNING.matcher(stderr)
                .results()
                .map(found -> found.group(1).strip())
                .filter(warning -> !warning.contains("circular foreign-key constraints"))
                .map(warning -> warning.length() <= MOST_SHOWN ? warning : warning.substring(0, MOST_SHOWN) + "…")
                .toList();
    }

    private static String shorten(String stderr, String program) {
        String text = POSITION.matcher(QUERY.matcher(stderr).replaceAll(""))
                .replaceAll("")
                .replace(program + ": ", "")
                .replaceAll("(?m)^(error|warning|detail|hint|ERROR|FATAL): +", "")
                .replaceAll("\\s*\\n\\s*", "; ")
                .strip()
                .replaceAll("[;.]+$", "");
        return text.length() <= MOST_SHOWN ? text : text.substring(0, MOST_SHOWN) + "…";
    }
}
