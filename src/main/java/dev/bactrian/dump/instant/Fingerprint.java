package dev.bactrian.dump.instant;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a session sees of all that has a name, and of what decides on the text of rows: by catalog and oid. Read in the
 * snapshot and by a session without it, it shows what was changed.
 */
final class Fingerprint {

    /** Objects of which only the name matters: {@code %1$s} is their catalog, {@code %2$s} what its columns begin with. */
    private static final String NAMED =
            """
            SELECT '%1$s', o.oid::int8, o.%2$snamespace::int8, o.%2$sname::text, NULL, NULL, NULL, o.xmin::text
              FROM pg_catalog.%1$s o
             WHERE o.oid >= 16384 AND o.%2$snamespace NOT IN (SELECT oid FROM temporary)
            """;

    private static final String SQL =
            """
            WITH temporary AS MATERIALIZED (SELECT oid FROM pg_catalog.pg_namespace WHERE nspname ~ '^pg_(toast_)?temp_')
            SELECT 'pg_namespace' AS catalog, n.oid::int8 AS oid, 0::int8 AS parent, n.nspname::text AS name,
                   NULL AS detail, NULL AS storage, NULL AS columns, n.xmin::text AS version
              FROM pg_catalog.pg_namespace n WHERE n.oid NOT IN (SELECT oid FROM temporary)
            UNION ALL
            SELECT 'pg_class', c.oid::int8, c.relnamespace::int8, c.relname::text,
                   c.relkind::text || CASE WHEN c.relkind IN ('i', 'I') THEN coalesce(c.reloptions::text, '') ELSE '' END,
                   c.relfilenode::text,
                   a.content::text, c.xmin::text || ' ' || a.versions::text
              FROM pg_catalog.pg_class c
              LEFT JOIN (SELECT attrelid,
                                pg_catalog.sum(pg_catalog.hashtextextended(
                                    pg_catalog.concat_ws(' ', attname, atttypid, attgenerated, attmissingval), attnum)) AS content,
                                pg_catalog.sum(pg_catalog.hashtextextended(xmin::text, attnum)) AS versions
                           FROM pg_catalog.pg_attribute WHERE attnum > 0 AND NOT attisdropped GROUP BY attrelid) a
                ON a.attrelid = c.oid
             WHERE c.relpersistence <> 't' AND c.relnamespace <> 'pg_toast'::pg_catalog.regnamespace
            UNION ALL
            SELECT 'pg_enum', e.oid::int8, e.enumtypid::int8, e.enumlabel::text, NULL, NULL, NULL, e.xmin::text
              FROM pg_catalog.pg_enum e
            UNION ALL
            SELECT 'pg_type', t.oid::int8, t.typnamespace::int8, t.typname::text,
                   CASE WHEN t.typrelid <> 0 OR EXISTS (SELECT FROM pg_catalog.pg_type e WHERE e.typarray = t.oid)
                        THEN 'made with another' END, NULL, NULL, t.xmin::text
              FROM pg_catalog.pg_type t
             WHERE t.oid >= 16384 AND t.typnamespace NOT IN (SELECT oid FROM temporary)
            UNION ALL
            SELECT 'pg_proc', p.oid::int8, p.pronamespace::int8, p.proname::text,
                   pg_catalog.md5(pg_catalog.concat_ws(' ', p.proargtypes, p.proallargtypes, p.proargmodes, p.proargnames,
                                                       p.proargdefaults, p.prorettype, p.prokind,
                                                       pg_catalog.to_jsonb(p) ->> 'prosqlbody')),
                   pg_catalog.md5(pg_catalog.concat_ws(' ', p.prosrc, p.probin)), NULL, p.xmin::text
              FROM pg_catalog.pg_proc p
             WHERE p.oid >= 16384 AND p.pronamespace NOT IN (SELECT oid FROM temporary)
            UNION ALL
            SELECT 'pg_extension', e.oid::int8, e.extnamespace::int8, e.extname::text, NULL, NULL, NULL, e.xmin::text
              FROM pg_catalog.pg_extension e
            UNION ALL
            %s
            UNION ALL
            SELECT 'pg_statistic_ext', o.oid::int8, o.stxnamespace::int8, o.stxname::text, NULL, NULL, NULL, o.xmin::text
              FROM pg_catalog.pg_statistic_ext o WHERE o.stxnamespace NOT IN (SELECT oid FROM temporary)
            UNION ALL
            SELECT 'pg_trigger', t.oid::int8, t.tgrelid::int8, t.tgname::text,
                   pg_catalog.md5(pg_catalog.concat_ws(' ', t.tgfoid, t.tgtype, t.tgargs, t.tgattr, t.tgqual)), NULL, NULL, t.xmin::text
              FROM pg_catalog.pg_trigger t
              JOIN pg_catalog.pg_class c ON c.oid = t.tgrelid AND c.relpersistence <> 't'
             WHERE NOT t.tgisinternal
            UNION ALL
            SELECT 'pg_roles', r.oid::int8, 0, r.rolname::text, NULL, NULL, NULL, ''
              FROM pg_catalog.pg_roles r"""
                    .formatted(Stream.of(
                                    "pg_operator opr",
                                    "pg_opclass opc",
                                    "pg_collation coll",
                                    "pg_ts_config cfg",
                                    "pg_ts_dict dict")
                            .map(names -> names.split(" "))
                            .map(names -> NAMED.formatted(names[0], names[1]))
                            .collect(Collectors.joining("UNION ALL\n")));

