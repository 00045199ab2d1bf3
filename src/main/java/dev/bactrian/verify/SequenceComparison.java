package dev.bactrian.verify;

import dev.bactrian.archive.verify.Difference;
import dev.bactrian.postgres.Snapshot;
import dev.bactrian.postgres.url.DatabaseUrl;
import dev.bactrian.restore.rows.SequenceScript;
import dev.bactrian.selection.Relation;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Whether the sequences of a database stand where an archive's {@code db/sequences.sql} says. */
final class SequenceComparison {

    private static final int AT_ONCE = 200;
    private static final String SEQUENCES = "SELECT n.nspname, c.relname FROM pg_class c "
            + "JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind = 'S'";

    private SequenceComparison() {}

    /** Where a sequence stands: {@code last_value} and {@code is_called}. */
    private record Value(long last, boolean called) {}

    /**
     * Compares every sequence of the script; those that only the database has don't matter.
     *
     * @throws IOException when the script isn't one that Bactrian writes
     */
    public static List<Difference> compare(DatabaseUrl url, String script) throws SQLException, IOException {
        Map<String, Value> saved = parse(script);
        Map<String, Value> there = new LinkedHashMap<>();
        try (Snapshot snapshot = Snapshot.export(url);
                Connection connection = snapshot.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            List<String> wanted = new ArrayList<>(saved.keySet());
            wanted.retainAll(names(statement));
            for (int from = 0; from < wanted.size(); from += AT_ONCE) {
                // The snapshot's transaction would hold the locks of all of them to its end.
                Savepoint before = connection.setSavepoint();
                read(statement, wanted.subList(from, Math.min(from + AT_ONCE, wanted.size())), there);
                connection.rollback(before);
                connection.releaseSavepoint(before);
            }
        }
        List<Difference> found = new ArrayList<>();
        saved.forEach((name, value) -> {
            Value now = there.get(name);
            if (now == null) {
                found.add(new Difference("sequence " + name, "isn't in the database"));
            } else if (!now.equals(value)) {
                found.add(new Difference("sequence " + name, "is at " + shown(now) + " instead of " + shown(value)));
            }
        });
        return found;
    }

    private static String shown(Value value) {
        return value.last() + (value.called() ? "" : " (not used yet)");
    }

    /** By their quoted names. */
    private static Map<String, Value> parse(String script) throws IOException {
        Map<String, Value> values = new LinkedHashMap<>();
        for (SequenceScript.Value value : SequenceScript.parse(script)) {
            values.put(
                    new Relation.Named(value.schema(), value.name()).quoted(),
                    new Value(value.value(), value.called()));
        }
        return values;
    }

    private static Set<String> names(Statement statement) throws SQLException {
        Set<String> names = new HashSet<>();
        try (ResultSet result = statement.executeQuery(SEQUENCES)) {
            while (result.next()) {
                names.add(new Relation.Named(result.getString(1), result.getString(2)).quoted());
            }
        }
        return names;
    }

    private static void read(Statement statement, List<String> names, Map<String, Value> values) throws SQLException {
        String query = names.stream()
                .map(name -> "SELECT " + Relation.literal(name) + ", last_value, is_called FROM " + name)
                .collect(Collectors.joining(" UNION ALL "));
        try (ResultSet result = statement.executeQuery(query)) {
            while (result.next()) {
                values.put(result.getString(1), new Value(result.getLong(2), result.getBoolean(3)));
            }
        }
    }
}
