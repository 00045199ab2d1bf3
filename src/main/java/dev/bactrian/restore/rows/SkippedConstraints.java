package dev.bactrian.restore.rows;

import dev.bactrian.selection.Relation;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Checks what the server leaves unchecked under {@code session_replication_role = replica}: a deferrable UNIQUE, PRIMARY
 * KEY or EXCLUDE (also WITHOUT OVERLAPS) lets every row in, and a trigger that doesn't fire then would look for others like
 * it. Constraints that aren't deferrable are checked by the index itself, CHECK and NOT NULL by COPY. Foreign keys, which
 * join tables that are loaded apart, are checked at the end ({@link ForeignKeys}).
 */
final class SkippedConstraints {

    /**
     * For each constraint a query that has rows where it is broken. UNIQUE always is of plain columns, compared as they are
     * grouped (ALTER TABLE takes no other index for it). EXCLUDE: any two rows whose values answer true to all its operators;
     * its expressions, its condition and its collations are the index's, so that the server can use that for it.
     */
    private static final String QUERIES =
            """
            SELECT c.conname, CASE WHEN c.conexclop IS NULL
                THEN format('SELECT FROM ONLY %%I.%%I%%s GROUP BY %%s HAVING count(*) > 1', tn.nspname, t.relname,
                    CASE WHEN (to_jsonb(i) ->> 'indnullsnotdistinct')::boolean THEN '' ELSE ' WHERE ' || k.no_nulls END,
                    k.columns)
                ELSE format('SELECT FROM (%%1$s) AS one JOIN (%%1$s) AS other ON one.place <> other.place AND %%2$s',
                    format('SELECT ctid AS place, %%s FROM ONLY %%I.%%I%%s', k.vals, tn.nspname, t.relname,
                        ' WHERE ' || pg_get_expr(i.indpred, i.indrelid)), k.conflicts) END
            FROM pg_catalog.pg_constraint c
            JOIN pg_catalog.pg_class t ON t.oid = c.conrelid
            JOIN pg_catalog.pg_namespace tn ON tn.oid = t.relnamespace
            JOIN pg_catalog.pg_index i ON i.indexrelid = c.conindid
            CROSS JOIN LATERAL (
                SELECT string_agg(e.expression, ', ' ORDER BY n) AS columns,
                    string_agg(e.expression || ' IS NOT NULL', ' AND ' ORDER BY n) AS no_nulls,
                    string_agg(format('(%%s)%%s AS v%%s', e.expression,
                        CASE WHEN col.oid IS NULL THEN '' ELSE format(' COLLATE %%I.%%I', coln.nspname, col.collname) END,
                        n), ', ' ORDER BY n) AS vals,
                    string_agg(format('one.v%%1$s OPERATOR(%%2$I.%%3$s) other.v%%1$s', n, opn.nspname, op.oprname),
                        ' AND ' ORDER BY n) FILTER (WHERE op.oid IS NOT NULL) AS conflicts
                FROM generate_series(1, i.indnkeyatts) AS n
                CROSS JOIN LATERAL pg_get_indexdef(i.indexrelid, n, false) AS e (expression)
                LEFT JOIN pg_catalog.pg_operator op ON op.oid = c.conexclop[n]
                LEFT JOIN pg_catalog.pg_namespace opn ON opn.oid = op.oprnamespace
                LEFT JOIN pg_catalog.pg_collation col ON col.oid = i.indcollation[n - 1]
                LEFT JOIN pg_catalog.pg_namespace coln ON coln.oid = col.collnamespace) k
            WHERE c.conrelid = to_regclass(%s) AND c.condeferrable AND c.contype IN ('p', 'u', 'x')
            ORDER BY c.conname""";

    /** As the server names it. */
    private static final String UNIQUE_VIOLATION = "23505";

    private SkippedConstraints() {}

    /**
     * Checks one table, in the transaction that has loaded it.
     *
     * @param connection whose {@code search_path} is empty and whose {@code row_security} is off
     * @throws SQLException when one doesn't hold, with its name
     */
    static void require(Connection connection, Relation.Named table) throws SQLException {
        Map<String, String> queries = new LinkedHashMap<>();
        try (Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            try (ResultSet rows = statement.executeQuery(QUERIES.formatted(Relation.literal(table.quoted())))) {
                while (rows.next()) {
                    queries.put(rows.getString(1), rows.getString(2));
                }
            }
            for (Map.Entry<String, String> constraint : queries.entrySet()) {
                try (ResultSet broken = statement.executeQuery("SELECT EXISTS (" + constraint.getValue() + ")")) {
                    if (broken.next() && broken.getBoolean(1)) {
                        throw new SQLException(
                                "The archive's rows break the constraint " + Relation.quote(constraint.getKey())
                                        + ", which the target has: two of the rows conflict. Restore them into "
                                        + "another schema (--into-schema), or drop the constraint.",
                                UNIQUE_VIOLATION);
                    }
                }
            }
        }
    }
}
