package dev.bactrian.dump.instant;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which types' definitions the text of a table's rows depends on, beside the table's own: labels of enums, attributes of
 * composite types and of row types, names of objects that reg* types print. Types are followed through arrays, domains,
 * ranges and composites.
 */
final class TypeUse {

    private static final String COLUMNS =
            """
            SELECT a.attrelid::int8, a.attname::text, a.atttypid::int8
              FROM pg_catalog.pg_attribute a
              JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
              JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
             WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p', 'f', 'c', 'v', 'm')
               AND (a.atttypid >= 16384 OR t.typname ~ '^_?(reg|aclitem$)' AND t.typnamespace = 'pg_catalog'::pg_catalog.regnamespace)""";

    private static final String TYPES =
            """
            SELECT t.oid::int8, t.typtype::text, t.typrelid::int8, t.typname ~ '^reg' AND t.oid < 16384 AS reg,
                   t.oid = 'aclitem'::pg_catalog.regtype AS acl,
                   CASE WHEN t.typoutput::oid::int8 >= 16384 THEN t.typoutput::oid::int8 END AS output,
                   pg_catalog.unnest(ARRAY[t.typelem::int8, t.typbasetype::int8, coalesce(r.rngsubtype, 0)::int8,
                                           coalesce(m.rngtypid, 0)::int8]) AS below
              FROM pg_catalog.pg_type t
              LEFT JOIN pg_catalog.pg_range r ON r.rngtypid = t.oid
              LEFT JOIN pg_catalog.pg_range m ON m.rngmultitypid = t.oid
             WHERE t.oid >= 16384 OR t.typname ~ '^_?(reg|aclitem$)'""";

    private final Map<Long, List<Column>> columns = new HashMap<>();
    private final Map<Long, Type> types = new HashMap<>();
    private final Map<Long, Used> used = new HashMap<>();

    private TypeUse() {}

    private record Column(String name, long type) {}

    private record Type(boolean isEnum, long relation, boolean reg, boolean acl, long output, List<Long> below) {}

    /**
     * What a table's rows depend on.
     *
     * @param enums oids of types
     * @param composites oids in pg_class of composite types and of tables whose row types are used
     * @param functions oids of those that print values
     * @param regColumns columns of reg* types
     * @param regInside whether a value of such a type lies inside another value
     * @param roles whether values name roles in another way than these types do
     */
    record Used(
            Set<Long> enums,
            Set<Long> composites,
            Set<Long> functions,
            Set<String> regColumns,
            boolean regInside,
            boolean roles) {

        boolean printsNames() {
            return regInside || roles || !regColumns.isEmpty();
        }
    }

    /** Reads all of a database's use of types, in its snapshot. */
    static TypeUse read(Connection snapshot) throws SQLException {
        TypeUse found = new TypeUse();
        try (PreparedStatement statement = snapshot.prepareStatement(COLUMNS);
                ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                found.columns
                        .computeIfAbsent(rows.getLong(1), table -> new ArrayList<>())
                        .add(new Column(rows.getString(2), rows.getLong(3)));
            }
        }
        try (PreparedStatement statement = snapshot.prepareStatement(TYPES);
                ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                Type type = found.types.get(rows.getLong(1));
                if (type == null) {
                    type = new Type(
                            "e".equals(rows.getString(2)),
                            rows.getLong(3),
                            rows.getBoolean("reg"),
                            rows.getBoolean("acl"),
                            rows.getLong("output"),
                            new ArrayList<>());
                    found.types.put(rows.getLong(1), type);
                }
                if (rows.getLong("below") != 0) {
                    type.below().add(rows.getLong("below"));
                }
            }
        }
        return found;
    }

    /** What one table's rows depend on. */
    Used of(long table) {
        return used.computeIfAbsent(table, this::follow);
    }

    private Used follow(long table) {
        Follower follower = new Follower();
        Set<String> regColumns = new HashSet<>();
        for (Column column : columns.getOrDefault(table, List.of())) {
            Type direct = types.get(column.type());
            if (direct != null && direct.reg()) {
                regColumns.add(column.name());
            } else {
                follower.follow(column.type());
            }
        }
        return new Used(
                follower.enums, follower.composites, follower.functions, regColumns, follower.reg, follower.acl);
    }

    /** Collects what lies in types. */
    private final class Follower {
        private final Set<Long> seen = new HashSet<>();
        private final Set<Long> enums = new HashSet<>();
        private final Set<Long> composites = new HashSet<>();
        private final Set<Long> functions = new HashSet<>();
        private boolean reg;
        private boolean acl;

        void follow(long oid) {
            Type type = types.get(oid);
            if (type == null || !seen.add(oid)) {
                return;
            }
            reg |= type.reg();
            acl |= type.acl();
            if (type.isEnum()) {
                enums.add(oid);
            }
            if (type.output() != 0) {
                functions.add(type.output());
            }
            if (type.relation() != 0) {
                composites.add(type.relation());
                columns.getOrDefault(type.relation(), List.of()).forEach(column -> follow(column.type()));
            }
            type.below().forEach(this::follow);
        }
    }
}
