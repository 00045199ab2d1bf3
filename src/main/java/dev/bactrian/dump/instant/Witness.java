package dev.bactrian.dump.instant;

import dev.bactrian.postgres.DatabaseRun;
import dev.bactrian.postgres.FreshSession;
import dev.bactrian.problem.ProblemException;
import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** A session that sees the database as it is, while a backup's others see it as it was. It is opened when it is first needed. */
final class Witness implements AutoCloseable {

    /** SQLSTATE class 08: the connection is gone; 57P: the server ended the session. */
    private static final String BROKEN = "08.*|57P.*";

    private static final String QUERY_CANCELED = "57014";
    private static final int VALID_SECONDS = 10;

    private final DatabaseRun run;
    private @Nullable Connection connection;
    private boolean ended;

    Witness(DatabaseRun run) {
        this.run = run;
    }

    /** Something that is asked of the session; perhaps twice. */
    @FunctionalInterface
    interface Question<T> {
        T ask(Connection connection) throws SQLException;
    }

    /** Asks; once more by a new connection where the old one turns out to be broken: it holds nothing. */
    <T> T ask(Question<T> question) throws SQLException {
        try {
            return question.ask(connected());
        } catch (SQLException e) {
            if (e.getSQLState() == null || !e.getSQLState().matches(BROKEN) || run.isStopped()) {
                throw e;
            }
            disconnect();
            return question.ask(connected());
        }
    }

    /** Whether the database is there to be asked why something failed; that it isn't may be why. */
    boolean answers(Throwable failure) {
        try {
            return !run.isStopped() && ask(open -> open.isValid(VALID_SECONDS));
        } catch (SQLException | ProblemException e) {
            failure.addSuppressed(e);
            return false;
        }
    }

    /** The session, opened where it isn't yet. */
    Connection connected() throws SQLException {
        if (ended) {
            // A worker that is late must not open one that is never closed.
            throw new SQLException("The backup has ended", QUERY_CANCELED);
        }
        Connection open = connection;
        if (open == null) {
            open = FreshSession.open(run);
            connection = open;
        }
        return open;
    }

    @Override
    public void close() throws SQLException {
        ended = true;
        disconnect();
    }

    private void disconnect() throws SQLException {
        Connection open = connection;
        connection = null;
        if (open != null) {
            open.close();
        }
    }
}
