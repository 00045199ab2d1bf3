package dev.bactrian.instant;

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
               AND (a.atttypid >= 16384 OR t.typname ~ '^_?reg' AND t.typnamespace = 'pg_catalog'::pg_catalog.regnamespace)""";

    private static final String TYPES =
            """
            SELECT t.oid::int8, t.typtype::text, t.typrelid::int8, t.typname ~ '^reg' AND t.oid < 16384 AS reg,
                   pg_catalog.unnest(ARRAY[t.typelem::int8, t.typbasetype::int8, coalesce(r.rngsubtype, 0)::int8,
                                           coalesce(m.rngtypid, 0)::int8]) AS below
              FROM pg_catalog.pg_type t
              LEFT JOIN pg_catalog.pg_range r ON r.rngtypid = t.oid
              LEFT JOIN pg_catalog.pg_range m ON m.rngmultitypid = t.oid
             WHERE t.oid >= 16384 OR t.typname ~ '^_?reg'""";

    private final Map<Long, List<Column>> columns = new HashMap<>();
    private final Map<Long, Type> types = new HashMap<>();
    private final Map<Long, Used> used = new HashMap<>();

    private TypeUse() {}

    private record Column(String name, long type) {}

    private record Type(boolean isEnum, long relation, boolean reg, List<Long> below) {}

    /**
     * What a table's rows depend on.
     *
     * @param enums oids of types
     * @param composites oids in pg_class of composite types and of tables whose row types are used
     * @param regColumns columns of reg* types
     * @param regInside whether a value of such a type lies inside another value
     */
    record Used(Set<Long> enums, Set<Long> composites, Set<String> regColumns, boolean regInside) {

        boolean printsNames() {
            return regInside || !regColumns.isEmpty();
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
                            "e".equals(rows.getString(2)), rows.getLong(3), rows.getBoolean(4), new ArrayList<>());
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
        Set<Long> enums = new HashSet<>();
        Set<Long> composites = new HashSet<>();
        Set<String> regColumns = new HashSet<>();
        boolean inside = false;
        for (Column column : columns.getOrDefault(table, List.of())) {
            Type direct = types.get(column.type());
            if (direct != null && direct.reg()) {
                regColumns.add(column.name());
            } else {
                inside |= follow(column.type(), enums, composites, new HashSet<>());
            }
        }
        return new Used(enums, composites, regColumns, inside);
    }

    /** Collects what lies in a type; true where one of the reg* types does. */
    private boolean follow(long oid, Set<Long> enums, Set<Long> composites, Set<Long> seen) {
        Type type = types.get(oid);
        if (type == null || !seen.add(oid)) {
            return false;
        }
        boolean reg = type.reg();
        if (type.isEnum()) {
            enums.add(oid);
        }
        if (type.relation() != 0) {
            composites.add(type.relation());
            for (Column column : columns.getOrDefault(type.relation(), List.of())) {
                reg |= follow(column.type(), enums, composites, seen);
            }
        }
        for (long below : type.below()) {
            reg |= follow(below, enums, composites, seen);
        }
        return reg;
    }
}
