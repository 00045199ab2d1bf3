package dev.bactrian.restore.steps;

import dev.bactrian.postgres.TablesAlone;
import dev.bactrian.restore.Attempt;
import dev.bactrian.restore.RestoreReport;
import dev.bactrian.restore.RestoreRequest;
import dev.bactrian.restore.RestoreRun;
import dev.bactrian.restore.Target;
import dev.bactrian.restore.ddl.Definitions;
import dev.bactrian.restore.ddl.ScriptEntry;
import dev.bactrian.restore.plan.ExistingTables;
import dev.bactrian.restore.target.Dependents;
import dev.bactrian.restore.target.LargeObjectMarks;
import dev.bactrian.restore.target.MadeObjects;
import dev.bactrian.restore.target.Marker;
import dev.bactrian.selection.Relation;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The second run of a restore that broke off. What a transaction didn't commit is gone by itself. Tables that were there and
 * have their rows by now stay as they are, with what was written to them since: they needn't be loaded again. What the
 * first run made is dropped and made again, unless the target got something since that would go with it: rows of another
 * transaction than those that loaded, objects that this restore doesn't make. Then nothing is dropped.
 */
final class StartOver {

    private static final int AT_ONCE = 100;
    private static final int MOST_NAMED = 10;

    /** Belong to another object, and don't hold anything that couldn't be written again. */
    private static final Set<String> PASSED_OVER = Set.of("DEFAULT ACL", "INDEX ATTACH", "TABLE ATTACH");

    private static final String RECENT = Marker.SCHEMA + ".loaded WHERE pg_catalog.txid_current() - xid < 2147483648";

    private final Marker marker;
    private final RestoreRequest request;
    private final Target target;
    private final Connection connection;
    private final RestoreReport report;
    private final MadeObjects made;
    /** Names of what the first run made, as headers show them. */
    private final Set<Relation.Named> tables;

    private final Set<String> schemas;

    StartOver(Marker marker, RestoreRun run, Target target) {
        this.marker = marker;
        this.request = run.getRequest();
        this.target = target;
        this.connection = target.guard();
        this.report = run.getReport();
        this.made = new MadeObjects(marker, connection, run.getReport());
        this.tables = marker.tables().stream()
                .map(table -> Definitions.inHeaders(table.schema(), table.name()))
                .collect(Collectors.toSet());
        this.schemas = marker.schemas().stream()
                .map(schema -> Definitions.inHeaders("", schema.name()).name())
                .collect(Collectors.toSet());
    }

