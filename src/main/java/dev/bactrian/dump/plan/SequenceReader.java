package dev.bactrian.dump.plan;

import dev.bactrian.selection.Relation;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Reads where sequences stand now, each by its oid, so that no other one of its name is read in its place. PostgreSQL tells
 * the value by oid ({@code pg_sequence_last_value}, sequence.c) where it has been given out; where it hasn't, only a query
 * by the name does, which says in {@code tableoid} whose row it read.
 *
 * <p>A portion at a time, in a transaction of its own: the function takes the lock that {@code nextval} takes until the
 * transaction's end, which lets nobody alter, rename or drop these sequences meanwhile; and a server has a limited number
 * of locks.
 */
public final class SequenceReader {

    private static final int AT_ONCE = 500;
    private static final int MOST_TRIES = 5;

    /** What the server says when a sequence, or its schema's name, goes while it looks. */
    private static final Set<String> GONE = Set.of("XX000", "42P01", "3F000", "42809");

    private final Connection connection;

    /**
     * Prepares a reader.
     *
     * @param connection of a session outside of any snapshot
     */
    public SequenceReader(Connection connection) {
        this.connection = connection;
    }

    /** By oid; without those that are gone. */
    public Map<Long, SequenceState> read(List<Sequence> sequences) throws SQLException {
        Map<Long, SequenceState> states = new HashMap<>();
        connection.setAutoCommit(false);
        for (int from = 0; from < sequences.size(); from += AT_ONCE) {
            String oids = sequences.subList(from, Math.min(from + AT_ONCE, sequences.size())).stream()
                    .map(sequence -> Long.toString(sequence.oid()))
                    .collect(Collectors.joining(",", "'{", "}'::oid[]"));
            states.putAll(readUndisturbed(oids));
        }
        return states;
    }

    private Map<Long, SequenceState> readUndisturbed(String oids) throws SQLException {
        for (int tries = 1; ; tries++) {
            try {
                return readSome(oids);
            } catch (SQLException e) {
                if (tries == MOST_TRIES || !GONE.contains(String.valueOf(e.getSQLState()))) {
                    throw e;
                }
            } finally {
                connection.rollback();
            }
        }
    }

    private Map<Long, SequenceState> readSome(String oids) throws SQLException {
        Map<Long, SequenceState> states = new HashMap<>();
        List<String> uncalled = new ArrayList<>();
        Map<Long, Long> lasts = lasts(oids);
        // A statement later, so that it sees what was committed before the locks were there.
        try (Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery("SELECT c.oid, c.relfilenode, n.nspname, c.relname FROM pg_class c"
                                + " JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind = 'S' AND c.oid = ANY ("
                                + oids + ")")) {
            while (row.next()) {
                long oid = row.getLong(1);
                Relation.Named name = new Relation.Named(row.getString(3), row.getString(4));
                Long last = lasts.get(oid);
                states.put(oid, new SequenceState(name, row.getLong(2), last == null ? 0 : last, true));
                if (last == null) {
                    uncalled.add("SELECT " + oid + ", tableoid, last_value, is_called FROM " + name.quoted());
                }
            }
        }
        readByName(uncalled, states);
        return states;
    }

    /** Those that have given out a value. */
    private Map<Long, Long> lasts(String oids) throws SQLException {
        Map<Long, Long> lasts = new HashMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT oid, pg_sequence_last_value(oid) FROM pg_class"
                        + " WHERE relkind = 'S' AND oid = ANY (" + oids + ")")) {
            while (row.next()) {
                long last = row.getLong(2);
                if (!row.wasNull()) {
                    lasts.put(row.getLong(1), last);
                }
            }
        }
        return lasts;
    }

    private void readByName(List<String> queries, Map<Long, SequenceState> states) throws SQLException {
        if (queries.isEmpty()) {
            return;
        }
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(String.join("\nUNION ALL\n", queries))) {
            while (row.next()) {
                long oid = row.getLong(1);
                if (oid != row.getLong(2)) {
                    throw new SQLException(
                            "The name of a sequence's schema was given to another schema in the meantime", "42P01");
                }
                long last = row.getLong(3);
                boolean called = row.getBoolean(4);
                states.computeIfPresent(
                        oid, (same, state) -> new SequenceState(state.name(), state.file(), last, called));
            }
        }
    }
}
