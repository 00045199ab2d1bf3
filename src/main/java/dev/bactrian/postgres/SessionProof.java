package dev.bactrian.postgres;

import dev.bactrian.postgres.url.DatabaseUrl;
import dev.bactrian.support.Causes;
import java.net.SocketTimeoutException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Two connections, of which each in turn is in a transaction while the other one runs short ones. In a server, and in a pool
 * that lends sessions, each keeps its own; a pool that lends transactions gives one of them the other's, or another one,
 * whether it takes the last used or the least used of those that are free.
 */
public final class SessionProof {

    /** For all of the questions together, once there is a first connection. */
    static final Duration LONGEST = Duration.ofSeconds(5);

    private static final int ROUNDS = 3;
    private static final Duration FOR_A_SECOND_ONE = Duration.ofMillis(500);

    /**
     * The session that answers, in words; its start, because another server may have a process of that number. No path is set
     * here, which a pooler would leave to others: so no operator, and no function and type without its schema.
     */
    private static final String WHO =
            "SELECT pg_catalog.concat_ws(' ', pg_catalog.pg_backend_pid(), (SELECT a.backend_start"
                    + " FROM pg_catalog.pg_stat_get_activity(pg_catalog.pg_backend_pid()) a))";

    /** As a server takes them: {@code -c name=value} and {@code --name=value}; spaces of values have a backslash. */
    private static final Pattern SETTING_OPTION =
            Pattern.compile("(?:^|(?<=\\s))(?:-c\\s*|--)[\\w.-]+=(?:[^\\s\\\\]|\\\\.)*\\s*");

    private static final String SETTING = "bactrian.session";
    /** idle_in_transaction_session_timeout, idle_session_timeout: nothing may be set here that would keep them off. */
    private static final Set<String> IDLE = Set.of("25P03", "57P05");

    private static final String STATEMENT_POOLING = "statement pooling";

    private final Connection first;
    private final Second second;
    private final long end = System.nanoTime() + LONGEST.toNanos();

    /** What was found out. */
    enum Outcome {
        /** Sessions change between transactions. */
        CHANGES,
        /** They do, and while one transaction is open no other one is answered. */
        CHANGES_IN_POOL_OF_ONE,
        /** The first connection keeps its session, and there is none for a second one. */
        POOL_OF_ONE,
        /** There was no answer on the first one. */
        SILENT
    }

    /** Opens the second connection. */
    @FunctionalInterface
    interface Second {
        Connection open() throws SQLException;
    }

    private SessionProof(Connection first, Second second) {
        this.first = first;
        this.second = second;
    }

    static SessionProof of(Connection first, Second second) {
        return new SessionProof(first, second);
    }

    /**
     * A connection on which nothing is set, neither by the driver nor by {@code options} of the address: what a pooler passes
     * on of these would stay with its server's session.
     *
     * @param bounded whether connecting, too, takes {@link #LONGEST} at most
     */
    static Connection connect(DatabaseUrl url, boolean bounded) throws SQLException {
        Properties properties = url.jdbcProperties();
        properties.setProperty("preferQueryMode", "simple");
        // Its name goes with the startup message, not by SET.
        properties.setProperty("assumeMinServerVersion", "12");
        String options = withoutSettings(url.options());
        if (options.isEmpty()) {
            properties.remove(DatabaseUrl.OPTIONS);
        } else {
            properties.setProperty(DatabaseUrl.OPTIONS, options);
        }
        if (bounded) {
            properties.setProperty("socketTimeout", Long.toString(LONGEST.toSeconds()));
        }
        return DriverManager.getConnection(url.jdbcUrl(), properties);
    }

    /** What else {@code options} holds, as some providers' servers need it to know whose database is meant. */
    public static String withoutSettings(String options) {
        return SETTING_OPTION.matcher(options).replaceAll("").strip();
    }

