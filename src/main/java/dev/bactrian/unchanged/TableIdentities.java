package dev.bactrian.unchanged;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What the text of a table's rows depends on but for the rows: its names and columns, the types of those with all that is in
 * them, and which transaction made each of these definitions. That each has the same {@code xmin} as at an earlier snapshot
 * says that none is newer than that; a catalog's row that is changed and changed back has another.
 *
 * @param identities a SHA-256 by the table's oid
 * @param never why a table can never be proved unchanged, by its oid
 */
record TableIdentities(Map<Long, String> identities, Map<Long, String> never) {

    private static final String SEPARATOR = " ";

    private static final Map<String, String> REASONS = Map.of(
            "k", "it isn't an ordinary table",
            "m", "its access method isn't heap",
            "e", "it belongs to an extension",
            "n", "it has values that print names of other objects",
            "c", "it has values of a type that a library prints, which may be replaced without a trace");

    /**
     * Types are followed through arrays, domains, ranges and composites. A type's own output function is PostgreSQL's where its
     * language is internal (12), and the library's of an extension elsewhere. Access method 2 is heap. {@code pg_range} has
     * multiranges since PostgreSQL 14. Partitions may be printed under the name of the table at the top.
     */
    private static final String SQL =
            """
            WITH RECURSIVE columns AS MATERIALIZED (
                SELECT a.attrelid, a.attnum, a.atttypid,
                       concat_ws(' ', a.attnum, quote_ident(a.attname), a.atttypid, a.atttypmod, a.attgenerated, a.xmin,
                                 quote_literal(a.attmissingval::text)) AS text
                  FROM pg_attribute a
                 WHERE a.attrelid = ANY ('{%1$s}'::oid[]) AND a.attnum > 0 AND NOT a.attisdropped
            ), reach (root, type) AS (
                SELECT DISTINCT atttypid, atttypid FROM columns
                UNION
                SELECT r.root, p.part FROM reach r CROSS JOIN LATERAL (
                    SELECT unnest(ARRAY[t.typelem, t.typbasetype]) FROM pg_type t WHERE t.oid = r.type
                    UNION ALL
                    SELECT g.rngsubtype FROM pg_range g WHERE g.rngtypid = r.type
                    UNION ALL
                    SELECT g.rngtypid FROM pg_range g WHERE (to_jsonb(g) ->> 'rngmultitypid')::oid = r.type
                    UNION ALL
                    SELECT a.atttypid FROM pg_type t JOIN pg_attribute a ON a.attrelid = t.typrelid
                     WHERE t.oid = r.type AND a.attnum > 0 AND NOT a.attisdropped
                ) AS p (part) WHERE p.part <> 0
            ), types AS MATERIALIZED (
                SELECT t.oid, t.typname ~ '^_?(reg|aclitem$)' AND t.typnamespace = 'pg_catalog'::regnamespace AS names,
                       t.typtype = 'b' AND o.prolang <> 12 AS library,
                       concat_ws(' ', t.oid, t.xmin, t.typtype, t.typelem, t.typbasetype, t.typrelid, o.oid, o.xmin, o.prolang,
                           quote_literal(o.prosrc),
                           (SELECT concat_ws(' ', g.rngsubtype, g.xmin) FROM pg_range g WHERE g.rngtypid = t.oid),
                           (SELECT string_agg(concat_ws(' ', e.oid, e.xmin, quote_literal(e.enumlabel)), ' ' ORDER BY e.oid)
                              FROM pg_enum e WHERE e.enumtypid = t.oid),
                           (SELECT string_agg(concat_ws(' ', a.attnum, a.atttypid, a.xmin), ' ' ORDER BY a.attnum)
                              FROM pg_attribute a
                             WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped)) AS text
                  FROM pg_type t JOIN pg_proc o ON o.oid = t.typoutput
                 WHERE t.oid IN (SELECT type FROM reach)
            ), roots AS MATERIALIZED (
                SELECT r.root, bool_or(t.names) AS names, bool_or(t.library) AS library, count(*) = count(t.oid) AS whole,
                       sha256(convert_to(string_agg(t.text, ' ; ' ORDER BY r.type), getdatabaseencoding())) AS print
                  FROM reach r LEFT JOIN types t ON t.oid = r.type GROUP BY r.root
            ), content AS (
                SELECT c.attrelid, bool_or(r.names) AS names, bool_or(r.library) AS library, bool_and(r.whole) AS whole,
                       string_agg(concat_ws(' ', c.text, r.print), ' ; ' ORDER BY c.attnum) AS text
                  FROM columns c JOIN roots r ON r.root = c.atttypid GROUP BY c.attrelid
            ), above (oid, parent, level) AS (
                SELECT i.inhrelid, i.inhparent, 1 FROM pg_inherits i
                 WHERE i.inhrelid = ANY ('{%1$s}'::oid[])
                UNION ALL
                SELECT a.oid, i.inhparent, a.level + 1 FROM above a JOIN pg_inherits i ON i.inhrelid = a.parent
            ), parents AS (
                SELECT a.oid, string_agg(concat_ws(' ', a.level, p.oid, p.relkind, quote_ident(n.nspname), quote_ident(p.relname)),
                                         ' ; ' ORDER BY a.level, p.oid) AS text
                  FROM above a JOIN pg_class p ON p.oid = a.parent JOIN pg_namespace n ON n.oid = p.relnamespace GROUP BY a.oid
            )
            SELECT concat_ws(' ', c.oid, CASE WHEN c.relkind <> 'r' THEN 'k' WHEN c.relam <> 2 THEN 'm'
                       WHEN EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid
                                       AND d.objsubid = 0 AND d.deptype = 'e') THEN 'e'
                       WHEN s.names THEN 'n' WHEN s.library OR NOT s.whole THEN 'c'
                       ELSE encode(sha256(convert_to(concat_ws(' ', c.oid, c.xmin, quote_ident(n.nspname), quote_ident(c.relname),
                                c.relpersistence, c.relispartition, '(', p.text, ')', s.text), getdatabaseencoding())), 'hex')
                       END)
              FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
              LEFT JOIN content s ON s.attrelid = c.oid LEFT JOIN parents p ON p.oid = c.oid
             WHERE c.oid = ANY ('{%1$s}'::oid[])""";

    /** The query of their rows, as {@link #of} reads them. */
    static String sql(Collection<Long> oids) {
        return SQL.formatted(oids.stream().map(String::valueOf).collect(Collectors.joining(",")));
    }

    static TableIdentities of(List<String> rows) {
        Map<Long, String> identities = new HashMap<>();
        Map<Long, String> never = new HashMap<>();
        for (String row : rows) {
            String[] values = row.split(SEPARATOR, -1);
            String reason = REASONS.get(values[1]);
            if (reason == null) {
                identities.put(Long.parseLong(values[0]), values[1]);
            } else {
                never.put(Long.parseLong(values[0]), reason);
            }
        }
        return new TableIdentities(identities, never);
    }
}
