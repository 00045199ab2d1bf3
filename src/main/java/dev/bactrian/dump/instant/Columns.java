package dev.bactrian.dump.instant;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The columns of one table or composite type.
 *
 * @param byPlace by attnum, which a column keeps and no other ever gets
 */
record Columns(Map<Integer, Column> byPlace) {

    private static final long TEXT = 25;
    private static final long VARCHAR = 1043;

    private static final String SQL =
            "SELECT attnum, attname::text, atttypid::int8, attgenerated::text, attmissingval::text FROM pg_catalog.pg_attribute"
                    + " WHERE attrelid = CAST(? AS pg_catalog.oid) AND attnum > 0 AND NOT attisdropped";

    /**
     * A column.
     *
     * @param missing its value in rows that were written before it was added; null where those have none
     */
    record Column(String name, long type, String generated, @Nullable String missing) {

        /** A varchar is a text with a limit: the one becomes the other without a new file, and prints the same. */
        private static long printed(long type) {
            return type == VARCHAR ? TEXT : type;
        }

        private boolean holdsTheSameAs(Column other, boolean rewritten) {
            return printed(type) == printed(other.type)
                    && generated.equals(other.generated)
                    && (Objects.equals(missing, other.missing) || rewritten && other.missing == null);
        }
    }

    /** Reads them as the session sees them. */
    static Columns read(Connection connection, long relation) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(SQL)) {
            statement.setLong(1, relation);
            Map<Integer, Column> found = new TreeMap<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    found.put(
                            rows.getInt(1),
                            new Column(rows.getString(2), rows.getLong(3), rows.getString(4), rows.getString(5)));
                }
            }
            return new Columns(found);
        }
    }

    /**
     * The name of a column that a COPY of these columns by name wouldn't read as it was; null where all are. Columns that
     * were added don't matter.
     *
     * @param rewritten whether the table has another file now: then rows carry the value that the catalog held for them
     */
    @Nullable
    String changedIn(Columns now, boolean rewritten) {
        return byPlace.entrySet().stream()
                .filter(entry -> {
                    Column other = now.byPlace.get(entry.getKey());
                    return other == null
                            || !entry.getValue().name().equals(other.name())
                            || !entry.getValue().holdsTheSameAs(other, rewritten);
                })
                .map(entry -> entry.getValue().name())
                .findFirst()
                .orElse(null);
    }

    /** Whether all of these columns are there with the same content, though perhaps with other names. */
    boolean holdTheSameIn(Columns now, boolean rewritten) {
        return byPlace.entrySet().stream().allMatch(entry -> {
            Column other = now.byPlace.get(entry.getKey());
            return other != null && entry.getValue().holdsTheSameAs(other, rewritten);
        });
    }

    /** Whether a value has the same attributes, in text without their names: none came, went or has another type. */
    boolean printsAs(Columns now) {
        return byPlace.keySet().equals(now.byPlace.keySet())
                && byPlace.entrySet().stream()
                        .allMatch(entry -> entry.getValue().type()
                                == Objects.requireNonNull(now.byPlace.get(entry.getKey()))
                                        .type());
    }
}
