package dev.bactrian.restore;

import dev.bactrian.restore.RestorePlan.TableLoad;
import dev.bactrian.selection.Relation;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * In which order rows go into tables that are there, where the role may not keep their foreign keys from being checked at
 * once: what is referred to comes first. Tables that refer to each other can't all have it so.
 */
public final class LoadOrder {

    private static final String DENIED = "42501";
    private static final long LOOK_EVERY_MS = 500;

    private static final String FOREIGN_KEYS =
            """
            SELECT DISTINCT cn.nspname, c.relname, pn.nspname, p.relname FROM pg_constraint f
              JOIN pg_class c ON c.oid = f.conrelid JOIN pg_namespace cn ON cn.oid = c.relnamespace
              JOIN pg_class p ON p.oid = f.confrelid JOIN pg_namespace pn ON pn.oid = p.relnamespace
             WHERE f.contype = 'f' AND f.conrelid <> f.confrelid""";

    private final List<TableLoad> loads = new ArrayList<>();
    private final Map<Relation.Named, Set<Relation.Named>> waitsFor = new HashMap<>();
    private final Set<Relation.Named> done = new HashSet<>();

    private LoadOrder() {}

    /** Orders loads; those that needn't wait stay as they are. */
    public static LoadOrder of(Connection connection, List<TableLoad> wanted) throws SQLException {
        if (wanted.stream().allMatch(TableLoad::created) || mayBeReplica(connection)) {
            LoadOrder order = new LoadOrder();
            order.loads.addAll(wanted);
            return order;
        }
        return byReferences(connection, wanted);
    }

    /** The same, whatever the role may. */
    public static LoadOrder byReferences(Connection connection, List<TableLoad> wanted) throws SQLException {
        LoadOrder order = new LoadOrder();
        Map<Relation.Named, TableLoad> open = new LinkedHashMap<>();
        wanted.forEach(load -> open.put(load.target(), load));
        Map<Relation.Named, Set<Relation.Named>> parents = parents(connection);
        for (TableLoad load : wanted) {
            order.append(load, open, parents);
        }
        return order;
    }

    static boolean mayBeReplica(Connection connection) throws SQLException {
        boolean may = becomeReplica(connection);
        if (may) {
            try (Statement statement = connection.createStatement()) {
                statement.execute("RESET session_replication_role");
            }
        }
        return may;
    }

    /** Where the role may: no trigger fires in this session from now on, but those that are to fire always. */
    static boolean becomeReplica(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET session_replication_role = replica");
            return true;
        } catch (SQLException e) {
            if (DENIED.equals(e.getSQLState())) {
                return false;
            }
            throw e;
        }
    }

    private static Map<Relation.Named, Set<Relation.Named>> parents(Connection connection) throws SQLException {
        Map<Relation.Named, Set<Relation.Named>> parents = new HashMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(FOREIGN_KEYS)) {
            while (rows.next()) {
                parents.computeIfAbsent(
                                new Relation.Named(rows.getString(1), rows.getString(2)), child -> new HashSet<>())
                        .add(new Relation.Named(rows.getString(3), rows.getString(4)));
            }
        }
        return parents;
    }

    private void append(
            TableLoad load, Map<Relation.Named, TableLoad> open, Map<Relation.Named, Set<Relation.Named>> parents) {
        // Taken off first: a circle ends here.
        if (open.remove(load.target()) == null) {
            return;
        }
        Set<Relation.Named> before = load.created() ? Set.of() : parents.getOrDefault(load.target(), Set.of());
        for (Relation.Named parent : before) {
            TableLoad first = open.get(parent);
            if (first != null) {
                append(first, open, parents);
            }
        }
        Set<Relation.Named> earlier = new HashSet<>(before);
        earlier.retainAll(loads.stream().map(TableLoad::target).toList());
        waitsFor.put(load.target(), earlier);
        loads.add(load);
    }

    /** In the order in which they must begin. */
    public List<TableLoad> loads() {
        return List.copyOf(loads);
    }

    /** Waits for what must be in before. */
    public synchronized void await(TableLoad load, RestoreRun run) throws InterruptedException {
        while (!done.containsAll(waitsFor.getOrDefault(load.target(), Set.of()))) {
            if (run.isStopped()) {
                throw new IllegalStateException("The restore was stopped");
            }
            wait(LOOK_EVERY_MS);
        }
    }

    /** Its rows are in, or never will be. */
    public synchronized void end(TableLoad load) {
        done.add(load.target());
        notifyAll();
    }
}
