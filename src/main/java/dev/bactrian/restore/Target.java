package dev.bactrian.restore;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.bactrian.postgres.ConnectionRetry;
import dev.bactrian.postgres.DatabaseErrors;
import dev.bactrian.postgres.SessionSettings;
import dev.bactrian.postgres.url.DatabaseUrl;
import dev.bactrian.postgres.url.SupabaseProject.Recognition;
import dev.bactrian.problem.Problem;
import dev.bactrian.problem.ProblemException;
import dev.bactrian.selection.Relation;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.postgresql.PGConnection;

/**
 * The database that is restored into: its connections, and the lock that keeps other restores out of it as long as this
 * is open.
 */
public final class Target implements AutoCloseable {

    private static final String IN_USE = "55006";
    private static final int PER_MAJOR = 10_000;
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    /**
     * What it is opened for.
     *
     * @param connections how many are used at once, by one that looks
     * @param writes false for a dry run
     * @param standsForNew whether it stands for a database yet to be made, so that nothing in it counts
     * @param money whether the archive has amounts of money in the one form, see {@link SessionSettings#ofRestore}
     * @param recognition how a Supabase project is told from another database
     */
    public record Purpose(
            Sessions connections, boolean writes, boolean standsForNew, boolean money, Recognition recognition) {

        public static Purpose of(RestoreRun run, Sessions connections, boolean standsForNew, boolean money) {
            boolean writes = !run.getRequest().is(RestoreRequest.Option.DRY_RUN);
            return new Purpose(
                    connections, writes, standsForNew, money, run.getDatabase().recognition());
        }
    }

    private final DatabaseUrl url;
    private final HikariDataSource pool;
    private final Connection guard;
    private final ConnectionRetry retry;
    private final Set<Connection> lent = ConcurrentHashMap.newKeySet();
    private final int versionNumber;
    private final boolean supabase;

    private Target(DatabaseUrl url, HikariDataSource pool, Connection guard, Purpose purpose, ConnectionRetry retry)
            throws SQLException {
        this.url = url;
        this.pool = pool;
        this.guard = guard;
        this.retry = retry;
        this.versionNumber = Integer.parseInt(text(guard, "SELECT current_setting('server_version_num')"));
        this.supabase = !purpose.standsForNew() && Platform.is(guard, purpose.recognition());
    }

