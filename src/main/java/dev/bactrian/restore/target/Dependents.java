package dev.bactrian.restore.target;

import dev.bactrian.postgres.script.Sql;
import dev.bactrian.restore.ddl.ScriptEntry;
import dev.bactrian.selection.Relation;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What {@code DROP … CASCADE} of tables and schemas would take besides themselves, as {@code pg_depend} has it: foreign keys
 * and columns of other tables, defaults that take numbers from their sequences, views, functions, policies, partitions, and
 * what depends on those in turn. A plain {@code DROP TABLE} fails on each, partitions excepted.
 */
public final class Dependents {

    /**
     * An object, as catalogs number it.
     *
     * @param catalog oid of the system catalog that has it
     */
    public record Id(long catalog, long oid) {

        public static Id of(ScriptEntry entry) {
            return new Id(entry.catalog(), entry.oid());
        }
    }

    /**
     * One of them.
     *
     * @param what the server's description of it
     */
    public record Dependent(Id id, String what) {}

    /**
     * Parts go with their object (deptypes a, i, P, S, x), and an extension's members with it (e); a schema has what its name
     * is before. An object that has a part which goes, goes too: a view with its rule. Relations are never parts here:
     * partitions are by pg_depend. Of what goes, parts aren't named beside their whole.
     */
    private static final String QUERY =
            """
            WITH RECURSIVE roots (classid, objid) AS (
                SELECT 'pg_catalog.pg_class'::pg_catalog.regclass::oid, c.oid FROM pg_catalog.pg_class c
                  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE (n.nspname, c.relname) IN (%1$s)
                UNION SELECT 'pg_catalog.pg_namespace'::pg_catalog.regclass::oid, n.oid FROM pg_catalog.pg_namespace n
                 WHERE n.nspname IN (%2$s)
            ), own (classid, objid) AS (
                SELECT * FROM roots
                UNION SELECT * FROM (VALUES %3$s) v
                UNION SELECT d.classid, d.objid FROM own o
                  JOIN pg_catalog.pg_depend d ON d.refclassid = o.classid AND d.refobjid = o.objid
                 WHERE d.objsubid = 0 AND (d.deptype = 'e'
                    OR d.deptype IN ('a', 'i', 'P', 'S', 'x')
                       AND NOT (d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND EXISTS (
                           SELECT FROM pg_catalog.pg_class c WHERE c.oid = d.objid AND c.relkind IN ('r', 'p', 'f', 'v', 'm')))
                    OR d.deptype = 'n' AND o.classid = 'pg_catalog.pg_namespace'::pg_catalog.regclass
                       AND (pg_catalog.pg_identify_object(d.classid, d.objid, 0)).schema IN (
                           SELECT pg_catalog.quote_ident(n.nspname) FROM pg_catalog.pg_namespace n WHERE n.oid = o.objid))
            ), gone (classid, objid, objsubid) AS (
                SELECT classid, objid, 0 FROM roots
                UNION SELECT n.* FROM gone g CROSS JOIN LATERAL (
                    SELECT d.classid, d.objid, d.objsubid FROM pg_catalog.pg_depend d
                     WHERE d.refclassid = g.classid AND d.refobjid = g.objid
                       AND (g.objsubid = 0 OR d.refobjsubid = g.objsubid)
                    UNION ALL SELECT d.refclassid, d.refobjid, d.refobjsubid FROM pg_catalog.pg_depend d
                     WHERE d.classid = g.classid AND d.objid = g.objid AND d.objsubid = g.objsubid AND d.deptype = 'i') n
            ), others AS (
                SELECT * FROM gone g WHERE (g.classid, g.objid) NOT IN (SELECT o.classid, o.objid FROM own o))
            SELECT o.classid, o.objid, pg_catalog.pg_describe_object(o.classid, o.objid, o.objsubid) FROM others o
             WHERE NOT EXISTS (SELECT FROM others w WHERE w.objsubid = 0 AND o.objsubid <> 0
                   AND (w.classid, w.objid) = (o.classid, o.objid))
               AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d JOIN others w ON w.classid = d.refclassid
                    AND w.objid = d.refobjid AND (w.objsubid = 0 OR w.objsubid = d.refobjsubid)
                 WHERE d.classid = o.classid AND d.objid = o.objid AND d.objsubid = o.objsubid
                   AND d.deptype IN ('a', 'i', 'P', 'S', 'x', 'e') AND (w.classid, w.objid) <> (o.classid, o.objid))
             ORDER BY 3""";

    private Dependents() {}

    /**
     * Finds them.
     *
     * @param tables that would be dropped; those that aren't there don't count
     * @param schemas that would be dropped
     * @param excepted objects that may go, with their parts
     */
    public static List<Dependent> find(
            Connection connection,
            Collection<Relation.Named> tables,
            Collection<Relation.Named> schemas,
            Collection<Id> excepted)
            throws SQLException {
        String query = QUERY.formatted(
                tables.isEmpty() ? "('', '')" : Sql.rows(tables),
                "''"
                        + schemas.stream()
                                .map(schema -> ", " + Relation.literal(schema.name()))
                                .collect(Collectors.joining()),
                "(0::oid, 0::oid)"
                        + excepted.stream()
                                .map(id -> ", (" + id.catalog() + ", " + id.oid() + ")")
                                .collect(Collectors.joining()));
        List<Dependent> found = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            while (rows.next()) {
                found.add(new Dependent(new Id(rows.getLong(1), rows.getLong(2)), rows.getString(3)));
            }
        }
        return found;
    }
}