    /** Asks; empty when each connection keeps its session. */
    Optional<Outcome> outcome() throws SQLException {
        String one;
        try {
            one = ask(first, WHO);
        } catch (SQLException e) {
            return Optional.ofNullable(unanswered(e, Outcome.SILENT));
        }
        Connection other;
        try {
            other = second.open();
        } catch (SQLException e) {
            return Optional.ofNullable(unanswered(e, Outcome.POOL_OF_ONE));
        }
        try (other) {
            return Optional.ofNullable(compare(one, other));
        }
    }

    private @Nullable Outcome compare(String one, Connection other) throws SQLException {
        String two;
        try {
            two = ask(other, "BEGIN; " + WHO);
        } catch (SQLException e) {
            return unanswered(e, Outcome.POOL_OF_ONE);
        }
        if (two.equals(one)) {
            return hasAnother() ? Outcome.CHANGES : Outcome.CHANGES_IN_POOL_OF_ONE;
        }
        try {
            for (int round = 0; round < ROUNDS && (round == 0 || half()); round++) {
                boolean kept = one.equals(ask(first, WHO))
                        && two.equals(ask(other, "COMMIT; " + WHO))
                        && one.equals(ask(first, "BEGIN; " + WHO))
                        && two.equals(ask(other, WHO))
                        && one.equals(ask(first, "COMMIT; " + WHO))
                        && two.equals(ask(other, "BEGIN; " + WHO));
                if (!kept) {
                    return Outcome.CHANGES;
                }
            }
            return keepsSetting(other) ? null : Outcome.CHANGES;
        } catch (SQLException e) {
            return unanswered(e, Outcome.SILENT);
        }
    }

    /** The other connection is in a transaction. */
    private boolean keepsSetting(Connection other) throws SQLException {
        String value = UUID.randomUUID().toString();
        String read = "SELECT coalesce(pg_catalog.current_setting('" + SETTING + "', true), '')";
        ask(first, "SELECT pg_catalog.set_config('" + SETTING + "', '" + value + "', false)");
        boolean strange = value.equals(ask(other, read));
        if (strange) {
            ask(other, "RESET " + SETTING + "; SELECT ''");
        }
        boolean kept = value.equals(ask(first, read));
        if (kept) {
            ask(first, "RESET " + SETTING + "; SELECT ''");
        }
        ask(other, "COMMIT; SELECT ''");
        return kept && !strange;
    }

    /** Whether a transaction of the first connection is answered while one of the second is open. */
    private boolean hasAnother() {
        try {
            first.setNetworkTimeout(Runnable::run, (int) FOR_A_SECOND_ONE.toMillis());
            try (Statement statement = first.createStatement();
                    ResultSet row = statement.executeQuery(WHO)) {
                return row.next();
            }
        } catch (SQLException e) {
            return false;
        }
    }

    private boolean half() {
        return end - System.nanoTime() > LONGEST.toNanos() / 2;
    }

    /** The last result of some statements in one message. */
    private String ask(Connection connection, String statements) throws SQLException {
        long left = Duration.ofNanos(end - System.nanoTime()).toMillis();
        connection.setNetworkTimeout(Runnable::run, (int) Math.max(1, left));
        try (Statement statement = connection.createStatement()) {
            boolean rows = statement.execute(statements);
            while (!rows) {
                if (statement.getUpdateCount() < 0) {
                    throw new SQLException("No answer to " + statements, "08P01");
                }
                rows = statement.getMoreResults();
            }
            try (ResultSet row = statement.getResultSet()) {
                row.next();
                return String.valueOf(row.getString(1));
            }
        }
    }

    /** What a failure means: no answer in time, a pooler's own, or one that is none of ours. */
    private @Nullable Outcome unanswered(SQLException failure, Outcome late) throws SQLException {
        if (IDLE.contains(String.valueOf(failure.getSQLState()))) {
            // A session that ends because it was idle for longer than the server's defaults allow is one, up to then.
            return null;
        }
        String text = String.valueOf(failure.getMessage());
        if (text.contains(STATEMENT_POOLING)) {
            return Outcome.CHANGES;
        }
        if (text.contains("query_wait_timeout")
                || Causes.first(failure, SocketTimeoutException.class).isPresent()) {
            return late;
        }
        throw failure;
    }
}
