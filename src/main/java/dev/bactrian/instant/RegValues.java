package dev.bactrian.instant;

import dev.bactrian.database.Table;
import dev.bactrian.selection.Relation;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;

/** Looks for objects among the values of a table's columns of reg* types. */
final class RegValues {

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
            String value = "t." + Relation.quote(column) + "::pg_catalog.oid";
            try (PreparedStatement statement = snapshot.prepareStatement("SELECT " + value + "::int8 FROM ONLY "
                    + table.quoted() + " t WHERE " + value + "::int8 = ANY (?) LIMIT 1")) {
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
