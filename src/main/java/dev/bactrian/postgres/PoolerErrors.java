package dev.bactrian.postgres;

import dev.bactrian.postgres.url.DatabaseUrl;
import dev.bactrian.problem.Problem;
import dev.bactrian.support.Causes;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the errors of Supabase's pooler mean (Supavisor's {@code lib/supavisor/errors}). All of them have SQLSTATE XX000,
 * and libpq's programs print no SQLSTATE at all, so that only the text tells them apart: older versions' words, and the
 * codes in parentheses of newer ones.
 */
public final class PoolerErrors {

    private static final String TOO_MANY = "53300";

    private static final Pattern FULL = Pattern.compile(
            "(?i)\\((?:EMAXCONN(?:SESSION)?|EMAXCLIENTSESSION|EMAXCLIENTCONN|"
                    + "ECHECKOUTTIMEOUT)\\)|MaxClientsInSessionMode|Max client connections reached|"
                    + "Unable to check out process from the pool|"
                    // PostgreSQL's own, for programs.
                    + "sorry, too many clients already|remaining connection slots are reserved|too many connections for ");

    /** What pg_dumpall says, whatever the reason (connectDatabase in pg_dumpall.c, which keeps the server's answer to itself). */
    private static final Pattern UNEXPLAINED = Pattern.compile("could not connect to database \"[^\"]*\"\\s*$");

    private static final List<Meaning> MEANINGS = List.of(
            new Meaning(
                    "\\(ENOTFOUND\\)|\\(ETENANTNOTFOUND\\)|Tenant or user not found",
                    "The pooler of %s knows no such project.",
                    "Check the region in the host and the user, which is postgres.<project ref> at the pooler; the "
                            + "password isn't the reason. Copy both from the project's dashboard: Connect, Session "
                            + "pooler. The pooler doesn't know paused projects either."),
            new Meaning(
                    "\\(ENOIDENTIFIER\\)",
                    "The pooler of %s can't tell which project is meant.",
                    "Write the user with the project ref, as postgres.<project ref>."),
            new Meaning(
                    "\\(ECIRCUITBREAKER\\)",
                    "The pooler of %s temporarily refuses all connections, because too many connections to the "
                            + "project failed.",
                    "Find what connects with a wrong password, and wait ten minutes; then run ./bactrian check."),
            new Meaning(
                    "\\(ESSLREQUIRED\\)|SSL connection is required",
                    "The pooler of %s takes encrypted connections only.",
                    "Add ?sslmode=require to the end of the connection URL."),
            new Meaning(
                    "\\(EADDRNOTALLOWED\\)|[Aa]ddress not in tenant allow_list",
                    "The project of %s takes no connections from this machine's address.",
                    "Add the address in the project's dashboard: Database settings, Network restrictions."),
            new Meaning(
                    "\\(EBANNED\\)",
                    "The project of %s has been banned from the pooler.",
                    "See the project's dashboard for the reason."));

    private PoolerErrors() {}

    private record Meaning(String pattern, String cause, String remedy) {
        boolean fits(String text) {
            return Pattern.compile(pattern).matcher(text).find();
        }
    }

    /** Whether a program or a driver was told that there is no connection left: a later try may get one. */
    public static boolean isFull(@Nullable String text) {
        return text != null && FULL.matcher(text).find();
    }

    /**
     * The same, where a program may not have said why it got no connection, as pg_dumpall doesn't: then the database is asked.
     * One that is there may have been full a moment ago.
     */
    public static boolean isFull(String text, DatabaseUrl url) {
        return isFull(text) || UNEXPLAINED.matcher(text).find() && mayHaveBeenFull(url);
    }

    private static boolean mayHaveBeenFull(DatabaseUrl url) {
        try {
            DriverManager.getConnection(url.jdbcUrl(), url.jdbcProperties()).close();
            return true;
        } catch (SQLException e) {
            return isFull(e);
        }
    }

    /** As {@link #isFull(String)}; a connection pool of ours has the server's answer as its cause. */
    static boolean isFull(SQLException failure) {
        return Causes.of(failure)
                .anyMatch(at -> at instanceof SQLException error
                        && (TOO_MANY.equals(error.getSQLState()) || isFull(error.getMessage())));
    }

    /** There was no connection to get. */
    static Problem full(String database) {
        return new Problem(
                database + " has no connection left.",
                "Close other connections to it, lower BACKUP_PARALLELISM, or raise the server's connection limit. "
                        + "Supabase's session pooler has as many as the Pool Size in the dashboard's database "
                        + "settings.");
    }

    /** What a text of the pooler's means; empty when it is none. */
    public static Optional<Problem> explain(String database, String text) {
        if (isFull(text)) {
            return Optional.of(full(database));
        }
        return MEANINGS.stream()
                .filter(meaning -> meaning.fits(text))
                .findFirst()
                .map(meaning -> new Problem(meaning.cause().formatted(database), meaning.remedy()));
    }
}