    /**
     * Drops what the first run made.
     *
     * @param there the target's definitions, of its own schemas all
     * @param saved the archive's
     * @param wanted those of them that the restore means
     * @return rows of the tables that stay as the first run loaded them
     * @throws dev.bactrian.problem.ProblemException when something else would go, too; nothing was dropped then
     */
    Map<Relation.Named, Long> undo(Definitions there, Definitions saved, List<ScriptEntry> wanted) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            Attempt.run(connection, report, () -> statement.execute(Marker.TABLES));
        }
        List<String> since = new ArrayList<>(rowsSince());
        since.addAll(LargeObjectMarks.writtenSince(connection));
        since.addAll(objectsSince(there, saved, wanted));
        if (!since.isEmpty()) {
            throw Target.refused(
                    "Since that restore was interrupted, the target got objects that starting over would delete: "
                            + since.stream().limit(MOST_NAMED).collect(Collectors.joining(", "))
                            + (since.size() > MOST_NAMED ? " and " + (since.size() - MOST_NAMED) + " more" : "") + ".",
                    "Copy them elsewhere and delete them in the target, then run the same restore again; or restore "
                            + "into another database; or, to keep the target as it is, run: DROP "
                            + "SCHEMA " + Marker.SCHEMA
                            + " CASCADE;");
        }
        made.drop();
        return kept();
    }

    /** Tables whose rows came, or were changed, by another transaction than one that loaded. */
    private List<String> rowsSince() throws SQLException {
        List<String> tables = made.relations("o.relkind = 'r'");
        // Rows' transaction numbers have 32 bits. A load may have a subtransaction's, which the row that records it
        // has,
        // too. What an extension brings has the extension's.
        String loads = "SELECT (xid & 4294967295)::text FROM " + RECENT + " UNION ALL SELECT xmin::text FROM " + RECENT
                + " UNION ALL SELECT xmin::text FROM pg_catalog.pg_extension";
        List<String> found = new ArrayList<>();
        try (TablesAlone only = TablesAlone.in(connection)) {
            for (int from = 0; from < tables.size(); from += AT_ONCE) {
                String query = tables.subList(from, Math.min(from + AT_ONCE, tables.size())).stream()
                        .map(table ->
                                "SELECT " + Relation.literal("rows of " + table) + " WHERE EXISTS (SELECT FROM ONLY "
                                        + table + " AS t WHERE t.xmin::text NOT IN (" + loads + "))")
                        .collect(Collectors.joining(" UNION ALL "));
                found.addAll(Target.texts(connection, query));
            }
        }
        return found;
    }

    /** Objects that this restore doesn't make, in what the first run made or depending on that. */
    private List<String> objectsSince(Definitions there, Definitions saved, List<ScriptEntry> wanted)
            throws SQLException {
        Set<ScriptEntry.Key> known = wanted.stream()
                .filter(entry -> isMadeAgain(entry, saved))
                .map(entry -> entry.key(request.intoSchema()))
                .collect(Collectors.toSet());
        List<String> found = new ArrayList<>();
        Map<Dependents.Id, ScriptEntry> byId = new HashMap<>();
        Set<Dependents.Id> told = new HashSet<>();
        for (ScriptEntry entry : there.all()) {
            if (entry.isAttribute() || PASSED_OVER.contains(entry.type())) {
                continue;
            }
            byId.put(Dependents.Id.of(entry), entry);
            boolean schema = "SCHEMA".equals(entry.type());
            boolean since = !known.contains(entry.key(null));
            if (since && isMade(entry, there) && !(schema && isMadeSchema(entry.tag()))) {
                found.add(entry.what());
            }
            // A schema may have been there before, with objects of others.
            if (!schema && (!since || isMade(entry, there))) {
                told.add(Dependents.Id.of(entry));
            }
        }
        if (!marker.wasEmpty()) {
            for (Dependents.Dependent each : Dependents.find(connection, marker.tables(), marker.schemas(), told)) {
                ScriptEntry entry = byId.get(each.id());
                found.add(entry == null || entry.isTable() ? each.what() : entry.what());
            }
        }
        return found;
    }

    /** A table that stays keeps what it has: nothing of the archive's comes to it, but what users add to the platform's. */
    private boolean isMadeAgain(ScriptEntry entry, Definitions saved) {
        ScriptEntry table = saved.tableOf(entry);
        if (marker.wasEmpty() || table == null) {
            return true;
        }
        String into = request.intoSchema();
        Relation.Named goal = Definitions.inHeaders(into == null ? table.schema() : into, table.tag());
        return isMadeSchema(goal.schema()) || tables.contains(goal) || ExistingTables.isAdded(entry, table, target);
    }

    private boolean isMade(ScriptEntry entry, Definitions there) {
        ScriptEntry table = there.tableOf(entry);
        boolean ofTable = table != null && tables.contains(new Relation.Named(table.schema(), table.tag()));
        String schema = "SCHEMA".equals(entry.type()) ? entry.tag() : entry.schema();
        return marker.wasEmpty() || ofTable || isMadeSchema(schema);
    }

    private boolean isMadeSchema(String name) {
        return marker.wasEmpty() && "public".equals(name) || schemas.contains(name);
    }

    private Map<Relation.Named, Long> kept() {
        Map<Relation.Named, Long> kept = new HashMap<>(marker.loaded());
        kept.keySet()
                .removeIf(table -> marker.wasEmpty()
                        || marker.schemas().contains(new Relation.Named("", table.schema()))
                        || marker.tables().contains(table));
        return kept;
    }
}