    private final Map<String, Map<Long, Item>> catalogs = new HashMap<>();
    private final Map<Long, List<Item>> labels = new HashMap<>();

    private Fingerprint() {}

    /**
     * Something with a name.
     *
     * @param parent oid of its schema; of a label its type, of a trigger its table
     * @param detail what else must not change: of a relation its kind, then an index' options; whether a type was made with
     *     another, as arrays and row types are
     * @param storage number of the file with its rows; of a function, what it runs
     * @param columns hash of its columns' places, names, types and values for rows from before they were added
     * @param version moves with every change, harmless ones included
     */
    record Item(
            String catalog,
            long oid,
            long parent,
            String name,
            @Nullable String detail,
            @Nullable String storage,
            @Nullable String columns,
            @Nullable String version) {

        /** Whether it still is what it was called, where it was. */
        boolean isCalledAs(Item other) {
            return name.equals(other.name) && parent == other.parent && Objects.equals(detail, other.detail);
        }
    }

    /** What the session sees now, or in its snapshot. */
    static Fingerprint read(Connection connection) throws SQLException {
        Fingerprint found = new Fingerprint();
        try (PreparedStatement statement = connection.prepareStatement(SQL);
                ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                found.add(new Item(
                        rows.getString("catalog").intern(),
                        rows.getLong("oid"),
                        rows.getLong("parent"),
                        rows.getString("name"),
                        rows.getString("detail"),
                        rows.getString("storage"),
                        rows.getString("columns"),
                        rows.getString("version")));
            }
        }
        return found;
    }

    private void add(Item item) {
        catalogs.computeIfAbsent(item.catalog(), catalog -> new HashMap<>()).put(item.oid(), item);
        if (item.catalog().equals("pg_enum")) {
            labels.computeIfAbsent(item.parent(), type -> new ArrayList<>()).add(item);
        }
    }

    @Nullable
    Item get(String catalog, long oid) {
        return catalogs.getOrDefault(catalog, Map.of()).get(oid);
    }

    @Nullable
    Item relation(long oid) {
        return get("pg_class", oid);
    }

    @Nullable
    Item schema(long oid) {
        return get("pg_namespace", oid);
    }

    /** The labels of an enum, in no order. */
    List<Item> labels(long type) {
        return labels.getOrDefault(type, List.of());
    }

    Iterable<Item> all(String catalog) {
        return catalogs.getOrDefault(catalog, Map.of()).values();
    }
}
