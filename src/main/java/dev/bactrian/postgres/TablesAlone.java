package dev.bactrian.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * Keeps a session from reading views and foreign tables that users made, for as long as it is open: what is a table when it
 * is looked at may be a view when it is read, and a view's functions run with the rights of the role that reads it
 * (CVE-2024-7348). The setting is {@code restrict_nonsystem_relation_kind}, which servers have since the releases of August
 * 2024; where it isn't there, nothing happens.
 */
public final class TablesAlone implements AutoCloseable {

    private static final String SET =
            "SELECT pg_catalog.set_config(name, '%s', false) FROM pg_catalog.pg_settings WHERE name = 'restrict_nonsystem_relation_kind'";

    /** The statement that does so for all that a session does from now on. */
    public static final String FOR_GOOD = SET.formatted("view, foreign-table");

    private final Connection connection;

    private TablesAlone(Connection connection) {
        this.connection = connection;
    }

    /** Begins; closing it ends it, unless the connection was closed before. */
    public static TablesAlone in(Connection connection) throws SQLException {
        set(connection, FOR_GOOD);
        return new TablesAlone(connection);
    }

    private static void set(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Where the transaction in which it began has failed, its end takes the setting back by itself. */
    @Override
    public void close() throws SQLException {
        if (!connection.isClosed()) {
            set(connection, SET.formatted(""));
        }
    }
}
