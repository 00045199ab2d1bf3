package dev.bactrian.instant;

import dev.bactrian.backup.StoppableRun;
import dev.bactrian.database.Patience;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;

/** A session that sees the database as it is, while a backup's others see it as it was. It is opened when it is first needed. */
final class Witness implements AutoCloseable {

    /** SQLSTATE class 08: the connection is gone; 57P: the server ended the session. */
    private static final String BROKEN = "08.*|57P.*";

    private final StoppableRun run;
    private @Nullable Connection connection;

    Witness(StoppableRun run) {
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
            close();
            return question.ask(connected());
        }
    }

    /** The session, opened where it isn't yet. */
    Connection connected() throws SQLException {
        Connection open = connection;
        if (open == null) {
            open = Patience.of(run).connect(run.getDatabase().url(), this::open);
            connection = open;
        }
        return open;
    }

    private Connection open() throws SQLException {
        Connection opened = DriverManager.getConnection(
                run.getDatabase().url().jdbcUrl(), run.getDatabase().url().jdbcProperties());
        try (Statement statement = opened.createStatement()) {
            statement.execute(
                    "SET search_path = pg_catalog, pg_temp; SET row_security = off; SET statement_timeout = 0;"
                            + " SET lock_timeout = '10s'; SET idle_in_transaction_session_timeout = 0;"
                            + " SET default_transaction_isolation = 'read committed'; SET jit = off");
            opened.setReadOnly(true);
            return opened;
        } catch (SQLException e) {
            opened.close();
            throw e;
        }
    }

    @Override
    public void close() throws SQLException {
        Connection open = connection;
        connection = null;
        if (open != null) {
            open.close();
        }
    }
}