    /**
     * Connects, and keeps other restores and backups out, where it is to be written to.
     *
     * @param retry where the server has no connection left
     * @throws ProblemException when it can't be reached, or a backup of it or another restore into it is going on
     */
    public static Target open(DatabaseUrl url, Purpose purpose, ConnectionRetry retry) {
        TargetSessions.prove(url, retry);
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url.jdbcUrl());
        config.setDataSourceProperties(url.jdbcProperties());
        // A whole object's statements in one go, as pg_restore sends them: the driver can't split function bodies.
        config.addDataSourceProperty("preferQueryMode", "simple");
        config.setConnectionInitSql(SessionSettings.ofRestore(purpose.money()));
        config.setMinimumIdle(0);
        config.setConnectionTimeout(PATIENCE.toMillis());
        config.setInitializationFailTimeout(-1);
        config.setPoolName("restore");
        config.setExceptionOverride(new KeptConnections());
        try (Connection first = retry.connect(url, () -> connect(url))) {
            config.setMaximumPoolSize(purpose.connections().seenBy(first) + 2);
        } catch (SQLException e) {
            throw DatabaseErrors.connecting(url, e);
        }
        HikariDataSource pool = new HikariDataSource(config);
        try {
            Connection guard = retry.connect(url, pool::getConnection);
            TargetLock.take(url, guard, purpose.writes());
            return new Target(url, pool, guard, purpose, retry);
        } catch (SQLException e) {
            pool.close();
            throw DatabaseErrors.connecting(url, e);
        } catch (RuntimeException e) {
            pool.close();
            throw e;
        }
    }

    /** A connection with the settings of every session of ours. */
    public static Connection connect(DatabaseUrl url) throws SQLException {
        Connection connection = DriverManager.getConnection(url.jdbcUrl(), url.jdbcProperties());
        try {
            SessionSettings.use(connection);
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    /** Drops a database, where there is one, and ends sessions that are still in it. */
    public static void drop(DatabaseUrl server, String name) throws SQLException {
        String drop = "DROP DATABASE IF EXISTS " + Relation.quote(name) + " WITH (FORCE)";
        try {
            administer(server, drop);
        } catch (SQLException e) {
            if (!IN_USE.equals(e.getSQLState())) {
                throw e;
            }
            dropSubscriptions(server.withDatabase(name));
            administer(server, drop);
        }
    }

    /** Not even disabled ones let their database go. */
    private static void dropSubscriptions(DatabaseUrl url) throws SQLException {
        try (Connection connection = connect(url);
                Statement statement = connection.createStatement()) {
            for (String name : texts(
                    connection,
                    "SELECT quote_ident(subname) FROM pg_subscription WHERE subdbid ="
                            + " (SELECT oid FROM pg_database WHERE datname = current_database())")) {
                statement.execute("ALTER SUBSCRIPTION " + name + " DISABLE");
                statement.execute("ALTER SUBSCRIPTION " + name + " SET (slot_name = NONE)");
                statement.execute("DROP SUBSCRIPTION " + name);
            }
        }
    }

    /** Makes or drops databases through a connection to one that may itself be read-only by a setting of its own. */
    public static void administer(DatabaseUrl server, String sql) throws SQLException {
        try (Connection connection = connect(server)) {
            execute(connection, "SET default_transaction_read_only = off");
            execute(connection, sql);
        }
    }

    /** A restore that doesn't begin. */
    public static ProblemException refused(String cause, String remedy) {
        return new ProblemException(new Problem(cause, "Nothing was changed.", remedy), null);
    }

    /** A connection of its own for one thread; closing it gives it back. */
    public Connection connection() throws SQLException {
        Connection connection = retry.connect(url, pool::getConnection);
        lent.removeIf(Target::isBack);
        lent.add(connection);
        return connection;
    }

    private static boolean isBack(Connection connection) {
        try {
            return connection.isClosed();
        } catch (SQLException e) {
            return true;
        }
    }

    /** Ends whatever the server is doing for anybody here: closing a connection alone wouldn't wake who waits for a lock. */
    public void cancelAll() {
        for (Connection connection : lent) {
            try {
                connection.unwrap(PGConnection.class).cancelQuery();
            } catch (SQLException e) {
                // It is back, or broken: nothing runs on it.
            }
        }
    }

    /** The connection that holds the lock: for one thread, and short statements. */
    public Connection guard() {
        return guard;
    }

    public DatabaseUrl url() {
        return url;
    }

    /** For example 17. */
    public int major() {
        return versionNumber / PER_MAJOR;
    }

    /** Whether it is a Supabase project's. */
    public boolean isSupabase() {
        return supabase;
    }

    /** Runs statements as they are: braces in them are no escapes of JDBC's. */
    public static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            statement.execute(sql);
        }
    }

    /** Runs each of them, in this order. */
    public static void execute(Connection connection, List<String> statements) throws SQLException {
        for (String sql : statements) {
            execute(connection, sql);
        }
    }

    /** The one text that a query answers; empty for none. */
    public static String text(Connection connection, String query) throws SQLException {
        List<String> texts = texts(connection, query);
        return texts.isEmpty() ? "" : texts.get(0);
    }

    /** The first column of a query's rows. */
    public static List<String> texts(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(query)) {
            List<String> texts = new ArrayList<>();
            while (result.next()) {
                texts.add(result.getString(1) == null ? "" : result.getString(1));
            }
            return texts;
        }
    }

    @Override
    public void close() throws SQLException {
        guard.close();
        pool.close();
    }
}
