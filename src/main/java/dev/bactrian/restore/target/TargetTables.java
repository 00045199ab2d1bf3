package dev.bactrian.restore.target;

import dev.bactrian.postgres.script.Sql;
import dev.bactrian.restore.Target;
import dev.bactrian.restore.target.OthersFunctions.Kind;
import dev.bactrian.restore.target.OthersFunctions.Subject;
import dev.bactrian.selection.Relation;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** What the target has already of the tables that are to be restored. */
public final class TargetTables {

    private static final int AT_ONCE = 500;

    /** Whether there is anything in a table or its partitions; rows that were deleted may be. */
    private static final String SIZE =
            "SELECT coalesce(sum(pg_catalog.pg_relation_size(oid)), 0) > 0 FROM (SELECT pg_catalog.to_regclass(%1$s) AS oid"
                    + " UNION SELECT relid FROM pg_catalog.pg_partition_tree(pg_catalog.to_regclass(%1$s))) t";

    /** A table that is there. */
    enum State {
        EMPTY,
        HAS_ROWS
    }

    private final Map<Relation.Named, State> states = new HashMap<>();
    private final Set<Relation.Named> wholes = new HashSet<>();

    private TargetTables() {}

    /**
     * Looks for these names, whatever kind of relation has them.
     *
     * @param wholes those whose rows are what their partitions keep
     */
    public static TargetTables look(
            Connection connection, Collection<Relation.Named> names, Collection<Relation.Named> wholes)
            throws SQLException {
        TargetTables found = new TargetTables();
        found.wholes.addAll(wholes);
        List<Relation.Named> all = List.copyOf(names);
        for (int from = 0; from < all.size(); from += AT_ONCE) {
            found.look(connection, all.subList(from, Math.min(from + AT_ONCE, all.size())));
        }
        return found;
    }

    private void look(Connection connection, List<Relation.Named> names) throws SQLException {
        List<Relation.Named> tables = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows =
                        statement.executeQuery("SELECT n.nspname, c.relname, c.relkind FROM (VALUES " + Sql.rows(names)
                                + ") w (schema, name) JOIN pg_namespace n ON n.nspname = w.schema"
                                + " JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = w.name")) {
            while (rows.next()) {
                Relation.Named name = new Relation.Named(rows.getString(1), rows.getString(2));
                states.put(name, State.EMPTY);
                // A view that has the name of a table runs its functions when it is read.
                if ("r".equals(rows.getString(3)) || "p".equals(rows.getString(3)) && wholes.contains(name)) {
                    tables.add(name);
                }
            }
        }
        // The planner of a query may run them, whatever it reads.
        Set<Relation.Named> unread = OthersFunctions.find(Subject.of(Kind.READS, tables), connection).stream()
                .map(call -> new Relation.Named(call.of().schema(), call.of().name()))
                .collect(Collectors.toSet());
        for (Relation.Named table : tables) {
            String filled = Target.text(
                    connection,
                    unread.contains(table)
                            ? SIZE.formatted(Relation.literal(table.quoted()))
                            : "SELECT EXISTS (SELECT FROM " + (wholes.contains(table) ? "" : "ONLY ") + table.quoted()
                                    + ")");
            states.put(table, "t".equals(filled) ? State.HAS_ROWS : State.EMPTY);
        }
    }

    public boolean exists(Relation.Named name) {
        return states.containsKey(name);
    }

    public boolean hasRows(Relation.Named name) {
        return states.get(name) == State.HAS_ROWS;
    }

    /** Tables that foreign keys of any table refer to, themselves excepted: TRUNCATE would refuse them. */
    public static List<Relation.Named> referenced(Connection connection) throws SQLException {
        List<Relation.Named> names = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(
                        "SELECT DISTINCT n.nspname, c.relname FROM pg_constraint o JOIN pg_class c ON c.oid = o.confrelid"
                                + " JOIN pg_namespace n ON n.oid = c.relnamespace WHERE o.contype = 'f' AND o.conrelid <> o.confrelid")) {
            while (rows.next()) {
                names.add(new Relation.Named(rows.getString(1), rows.getString(2)));
            }
        }
        return names;
    }
}
