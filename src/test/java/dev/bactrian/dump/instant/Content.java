package dev.bactrian.dump.instant;

import dev.bactrian.testing.EveryKind;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * What a backup has to bring back of a database.
 *
 * @param rows each table's and materialized view's rows as text, in an order of their own; and the large objects
 * @param definitions what pg_dump prints of them
 */
record Content(Map<String, List<String>> rows, List<String> definitions) {

    /** What large objects are called among the tables. */
    static final String LARGE_OBJECTS = "large objects";

    private static final String TABLES = "SELECT format('%I.%I', nspname, relname) FROM pg_class c JOIN pg_namespace n "
            + "ON n.oid = relnamespace WHERE (relkind = 'r' OR relkind = 'm' AND relispopulated)"
            + " AND nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast') AND nspname !~ '^pg_(toast_)?temp'"
            + " ORDER BY 1";

    static Content of(PostgresServer server, TestDatabase database) {
        return new Content(rows(database.jdbc()), EveryKind.definitions(server, database, List.of()));
    }

    static Map<String, List<String>> rows(JdbcTemplate database) {
        Map<String, List<String>> rows = new TreeMap<>();
        for (String table : texts(database, TABLES)) {
            rows.put(table, texts(database, "SELECT t::text FROM ONLY " + table + " t ORDER BY t::text COLLATE \"C\""));
        }
        rows.put(
                LARGE_OBJECTS,
                texts(
                        database,
                        "SELECT oid || ' ' || encode(lo_get(oid), 'hex') FROM pg_largeobject_metadata ORDER BY oid"));
        return rows;
    }

    private static List<String> texts(JdbcTemplate database, String query) {
        return database.queryForList(query, String.class);
    }

    /** What differs, in words for a test's message; empty when both are the same. */
    static List<String> differences(Content expected, Content actual) {
        List<String> found = differences(expected.rows, actual.rows);
        EveryKind.differences(expected.definitions, actual.definitions)
                .forEach(line -> found.add("definition " + line));
        return found;
    }

    static List<String> differences(Map<String, List<String>> expected, Map<String, List<String>> actual) {
        List<String> found = new ArrayList<>();
        expected.forEach((table, rows) -> {
            List<String> others = actual.get(table);
            if (!rows.equals(others)) {
                found.add(table + ": " + brief(rows) + " came back as " + (others == null ? "nothing" : brief(others)));
            }
        });
        actual.keySet().stream()
                .filter(table -> !expected.containsKey(table))
                .forEach(table -> found.add(table + " wasn't there"));
        return found;
    }

    private static String brief(List<String> rows) {
        return rows.size() + " rows"
                + (rows.isEmpty() ? "" : " from " + rows.get(0) + " to " + rows.get(rows.size() - 1));
    }
}
