package dev.bactrian.restore.rows;

import dev.bactrian.restore.target.OthersFunctions;
import dev.bactrian.selection.Relation;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Proves foreign keys after rows were loaded with {@code session_replication_role = replica}, under which the server
 * checks none. Looks for rows as the server does when it adds a constraint: with the constraint's own operators, and
 * without tables that merely inherit. Of temporal ones ({@code PERIOD}, PostgreSQL 18) it looks for periods that those they
 * refer to don't cover together. Constraints that aren't enforced are left out (PostgreSQL 18).
 */
public final class ForeignKeys {

    /** A constraint of a partitioned table is there again for each partition, with conparentid: once is enough. */
    private static final String CONSTRAINTS =
            """
            WITH loaded AS (
                SELECT t.oid FROM unnest(?::text[], ?::text[]) AS l (schema, name)
                JOIN pg_catalog.pg_namespace n ON n.nspname = l.schema
                JOIN pg_catalog.pg_class t ON t.relnamespace = n.oid AND t.relname = l.name),
            touched AS (
                SELECT oid FROM loaded
                UNION SELECT a.relid FROM loaded, pg_catalog.pg_partition_ancestors(oid) AS a (relid)
                UNION SELECT p.relid FROM loaded, pg_catalog.pg_partition_tree(oid) AS p)
            SELECT f.conname, cn.nspname, c.relname, pn.nspname AS parent_schema, p.relname AS parent_name,
                f.conrelid IN (SELECT oid FROM touched) AS child_loaded, f.confrelid IN (SELECT oid FROM touched) AS parent_loaded,
                f.confmatchtype = 'f' AS match_full,
                CASE c.relkind WHEN 'p' THEN '' ELSE 'ONLY ' END || format('%I.%I', cn.nspname, c.relname) AS child,
                CASE p.relkind WHEN 'p' THEN '' ELSE 'ONLY ' END || format('%I.%I', pn.nspname, p.relname) AS parent,
                k.equal, k.none_null, k.any_null, k.any_value,
                CASE WHEN (to_jsonb(f) ->> 'conperiod')::boolean THEN k.child_period END AS child_period, k.parent_period
            FROM pg_catalog.pg_constraint f
            JOIN pg_catalog.pg_class c ON c.oid = f.conrelid
            JOIN pg_catalog.pg_namespace cn ON cn.oid = c.relnamespace
            JOIN pg_catalog.pg_class p ON p.oid = f.confrelid
            JOIN pg_catalog.pg_namespace pn ON pn.oid = p.relnamespace
            CROSS JOIN LATERAL (
                SELECT string_agg(format('p.%I OPERATOR(%I.%s) c.%I', pa.attname, opn.nspname, op.oprname, ca.attname)
                        || CASE WHEN pa.attcollation <> ca.attcollation AND 0 NOT IN (pa.attcollation, ca.attcollation)
                            THEN format(' COLLATE %I.%I', coln.nspname, col.collname) ELSE '' END,
                        ' AND ' ORDER BY i) AS equal,
                    string_agg(format('c.%I IS NOT NULL', ca.attname), ' AND ' ORDER BY i) AS none_null,
                    string_agg(format('c.%I IS NULL', ca.attname), ' OR ' ORDER BY i) AS any_null,
                    string_agg(format('c.%I IS NOT NULL', ca.attname), ' OR ' ORDER BY i) AS any_value,
                    (array_agg(format('c.%I', ca.attname) ORDER BY i DESC))[1] AS child_period,
                    (array_agg(format('p.%I', pa.attname) ORDER BY i DESC))[1] AS parent_period
                FROM unnest(f.conkey, f.confkey, f.conpfeqop) WITH ORDINALITY AS u (child, parent, operator, i)
                JOIN pg_catalog.pg_attribute ca ON ca.attrelid = f.conrelid AND ca.attnum = u.child
                JOIN pg_catalog.pg_attribute pa ON pa.attrelid = f.confrelid AND pa.attnum = u.parent
                JOIN pg_catalog.pg_operator op ON op.oid = u.operator
                JOIN pg_catalog.pg_namespace opn ON opn.oid = op.oprnamespace
                LEFT JOIN pg_catalog.pg_collation col ON col.oid = pa.attcollation
                LEFT JOIN pg_catalog.pg_namespace coln ON coln.oid = col.collnamespace) k
            WHERE f.contype = 'f' AND f.conparentid = 0
                AND (f.conrelid IN (SELECT oid FROM touched) OR f.confrelid IN (SELECT oid FROM touched))
                AND coalesce((to_jsonb(f) ->> 'conenforced')::boolean, true)
            ORDER BY cn.nspname, c.relname, f.conname
            """;

