package dev.bactrian.postgres.meaning;

import dev.bactrian.selection.Relation;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Asks a server what definitions use, as {@code pg_depend} has it. What belongs to extensions is their own business. The
 * session's search path must be pg_catalog alone, or empty: names of types are printed by it.
 */
public final class UsesQuery {

    private static final int FETCH = 1_000;

    /** What has an oid below is PostgreSQL's own (its FirstNormalObjectId), of which before 14 some dependencies are recorded. */
    private static final String FIRST_OID = "16384";

    private static final String OBJECTS =
            """
            WITH members AS (
                SELECT d.classid, d.objid, e.extname FROM pg_catalog.pg_depend d
                  JOIN pg_catalog.pg_extension e ON e.oid = d.refobjid
                 WHERE d.refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass AND d.deptype = 'e'
            ), schemas AS (
                SELECT n.oid, n.nspname FROM pg_catalog.pg_namespace n
                 WHERE n.oid >= %1$s AND n.nspname !~ '^pg_(toast_)?temp_' AND %2$s
                    OR n.nspname = 'public' AND %2$s
            ), relations AS (
                SELECT c.oid, s.nspname, c.relname, c.relkind FROM pg_catalog.pg_class c
                  JOIN schemas s ON s.oid = c.relnamespace
                 WHERE %3$s AND NOT EXISTS (SELECT FROM members m
                                             WHERE m.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND m.objid = c.oid)
            ), types AS (
                SELECT t.oid, s.nspname, t.typname FROM pg_catalog.pg_type t JOIN schemas s ON s.oid = t.typnamespace
                 WHERE %4$s AND NOT EXISTS (SELECT FROM members m
                                             WHERE m.classid = 'pg_catalog.pg_type'::pg_catalog.regclass AND m.objid = t.oid)
            ), objects (class, oid, kind, schema, name, part) AS (
                SELECT 'pg_catalog.pg_rewrite'::pg_catalog.regclass::pg_catalog.oid, o.oid, 'rule', r.nspname, r.relname,
                       o.rulename::pg_catalog.text
                  FROM pg_catalog.pg_rewrite o JOIN relations r ON r.oid = o.ev_class
                UNION ALL
                SELECT 'pg_catalog.pg_attrdef'::pg_catalog.regclass, o.oid, 'default', r.nspname, r.relname, a.attname
                  FROM pg_catalog.pg_attrdef o JOIN relations r ON r.oid = o.adrelid
                  JOIN pg_catalog.pg_attribute a ON a.attrelid = o.adrelid AND a.attnum = o.adnum
                UNION ALL
                SELECT 'pg_catalog.pg_constraint'::pg_catalog.regclass, o.oid, 'constraint', r.nspname, r.relname, o.conname
                  FROM pg_catalog.pg_constraint o JOIN relations r ON r.oid = o.conrelid
                UNION ALL
                SELECT 'pg_catalog.pg_constraint'::pg_catalog.regclass, o.oid, 'constraint', t.nspname, t.typname, o.conname
                  FROM pg_catalog.pg_constraint o JOIN types t ON t.oid = o.contypid
                UNION ALL
                SELECT 'pg_catalog.pg_policy'::pg_catalog.regclass, o.oid, 'policy', r.nspname, r.relname, o.polname
                  FROM pg_catalog.pg_policy o JOIN relations r ON r.oid = o.polrelid
                UNION ALL
                SELECT 'pg_catalog.pg_trigger'::pg_catalog.regclass, o.oid, 'trigger', r.nspname, r.relname, o.tgname
                  FROM pg_catalog.pg_trigger o JOIN relations r ON r.oid = o.tgrelid WHERE NOT o.tgisinternal
                UNION ALL
                SELECT 'pg_catalog.pg_class'::pg_catalog.regclass, o.indexrelid, 'index', r.nspname, r.relname, c.relname
                  FROM pg_catalog.pg_index o JOIN relations r ON r.oid = o.indrelid
                  JOIN pg_catalog.pg_class c ON c.oid = o.indexrelid
                UNION ALL
                SELECT 'pg_catalog.pg_class'::pg_catalog.regclass, r.oid, 'table', r.nspname, r.relname, ''
                  FROM relations r WHERE r.relkind = 'p'
                UNION ALL
                SELECT 'pg_catalog.pg_statistic_ext'::pg_catalog.regclass, o.oid, 'statistics', r.nspname, r.relname, o.stxname
                  FROM pg_catalog.pg_statistic_ext o JOIN relations r ON r.oid = o.stxrelid
                UNION ALL
                SELECT 'pg_catalog.pg_type'::pg_catalog.regclass, t.oid, 'type', t.nspname, t.typname, '' FROM types t
                UNION ALL
                SELECT 'pg_catalog.pg_proc'::pg_catalog.regclass, o.oid, 'function', s.nspname, o.proname,
                       coalesce(pg_catalog.pg_get_function_identity_arguments(o.oid), '')
                  FROM pg_catalog.pg_proc o JOIN schemas s ON s.oid = o.pronamespace
                 WHERE %5$s AND NOT EXISTS (SELECT FROM members m
                                             WHERE m.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass AND m.objid = o.oid)
            ), used AS (
                SELECT DISTINCT o.kind, o.schema::pg_catalog.text, o.name::pg_catalog.text, o.part, d.refclassid, d.refobjid,
                       coalesce(m.extname, '')::pg_catalog.text AS extension
                  FROM objects o JOIN pg_catalog.pg_depend d ON d.classid = o.class AND d.objid = o.oid
                  LEFT JOIN members m ON m.classid = d.refclassid AND m.objid = d.refobjid
                 WHERE d.refclassid IN ('pg_catalog.pg_proc'::pg_catalog.regclass, 'pg_catalog.pg_operator'::pg_catalog.regclass)
                   AND d.deptype IN ('n', 'a') AND d.refobjid >= %1$s
            ), actual AS (
                SELECT u.kind, u.schema, u.name, u.part, 'function'::pg_catalog.text AS used,
                       n.nspname::pg_catalog.text AS used_schema, p.proname::pg_catalog.text AS used_name,
                       (SELECT coalesce(pg_catalog.string_agg(pg_catalog.format_type(a.type, NULL), ', ' ORDER BY a.at), '')
                          FROM pg_catalog.unnest(p.proargtypes) WITH ORDINALITY AS a (type, at)) AS arguments, u.extension
                  FROM used u
                  JOIN pg_catalog.pg_proc p
                    ON u.refclassid = 'pg_catalog.pg_proc'::pg_catalog.regclass AND p.oid = u.refobjid
                  JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
                UNION ALL
                SELECT u.kind, u.schema, u.name, u.part, 'operator', n.nspname, p.oprname,
                       CASE p.oprleft WHEN 0 THEN 'NONE' ELSE pg_catalog.format_type(p.oprleft, NULL) END || ', '
                       || pg_catalog.format_type(p.oprright, NULL), u.extension
                  FROM used u
                  JOIN pg_catalog.pg_operator p
                    ON u.refclassid = 'pg_catalog.pg_operator'::pg_catalog.regclass AND p.oid = u.refobjid
                  JOIN pg_catalog.pg_namespace n ON n.oid = p.oprnamespace
            )
            """;

