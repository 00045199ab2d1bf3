package dev.bactrian.postgres;

import dev.bactrian.postgres.url.DatabaseUrl;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

/** A session that sees the database of a run as it is now, next to the run's snapshot; with the settings of all of ours. */
public final class FreshSession {

    private FreshSession() {}

    /**
     * Connects. Every statement is a transaction of its own, until the caller says otherwise.
     *
     * @throws dev.bactrian.problem.ProblemException when the database can't be reached
     */
    public static Connection open(DatabaseRun run) {
        DatabaseUrl url = run.getDatabase().url();
        try {
            Connection connection = ConnectionRetry.of(run)
                    .connect(url, () -> DriverManager.getConnection(url.jdbcUrl(), url.jdbcProperties()));
            try (Statement statement = connection.createStatement()) {
                // All in one message: far away each costs its time there and back.
                statement.execute(SessionSettings.ofSession() + "; " + SessionSettings.LOCK_TIMEOUT + "; "
                        + TablesAlone.FOR_GOOD);
                return connection;
            } catch (SQLException e) {
                connection.close();
                throw e;
            }
        } catch (SQLException e) {
            throw DatabaseErrors.connecting(url, e);
        }
    }
}
