package dev.bactrian.dump.instant;

import dev.bactrian.postgres.Snapshot;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Which row versions of the catalogs a session sees, as far as a snapshot can see them: two equal states mean that
 * nothing of what the snapshot saw has been changed or dropped since, not even changed and changed back. What is new
 * doesn't count.
 *
 * <p>A change of a catalog row makes a new version of it with the changing transaction's number as its {@code xmin}
 * (PostgreSQL manual, "System Columns"). So rows older than every transaction that the snapshot saw running are counted:
 * none can be added to them. Younger ones that the snapshot could see are told apart by their place ({@code ctid}), which
 * isn't used again while the snapshot is held.
 *
 * @param catalogs for each catalog the two as text
 * @param size number of the rows that were counted
 */
record CatalogState(Map<String, String> catalogs, long size) {

    /** Those that names, columns and labels are in, and what functions such as pg_get_indexdef read as it is now. */
    private static final List<String> CATALOGS = List.of(
            "pg_namespace",
            "pg_extension",
            "pg_class",
            "pg_attribute",
            "pg_type",
            "pg_enum",
            "pg_proc",
            "pg_operator",
            "pg_opclass",
            "pg_collation",
            "pg_ts_config",
            "pg_ts_dict",
            "pg_trigger",
            "pg_statistic_ext");

    private static final String ONE =
            """
            SELECT '%1$s' AS catalog, pg_catalog.count(*) FILTER (WHERE pg_catalog.age(c.xmin) > s.eldest) AS old,
                   pg_catalog.md5(pg_catalog.string_agg(c.ctid::text, ' ' ORDER BY c.ctid)
                       FILTER (WHERE pg_catalog.age(c.xmin) <= s.eldest AND pg_catalog.age(c.xmin) > s.next)) AS young
              FROM pg_catalog.%1$s c, s %2$s
            """;

    /** Roles have no such row that every role may read. */
    private static final String SQL =
            """
            WITH s AS MATERIALIZED (SELECT pg_catalog.age(CAST(? AS pg_catalog.xid)) AS eldest,
                                           pg_catalog.age(CAST(? AS pg_catalog.xid)) AS next)
            %s
            UNION ALL
            SELECT 'pg_roles', 0, pg_catalog.md5(pg_catalog.string_agg(r.oid::text || ' ' || r.rolname, ' ' ORDER BY r.oid))
              FROM pg_catalog.pg_roles r"""
                    .formatted(CATALOGS.stream().map(CatalogState::one).collect(Collectors.joining("UNION ALL\n")));

    private static String one(String catalog) {
        // Half of them are the columns that every table has.
        return ONE.formatted(catalog, "pg_attribute".equals(catalog) ? "WHERE c.attnum > 0" : "");
    }

    CatalogState {
        catalogs = Map.copyOf(catalogs);
    }

    /** What a session sees of what the snapshot could see. */
    static CatalogState read(Connection connection, Snapshot.Bounds bounds) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(SQL)) {
            statement.setString(1, bounds.xmin());
            statement.setString(2, bounds.xmax());
            Map<String, String> found = new TreeMap<>();
            long size = 0;
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    found.put(rows.getString("catalog"), rows.getString("old") + " " + rows.getString("young"));
                    size += rows.getLong("old");
                }
            }
            return new CatalogState(found, size);
        }
    }
}