    private UsesQuery() {}

    /**
     * Asks for all of a database.
     *
     * @param connection whose transaction, where it has a snapshot, is the instant that the answer belongs to
     */
    public static Uses read(Connection connection) throws SQLException {
        Uses uses = new Uses();
        try (Statement statement = connection.createStatement()) {
            statement.setFetchSize(FETCH);
            try (ResultSet rows = statement.executeQuery(
                    objects(null, null) + "SELECT * FROM actual ORDER BY 1, 2, 3, 4, 5, 6, 7, 8")) {
                while (rows.next()) {
                    uses.add(definition(rows), use(rows));
                }
            }
        }
        return uses;
    }

    private static Definition definition(ResultSet row) throws SQLException {
        return new Definition(row.getString(1), row.getString(2), row.getString(3), row.getString(4));
    }

    private static Use use(ResultSet row) throws SQLException {
        return new Use(
                row.getString("used"),
                row.getString("used_schema"),
                row.getString("used_name"),
                row.getString("arguments"),
                row.getString("extension"));
    }

    /** All that a database defines, whether it uses something or not. */
    public static Set<Definition> present(Connection connection) throws SQLException {
        Set<Definition> found = new HashSet<>();
        try (Statement statement = connection.createStatement()) {
            statement.setFetchSize(FETCH);
            try (ResultSet rows =
                    statement.executeQuery(objects(null, null) + "SELECT kind, schema, name, part FROM objects")) {
                while (rows.next()) {
                    found.add(definition(rows));
                }
            }
        }
        return found;
    }

    /**
     * A statement that fails with {@code 22P02} where definitions of one table, view, domain or function use something
     * else than was saved; those that aren't there yet don't count.
     *
     * @param of its name
     * @param kinds of the definitions
     * @param part the one that is meant; null for all of these kinds
     * @param saved what was saved
     */
    public static String guard(Relation.Named of, Set<String> kinds, @Nullable String part, Uses saved) {
        String which = "kind IN (" + kinds.stream().map(Relation::literal).collect(Collectors.joining(", ")) + ")"
                + (part == null ? "" : " AND part = " + Relation.literal(part));
        String expected = saved.definitions(of, kinds, part).stream()
                .flatMap(definition -> saved.of(definition).stream().map(use -> row(definition, use)))
                .collect(Collectors.joining(", "));
        return objects(of.schema(), of.name())
                + ", expected (kind, schema, name, part, used, used_schema, used_name, arguments, extension) AS (SELECT * FROM "
                + (expected.isEmpty() ? "actual WHERE false" : "(VALUES " + expected + ") AS e") + ")"
                + ", missing AS (SELECT * FROM expected e WHERE EXISTS (SELECT FROM objects o WHERE o.kind = e.kind"
                + " AND o.schema = e.schema AND o.name = e.name AND o.part = e.part) EXCEPT SELECT * FROM actual)"
                + ", other AS (SELECT * FROM actual WHERE " + which + " EXCEPT SELECT * FROM expected)"
                + " SELECT CAST(CASE WHEN EXISTS (SELECT FROM missing) OR EXISTS (SELECT FROM other)"
                + " THEN 'another meaning' ELSE '0' END AS pg_catalog.int4)";
    }

    private static String row(Definition definition, Use use) {
        return Stream.of(
                        definition.kind(),
                        definition.schema(),
                        definition.name(),
                        definition.part(),
                        use.kind(),
                        use.schema(),
                        use.name(),
                        use.arguments(),
                        use.extension())
                .map(text -> Relation.literal(text) + "::pg_catalog.text")
                .collect(Collectors.joining(", ", "(", ")"));
    }

    private static String objects(@Nullable String schema, @Nullable String name) {
        return OBJECTS.formatted(
                FIRST_OID,
                equal("n.nspname", schema),
                equal("c.relname", name),
                equal("t.typname", name),
                equal("o.proname", name));
    }

    private static String equal(String column, @Nullable String value) {
        return value == null ? "true" : column + " = " + Relation.literal(value);
    }
}
