package dev.bactrian.postgres;

import dev.bactrian.postgres.url.DatabaseUrl;
import dev.bactrian.postgres.url.SupabaseAddress;
import dev.bactrian.problem.Problem;
import dev.bactrian.problem.ProblemException;
import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes sure that a connection keeps its session: a transaction pooler hands its clients to another session at each
 * transaction, so that no snapshot lives through it, and what is SET for one client stays behind for another. That is known
 * by behaviour alone, whatever the port: a session's process, its start and a setting of its own must be the same across
 * transactions, while a second connection is busy.
 *
 * <p>Comes before anything is set. As long as the sessions change, only reading shows it; the setting is the last proof.
 */
public final class SessionMode {

    private static final Logger LOG = LoggerFactory.getLogger(SessionMode.class);

    /** What needs sessions, in words. */
    public enum Need {
        BACKUP("a snapshot", null),
        RESTORE("a restore's sessions", "Nothing was changed."),
        HISTORY("the history's sessions", "Nothing was changed.");

        private final String what;
        private final @Nullable String consequence;

        Need(String what, @Nullable String consequence) {
            this.what = what;
            this.consequence = consequence;
        }
    }

    private final DatabaseUrl url;
    private final Need need;

    private SessionMode(DatabaseUrl url, Need need) {
        this.url = url;
        this.need = need;
    }

    /**
     * Proves it, in a few short transactions on two connections, which are closed again.
     *
     * @throws ProblemException when sessions change, when there is no second connection, or when there is no answer for
     *     {@link SessionProof#LONGEST}
     * @throws SQLException when the database can't be reached
     */
    public static void prove(DatabaseUrl url, Need need, ConnectionRetry retry) throws SQLException {
        SessionMode mode = new SessionMode(url, need);
        mode.refuseKnownPort();
        try (Connection first = retry.connect(url, () -> SessionProof.connect(url, false))) {
            SessionProof.of(first, () -> retry.connect(url, () -> SessionProof.connect(url, true)))
                    .outcome()
                    .ifPresent(found -> {
                        throw mode.refused(found);
                    });
        }
    }

    /**
     * As {@link #prove}.
     *
     * @throws ProblemException also when the database can't be reached
     */
    public static void proveReachable(DatabaseUrl url, Need need, ConnectionRetry retry) {
        try {
            prove(url, need, retry);
        } catch (SQLException e) {
            throw DatabaseErrors.connecting(url, e);
        }
    }

    /**
     * As {@link #prove}, for the history. A database that can't be reached is left to what comes next, which waits for it.
     */
    public static void proveForHistory(DatabaseUrl url) {
        try {
            prove(url, Need.HISTORY, ConnectionRetry.none());
        } catch (SQLException e) {
            LOG.debug("The history's database couldn't be queried: {}", e.getMessage());
        }
    }

    /** Supavisor's port, which is refused without asking: Supabase's own addresses are when they are read. */
    private void refuseKnownPort() {
        if (SupabaseAddress.isTransactionPooler(url)) {
            throw refused(SessionProof.Outcome.CHANGES);
        }
    }

    private ProblemException refused(SessionProof.Outcome outcome) {
        String pooler = url + " is a transaction pooler (port " + url.port() + ")";
        String cause =
                switch (outcome) {
                    case CHANGES -> pooler + ", which can't hold " + need.what + ".";
                    case CHANGES_IN_POOL_OF_ONE ->
                        pooler + " whose pool has no second connection; it can't hold " + need.what + ".";
                    case POOL_OF_ONE ->
                        url + " is a pool of one: next to a busy connection there was no second one for "
                                + SessionProof.LONGEST.toSeconds() + " s, and several are needed at once.";
                    case SILENT ->
                        url + " didn't answer a short query for " + SessionProof.LONGEST.toSeconds()
                                + " s, though it had accepted the connection: the pooler has no free connection, or "
                                + "the server hangs.";
                };
        return new ProblemException(new Problem(cause, need.consequence, remedy(outcome)), null);
    }

    private String remedy(SessionProof.Outcome outcome) {
        return switch (outcome) {
            case CHANGES, CHANGES_IN_POOL_OF_ONE ->
                "Use session mode instead: "
                        + (SupabaseAddress.isTransactionPooler(url)
                                ? url.withPort(SupabaseAddress.SESSION_PORT)
                                : "the address of the database itself, or of a pool in session mode (with PgBouncer, "
                                        + "pool_mode=session for this database or this user).");
            case POOL_OF_ONE ->
                "Use the address of the database itself, or raise the pool's size (with PgBouncer, default_pool_size or the"
                        + " database's pool_size).";
            case SILENT ->
                "Check the load of the pooler and the server, or use the address of the database itself; then try "
                        + "again.";
        };
    }
}