    /**
     * A constraint that doesn't hold, or isn't looked at.
     *
     * @param table the table that has it, quoted, with its schema
     * @param rows that refer to nothing, or are half null under {@code MATCH FULL}
     * @param sql lists these rows
     * @param unread whose functions a look at them would run, where they aren't looked at; else empty
     */
    public record Violation(String constraint, String table, long rows, String sql, String unread) {}

    /** One to look at, with the sides whose rows weren't loaded. */
    private record Constraint(Violation possible, List<Relation.Named> others) {}

    private ForeignKeys() {}

    /**
     * Checks every foreign key, validated or not, that has one of the tables on either side, or a partitioned table one of
     * them is a part of. One that joins a table that wasn't loaded isn't looked at where that would run functions of others, as
     * casts and indexes' conditions may.
     *
     * @param connection of a role that may read the tables. Its {@code row_security} is set to off: the server refuses to
     *     read a table rather than hide rows
     */
    public static List<Violation> violations(Connection connection, Collection<Relation.Named> loadedTables)
            throws SQLException {
        List<Violation> violations = new ArrayList<>();
        try (Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            statement.execute("SET row_security = off");
            List<Constraint> constraints = constraints(connection, loadedTables);
            Map<Relation.Named, String> calls = calls(constraints, connection);
            for (Constraint constraint : constraints) {
                Violation possible = constraint.possible();
                String unread = constraint.others().stream()
                        .filter(calls::containsKey)
                        .map(table -> calls.getOrDefault(table, ""))
                        .collect(Collectors.joining("; "));
                if (!unread.isEmpty()) {
                    violations.add(new Violation(possible.constraint(), possible.table(), 0, possible.sql(), unread));
                    continue;
                }
                try (ResultSet count =
                        statement.executeQuery("SELECT count(*) FROM (" + possible.sql() + ") AS rows")) {
                    if (count.next() && count.getLong(1) > 0) {
                        violations.add(new Violation(
                                possible.constraint(), possible.table(), count.getLong(1), possible.sql(), ""));
                    }
                }
            }
        }
        return List.copyOf(violations);
    }

    /** What a look at tables would run of others. */
    private static Map<Relation.Named, String> calls(List<Constraint> constraints, Connection connection)
            throws SQLException {
        Set<Relation.Named> tables =
                constraints.stream().flatMap(one -> one.others().stream()).collect(Collectors.toSet());
        return OthersFunctions.find(OthersFunctions.Subject.of(OthersFunctions.Kind.READS, tables), connection).stream()
                .collect(Collectors.toMap(
                        call -> new Relation.Named(call.of().schema(), call.of().name()),
                        call -> "reading " + call.named() + " calls " + call.function() + " of role " + call.role(),
                        (one, other) -> one + "; " + other));
    }

    private static List<Constraint> constraints(Connection connection, Collection<Relation.Named> tables)
            throws SQLException {
        List<Constraint> all = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(CONSTRAINTS)) {
            statement.setArray(
                    1,
                    array(
                            connection,
                            tables.stream().map(Relation.Named::schema).toArray()));
            statement.setArray(
                    2,
                    array(connection, tables.stream().map(Relation.Named::name).toArray()));
            try (ResultSet found = statement.executeQuery()) {
                while (found.next()) {
                    Relation.Named child = new Relation.Named(found.getString("nspname"), found.getString("relname"));
                    List<Relation.Named> others = new ArrayList<>();
                    if (!found.getBoolean("child_loaded")) {
                        others.add(child);
                    }
                    if (!found.getBoolean("parent_loaded")) {
                        others.add(
                                new Relation.Named(found.getString("parent_schema"), found.getString("parent_name")));
                    }
                    all.add(new Constraint(
                            new Violation(found.getString("conname"), child.quoted(), 0, query(found), ""), others));
                }
            }
        }
        return all;
    }

    private static Array array(Connection connection, Object[] texts) throws SQLException {
        return connection.createArrayOf("text", texts);
    }

    private static String query(ResultSet constraint) throws SQLException {
        String rows = "SELECT c.* FROM " + constraint.getString("child") + " AS c WHERE ";
        String parents =
                " FROM " + constraint.getString("parent") + " AS p WHERE " + constraint.getString("equal") + ")";
        String period = constraint.getString("child_period");
        String orphans = rows
                + constraint.getString("none_null")
                + (period == null
                        ? " AND NOT EXISTS (SELECT" + parents
                        // As the server's own check has it: no row at all is no period.
                        : " AND (" + period + " OPERATOR(pg_catalog.<@) (SELECT pg_catalog.range_agg("
                                + constraint.getString("parent_period") + ")" + parents + ") IS NOT TRUE");
        // Two queries, not one with OR: so that the server joins instead of looking up each row.
        return constraint.getBoolean("match_full")
                ? orphans + " UNION ALL " + rows + "(" + constraint.getString("any_null") + ") AND ("
                        + constraint.getString("any_value") + ")"
                : orphans;
    }
}
