package dev.bactrian.postgres;

import dev.bactrian.postgres.url.DatabaseUrl;
import dev.bactrian.run.Evidence;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/**
 * One instant of a database, seen by everybody who imports its id: a transaction in REPEATABLE READ, READ ONLY that has
 * exported its snapshot and stays open (PostgreSQL manual, "Snapshot Synchronization Functions"). When its connection
 * dies, the instant can't be imported any more.
 */
public final class Snapshot implements AutoCloseable {

    private final Connection connection;
    private final DataSource dataSource;
    private final String id;
    private final Bounds bounds;

    /**
     * Which transactions a snapshot sees (PostgreSQL manual, "Transaction ID and Snapshot Information Functions"), as
     * numbers of the kind that rows have as their {@code xmin}.
     *
     * @param xmin the oldest that was running
     * @param xmax the first that hadn't begun
     */
    public record Bounds(String xmin, String xmax) {}

    private Snapshot(Connection connection, String id, Bounds bounds) {
        this.connection = connection;
        this.dataSource = new SingleConnectionDataSource(connection, true);
        this.id = id;
        this.bounds = bounds;
    }

    /**
     * Opens a connection and exports the snapshot of its transaction.
     *
     * @throws dev.bactrian.problem.ProblemException when the database can't be reached or refuses
     */
    public static Snapshot export(DatabaseUrl url) {
        return export(url, ConnectionRetry.usual());
    }

    /** As {@link #export(DatabaseUrl)}, retrying as it is given. */
    public static Snapshot export(DatabaseUrl url, ConnectionRetry retry) {
        return export(url, retry, connection -> {});
    }

    /** What is to be done on the snapshot's connection before its instant. */
    public @FunctionalInterface interface Before {
        void instant(Connection connection) throws SQLException;
    }

    /** As {@link #export(DatabaseUrl, ConnectionRetry)}, after something that may take its time. */
    public static Snapshot export(DatabaseUrl url, ConnectionRetry retry, Before before) {
        try {
            Connection connection = retry.connect(url, () -> connect(url, false));
            try {
                prepare(connection, "");
                before.instant(connection);
                return export(connection);
            } catch (SQLException | RuntimeException e) {
                connection.close();
                throw e;
            }
        } catch (SQLException e) {
            throw DatabaseErrors.connecting(url, e);
        }
    }

    /** A connection that sees the same instant. */
    public static Connection importInto(DatabaseUrl url, String snapshotId) throws SQLException {
        return importInto(url, snapshotId, false);
    }

    /** As {@link #importInto(DatabaseUrl, String)}, of the database of a run that can be stopped while it waits for one. */
    public static Connection importInto(DatabaseRun run, String snapshotId) throws SQLException {
        return importInto(run.getDatabase().url(), snapshotId, false, ConnectionRetry.of(run));
    }

    /**
     * As {@link #importInto(DatabaseUrl, String)}.
     *
     * @param textless whether text comes as the bytes it is, in no encoding, as a database in SQL_ASCII has it
     */
    public static Connection importInto(DatabaseUrl url, String snapshotId, boolean textless) throws SQLException {
        return importInto(url, snapshotId, textless, ConnectionRetry.usual());
    }

    /** As {@link #importInto(DatabaseUrl, String, boolean)}, retrying as it is given. */
    public static Connection importInto(DatabaseUrl url, String snapshotId, boolean textless, ConnectionRetry retry)
            throws SQLException {
        Connection connection = retry.connect(url, () -> connect(url, textless));
        prepare(connection, "; " + TablesAlone.FOR_GOOD);
        begin(connection);
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET TRANSACTION SNAPSHOT '" + snapshotId.replace("'", "''") + "'");
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    private static Connection connect(DatabaseUrl url, boolean textless) throws SQLException {
        Properties properties = url.jdbcProperties();
        if (!textless) {
            return DriverManager.getConnection(url.jdbcUrl(), properties);
        }
        properties.setProperty("allowEncodingChanges", "true");
        Connection connection = DriverManager.getConnection(url.jdbcUrl(), properties);
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET client_encoding = 'SQL_ASCII'");
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    private static Snapshot export(Connection connection) throws SQLException {
        begin(connection);
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(
                        "SELECT pg_export_snapshot(), txid_snapshot_xmin(s) % 4294967296, txid_snapshot_xmax(s) % 4294967296"
                                + " FROM txid_current_snapshot() s")) {
            result.next();
            return new Snapshot(connection, result.getString(1), new Bounds(result.getString(2), result.getString(3)));
        }
    }

    /** All in one message: far away each costs its time there and back. */
    private static void prepare(Connection connection, String more) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(SessionSettings.ofSession() + "; " + SessionSettings.LOCK_TIMEOUT
                    // As the driver sets it, in a message of its own.
                    + "; SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL REPEATABLE READ" + more);
        }
    }

    private static void begin(Connection connection) throws SQLException {
        connection.setReadOnly(true);
        connection.setAutoCommit(false);
    }

    /** What {@code pg_dump --snapshot} takes. */
    public String getId() {
        return id;
    }

    /** Which transactions it sees. */
    public Bounds getBounds() {
        return bounds;
    }

    /** Every query through it sees this instant. One at a time. */
    public DataSource dataSource() {
        return dataSource;
    }

    /** As {@link RestoreGate#refuseUnfinished}, at this instant. */
    public void refuseUnfinishedRestore(DatabaseUrl url) {
        try {
            RestoreGate.refuseUnfinished(connection, url);
        } catch (SQLException e) {
            throw DatabaseErrors.connecting(url, e);
        }
    }

    /** Writes down how much it has. */
    public void count(Evidence evidence, DatabaseUrl url) {
        try {
            SnapshotCounts.note(connection, evidence);
        } catch (SQLException e) {
            throw DatabaseErrors.connecting(url, e);
        }
    }

    /** Makes sure that the instant was held to the end. */
    public void confirmAlive() throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SELECT 1");
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
