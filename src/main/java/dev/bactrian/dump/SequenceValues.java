package dev.bactrian.dump;

import dev.bactrian.database.Snapshot;
import dev.bactrian.selection.Relation;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.camel.ExchangeProperty;

/**
 * Writes the script that sets every sequence. Sequences ignore snapshots: read after the snapshot was taken, a value is
 * never behind the rows that were saved.
 */
public final class SequenceValues {

    private static final int AT_ONCE = 200;

    /** The script: one {@code setval} per sequence. */
    public String script(@ExchangeProperty("plan") Plan plan, @ExchangeProperty("snapshot") Snapshot snapshot)
            throws SQLException {
        StringBuilder script = new StringBuilder("SET standard_conforming_strings = on;\n"
                + "SELECT pg_catalog.set_config('search_path', '', false);\n\n");
        List<Relation.Named> sequences = plan.sequences();
        try (Connection connection = snapshot.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            for (int from = 0; from < sequences.size(); from += AT_ONCE) {
                List<Relation.Named> some = sequences.subList(from, Math.min(from + AT_ONCE, sequences.size()));
                try (ResultSet values = statement.executeQuery(query(some))) {
                    while (values.next()) {
                        script.append("SELECT pg_catalog.setval(")
                                .append(Relation.literal(values.getString(1)))
                                .append(", ")
                                .append(values.getLong(2))
                                .append(", ")
                                .append(values.getBoolean(3))
                                .append(");\n");
                    }
                }
            }
        }
        return script.toString();
    }

    private static String query(List<Relation.Named> sequences) {
        return sequences.stream()
                .map(sequence -> "SELECT " + Relation.literal(sequence.quoted()) + ", last_value, is_called FROM "
                        + sequence.quoted())
                .collect(Collectors.joining("\nUNION ALL\n"));
    }
}
