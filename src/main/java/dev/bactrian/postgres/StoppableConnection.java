package dev.bactrian.postgres;

import dev.bactrian.run.StoppableRun;
import java.sql.Connection;
import java.sql.SQLException;
import org.postgresql.PGConnection;

/**
 * Ends what a connection does when its run is stopped: it may wait for a lock, for a server that says nothing any more, or read
 * for long without a row. Closed before the connection is.
 */
public final class StoppableConnection implements AutoCloseable {

    private final Runnable forget;

    private StoppableConnection(Runnable forget) {
        this.forget = forget;
    }

    /** From now on a stop of the run ends this connection. */
    public static StoppableConnection of(StoppableRun run, Connection connection) {
        return new StoppableConnection(run.onStop(cause -> end(connection)));
    }

    private static void end(Connection connection) {
        try {
            connection.unwrap(PGConnection.class).cancelQuery();
            connection.abort(Runnable::run);
        } catch (SQLException e) {
            // It is closed or broken: nothing runs on it.
        }
    }

    @Override
    public void close() {
        forget.run();
    }
}
