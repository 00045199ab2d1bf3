package dev.bactrian.unchanged;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import dev.bactrian.postgres.Table;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a later backup needs to know of this one's source to prove that tables have the same rows (ADR 0057). Manifests have it,
 * and come from a store: whatever is wrong in one that is read makes it a state that proves nothing.
 *
 * @param server which one it was, and where in its log
 * @param xmin of the snapshot: the oldest transaction that was running, with its epoch
 * @param xmax of the snapshot: the first that it knows nothing of
 * @param witnesses made after the snapshot
 * @param identities of the tables that a later backup can prove, by their oids
 * @param never why the others can't be proved, by their oids
 * @param unprovable why nothing can be proved by it; null where something can
 */
@JsonDeserialize(using = LenientSourceState.class)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SourceState(
        ServerFacts server,
        long xmin,
        long xmax,
        Witnesses witnesses,
        Map<Long, String> identities,
        Map<Long, String> never,
        @Nullable String unprovable) {

    private static final long PAUSE_MILLIS = 50;

    public SourceState {
        Objects.requireNonNull(server);
        Objects.requireNonNull(witnesses);
        identities = Map.copyOf(identities);
        never = Map.copyOf(never);
    }

    /** One by which nothing can be proved. */
    public static SourceState unprovable(String reason) {
        return new SourceState(ServerFacts.NONE, 0, 0, Witnesses.NONE, Map.of(), Map.of(), reason);
    }

    /**
     * Reads it, in one message. A server that doesn't let it yields one that proves nothing; the connection's transaction
     * is as it was.
     *
     * @param inSnapshot in a transaction that sees the backup's snapshot
     * @param tables all that are backed up
     * @param witnesses taken after that snapshot was exported
     * @throws SQLException when the connection is lost
     */
    public static SourceState read(Connection inSnapshot, Collection<Table> tables, Witnesses witnesses)
            throws SQLException {
        try {
            List<String> values = Aside.ask(
                    inSnapshot,
                    ServerFacts.SQL + "; "
                            + TableIdentities.sql(
                                    tables.stream().map(Table::oid).toList()));
            return of(values, witnesses);
        } catch (SQLException e) {
            if (!inSnapshot.isValid(0)) {
                throw e;
            }
            return unprovable("the server doesn't say what a proof needs: " + firstLine(e));
        } catch (JsonProcessingException | RuntimeException e) {
            return unprovable("the server says what can't be read: " + firstLine(e));
        }
    }

    private static String firstLine(Exception e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }

    private static SourceState of(List<String> values, Witnesses witnesses) throws JsonProcessingException {
        if (!values.get(0).isEmpty()) {
            return unprovable(values.get(0));
        }
        TableIdentities tables = TableIdentities.of(values.subList(ServerFacts.VALUES, values.size()));
        SourceState state = new SourceState(
                ServerFacts.of(values),
                Long.parseLong(values.get(ServerFacts.VALUES - 2)),
                Long.parseLong(values.get(ServerFacts.VALUES - 1)),
                witnesses,
                tables.identities(),
                tables.never(),
                null);
        String gap = state.gap();
        return gap == null ? state : unprovable(gap);
    }

    /** Why nothing can be proved by it; null where something can. */
    @Nullable
    String gap() {
        if (unprovable != null) {
            return unprovable;
        }
        if (!witnesses.areEnough()) {
            return "the server made no transactions that a later backup could ask for";
        }
        if (!server.areComplete() || !Xids.isPossible(xmin) || !Xids.areComparable(xmin, xmax)) {
            return "what is known of the server isn't complete";
        }
        return witnesses.areAfter(xmax) ? null : "the transactions to ask for were made before the snapshot";
    }

    /**
     * Whether the server has on its disk all that the snapshot saw. Until then a crash could take it back, and the numbers of
     * its transactions would be assigned again.
     *
     * @param connection to the same server
     * @return false as well where nothing can be proved by this state
     * @throws SQLException when it can't be asked, as when the server has become a standby; then it isn't proved
     */
    public boolean isFlushed(Connection connection) throws SQLException {
        if (gap() != null) {
            return false;
        }
        try (var statement = connection.createStatement();
                var row = statement.executeQuery("SELECT pg_catalog.pg_wal_lsn_diff("
                        + "pg_catalog.pg_current_wal_flush_lsn(), '" + witnesses.lsn() + "'::pg_catalog.pg_lsn)")) {
            return row.next() && row.getBigDecimal(1).signum() >= 0;
        }
    }

    /**
     * Waits until it {@link #isFlushed}, which usually takes well below a second after the snapshot: the server writes its log
     * by itself, and the witnesses' transactions are in it.
     *
     * @return whether it is
     */
    public boolean awaitFlushed(Connection connection, Duration longest) throws SQLException {
        long end = System.nanoTime() + longest.toNanos();
        while (!isFlushed(connection)) {
            if (gap() != null || System.nanoTime() > end) {
                return false;
            }
            try {
                Thread.sleep(PAUSE_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
        return true;
    }
}
