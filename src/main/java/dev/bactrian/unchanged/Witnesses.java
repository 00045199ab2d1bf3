package dev.bactrian.unchanged;

import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/**
 * Transactions that a backup made after its snapshot, only to know later how each ended: committed or rolled back, by chance.
 * A server whose disk was set back to a moment before them, or a copy from before them, assigns their numbers again, to
 * transactions that end otherwise; one that lost them in a crash lost nothing that the snapshot saw without losing them, too.
 *
 * @param lsn where the server wrote its log before the first of them ({@code pg_lsn} as text), and so after all that the
 *     snapshot saw; empty where there are none
 * @param committed numbers with their epoch ({@code txid_current()}), ascending
 * @param rolledBack likewise
 */
public record Witnesses(String lsn, List<Long> committed, List<Long> rolledBack) {

    /** None: no later backup can prove anything by them. */
    public static final Witnesses NONE = new Witnesses("", List.of(), List.of());

    /** With so many, ones of another history end alike once in 2 to the power of this. */
    static final int NUMBER = 64;

    /** SQLSTATEs of a server that doesn't let it: it is a standby (55000, 25006), there is no such function, or no right to it. */
    private static final String REFUSED = "55000|25.*|42.*|0A.*";

    public Witnesses {
        Objects.requireNonNull(lsn);
        committed = List.copyOf(committed);
        rolledBack = List.copyOf(rolledBack);
    }

    /**
     * Makes them, in one message. They change nothing, so a role that may only read, or whose transactions are read-only by
     * default, can make them.
     *
     * @param connection in autocommit, to the database of the snapshot, which must have been exported before
     * @return none where the server refuses, as a standby does
     */
    public static Witnesses take(Connection connection) throws SQLException {
        if (!connection.getAutoCommit()) {
            throw new IllegalArgumentException("Witnesses need a connection in autocommit");
        }
        long pattern = new SecureRandom().nextLong();
        StringBuilder sql = new StringBuilder("SELECT pg_catalog.pg_current_wal_insert_lsn()");
        for (int i = 0; i < NUMBER; i++) {
            sql.append("; BEGIN; SELECT pg_catalog.txid_current(); ")
                    .append(isCommitted(pattern, i) ? "COMMIT" : "ROLLBACK");
        }
        try (Statement statement = connection.createStatement()) {
            try {
                return of(pattern, Results.of(statement, sql.toString()));
            } catch (SQLException e) {
                if (e.getSQLState() == null || !e.getSQLState().matches(REFUSED)) {
                    throw e;
                }
                statement.execute("ROLLBACK");
                return NONE;
            }
        }
    }

    private static boolean isCommitted(long pattern, int number) {
        return (pattern >>> number & 1) == 1;
    }

    private static Witnesses of(long pattern, List<String> results) {
        List<Long> committed = new ArrayList<>();
        List<Long> rolledBack = new ArrayList<>();
        for (int i = 1; i < results.size(); i++) {
            (isCommitted(pattern, i - 1) ? committed : rolledBack).add(Long.parseLong(results.get(i)));
        }
        return new Witnesses(results.get(0), committed, rolledBack);
    }

    /** Whether there are as many as the proof needs, each once. */
    boolean areEnough() {
        return all().distinct().count() >= NUMBER && all().allMatch(Xids::isPossible) && Lsn.isOne(lsn);
    }

    /** Whether all of them began after a snapshot. */
    boolean areAfter(long snapshotXmax) {
        return all().allMatch(number -> number >= snapshotXmax);
    }

    private LongStream all() {
        return LongStream.concat(
                committed.stream().mapToLong(Long::longValue),
                rolledBack.stream().mapToLong(Long::longValue));
    }

    /**
     * Whether the server that a connection reaches still says of each how it ended. It forgets transactions once no row's
     * visibility depends on them ({@code txid_status} then is null): then it says so of none.
     *
     * @param connection in a transaction whose snapshot is younger than they are, or sees them as still to come
     */
    boolean areKnownTo(Connection connection) throws SQLException {
        // Asking for one that is still to come is an error.
        String sql = "SELECT count(*) FILTER (WHERE status IS DISTINCT FROM wanted) FROM (SELECT w.wanted,"
                + " CASE WHEN w.number < txid_snapshot_xmax(txid_current_snapshot()) THEN txid_status(w.number) END AS status"
                + " FROM (VALUES " + values("committed", committed) + ", " + values("aborted", rolledBack)
                + ") AS w (number, wanted)) AS s";
        return !committed.isEmpty() && !rolledBack.isEmpty() && List.of("0").equals(Aside.ask(connection, sql));
    }

    private static String values(String status, List<Long> numbers) {
        return numbers.stream()
                .map(number -> "(" + number + "::int8, '" + status + "')")
                .collect(Collectors.joining(", "));
    }
}
