package dev.bactrian.dump.instant;

import dev.bactrian.postgres.Table;
import dev.bactrian.selection.Relation;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;

/**
 * Looks for objects among the values of a table's columns of reg* types: those that a value is the oid of, and types (with
 * their schemas) of arguments, which regprocedure and regoperator print as well.
 */
final class RegValues {

    /** {@code %1$s} is a value. */
    private static final String NAMED =
            """
            SELECT n.oid FROM (
                SELECT %1$s::pg_catalog.oid AS oid
                UNION ALL
                SELECT pg_catalog.unnest(ARRAY[a.oid, a.typelem, a.typnamespace])
                  FROM pg_catalog.pg_proc p
                  JOIN pg_catalog.pg_type a ON a.oid = ANY (p.proargtypes)
                 WHERE p.oid = %1$s::pg_catalog.oid
                UNION ALL
                SELECT pg_catalog.unnest(ARRAY[a.oid, a.typelem, a.typnamespace])
                  FROM pg_catalog.pg_operator o
                  JOIN pg_catalog.pg_type a ON a.oid IN (o.oprleft, o.oprright)
                 WHERE o.oid = %1$s::pg_catalog.oid) AS n
             WHERE n.oid::int8 = ANY (?)""";

    private RegValues() {}

    /**
     * The first of these objects that a row names.
     *
     * @param snapshot sees the rows that were saved
     * @param objects by oid
     */
    static Optional<Fingerprint.Item> firstOf(
            Connection snapshot, Table table, Collection<String> columns, Map<Long, Fingerprint.Item> objects)
            throws SQLException {
        for (String column : columns) {
            try (PreparedStatement statement = snapshot.prepareStatement("SELECT n.oid::int8 FROM ONLY "
                    + table.quoted() + " t CROSS JOIN LATERAL ("
                    + NAMED.formatted("t." + Relation.quote(column)) + ") AS n LIMIT 1")) {
                Array oids = snapshot.createArrayOf("int8", objects.keySet().toArray());
                statement.setArray(1, oids);
                try (ResultSet row = statement.executeQuery()) {
                    if (row.next()) {
                        return Optional.ofNullable(objects.get(row.getLong(1)));
                    }
                }
            }
        }
        return Optional.empty();
    }
}
