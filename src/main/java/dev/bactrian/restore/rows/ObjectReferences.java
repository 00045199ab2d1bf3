package dev.bactrian.restore.rows;

import dev.bactrian.postgres.script.Sql;
import dev.bactrian.selection.Relation;
import dev.bactrian.support.Units;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which large objects a restore brings: all, or those that rows of the restored tables refer to. A reference is the object's
 * number, in a column of type {@code oid}, or of a domain over it as that of the extension lo; such a column may hold numbers
 * of other things, too.
 *
 * @param numbers in ascending order; null for all
 */
record ObjectReferences(long @Nullable [] numbers, List<Column> columns) {

    static final ObjectReferences ALL = new ObjectReferences(null, List.of());

    static final ObjectReferences NONE = new ObjectReferences(new long[0], List.of());

    private static final String COLUMNS =
            """
            SELECT w.schema, w.name, a.attname FROM (VALUES %s) w (schema, name)
              JOIN pg_catalog.pg_namespace n ON n.nspname = w.schema
              JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = w.name
              JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
              JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
             WHERE 'pg_catalog.oid'::pg_catalog.regtype IN (t.oid, t.typbasetype) ORDER BY 1, 2, a.attnum""";

    /**
     * A column that holds such numbers.
     *
     * @param distinct how many
     * @param there how many of them are numbers of large objects that the target has
     */
    record Column(Relation.Named table, String name, long distinct, long there) {

        /** For people. */
        String text() {
            return Units.counted(distinct, "number") + " in column " + Relation.quote(name) + " of " + table.quoted();
        }
    }

    /** Those that the rows of some tables refer to. */
    static ObjectReferences of(Connection connection, List<Relation.Named> tables) throws SQLException {
        if (tables.isEmpty()) {
            return NONE;
        }
        List<Column> columns = new ArrayList<>();
        List<String> queries = new ArrayList<>();
        try (Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            List<Column> found = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery(COLUMNS.formatted(Sql.rows(tables)))) {
                while (rows.next()) {
                    found.add(new Column(
                            new Relation.Named(rows.getString(1), rows.getString(2)), rows.getString(3), 0, 0));
                }
            }
            for (Column column : found) {
                String query = "SELECT DISTINCT " + Relation.quote(column.name())
                        + "::pg_catalog.oid::bigint AS number FROM ONLY "
                        + column.table().quoted() + " WHERE " + Relation.quote(column.name()) + " <> 0";
                try (ResultSet row = statement.executeQuery("SELECT count(*), count(m.oid) FROM (" + query
                        + ") AS r LEFT JOIN pg_catalog.pg_largeobject_metadata m ON m.oid::bigint = r.number")) {
                    if (row.next() && row.getLong(1) > 0) {
                        columns.add(new Column(column.table(), column.name(), row.getLong(1), row.getLong(2)));
                        queries.add(query);
                    }
                }
            }
        }
        return new ObjectReferences(numbers(connection, queries), List.copyOf(columns));
    }

    private static long[] numbers(Connection connection, List<String> queries) throws SQLException {
        if (queries.isEmpty()) {
            return new long[0];
        }
        long[] numbers = new long[1024];
        int count = 0;
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(
                        queries.stream().collect(Collectors.joining(" UNION ", "", " ORDER BY 1")))) {
            while (rows.next()) {
                if (count == numbers.length) {
                    numbers = Arrays.copyOf(numbers, 2 * count);
                }
                numbers[count++] = rows.getLong(1);
            }
        }
        return Arrays.copyOf(numbers, count);
    }

    /** Whether an object is to come. */
    boolean contain(long number) {
        return numbers == null || Arrays.binarySearch(numbers, number) >= 0;
    }

    boolean areNone() {
        return numbers != null && numbers.length == 0;
    }
}
