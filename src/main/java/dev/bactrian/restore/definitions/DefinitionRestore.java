package dev.bactrian.restore.definitions;

import dev.bactrian.problem.LeftOutStep;
import dev.bactrian.restore.FatalErrors;
import dev.bactrian.restore.RestoreEvidence;
import dev.bactrian.restore.RestorePlan;
import dev.bactrian.restore.RestoreRun;
import dev.bactrian.restore.Target;
import dev.bactrian.restore.ddl.Definitions;
import dev.bactrian.restore.ddl.ScriptEntry;
import dev.bactrian.restore.rows.MissingMembers;
import dev.bactrian.restore.target.Marker;
import dev.bactrian.run.StoppableRun;
import dev.bactrian.selection.Relation;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.camel.Body;
import org.apache.camel.ExchangeProperty;
import org.jspecify.annotations.Nullable;

/** Makes what the schema dump defines: before the rows, with a table's rows, and after them. */
public final class DefinitionRestore {

    private static final Set<String> WITH_EXTENSIONS = Set.of("SCHEMA", "EXTENSION");

    private final Map<RestoreRun, PostData> postData = new java.util.concurrent.ConcurrentHashMap<>();

    /** Makes room, and then everything that comes before the rows. */
    public void beforeRows(
            @ExchangeProperty("run") RestoreRun run,
            @ExchangeProperty("target") Target target,
            @ExchangeProperty("plan") RestorePlan plan,
            @ExchangeProperty("members") @Nullable MissingMembers members)
            throws SQLException, IOException {
        RestoreEvidence.requireMarked(run);
        if (members == null) {
            throw LeftOutStep.refusal(
                    "a whole restore", Map.of("read-extension-members", "members of extensions would be missing"));
        }
        try (StoppableRun.Work work = run.beginWork();
                Connection connection = target.connection()) {
            makeRoom(plan, run, target, connection);
            EntryExecutor executor = new EntryExecutor(run, plan);
            DefaultGrants defaults = new DefaultGrants(run, target, plan, connection);
            // What other definitions may need of extensions comes with these, which come after the schemas.
            int withExtensions = withExtensions(plan.preData());
            apply(plan.preData().subList(0, withExtensions), entry -> !entry.isGrant(), executor, connection);
            members.withExtensions(connection);
            String last = "";
            for (ScriptEntry entry :
                    plan.preData().subList(withExtensions, plan.preData().size())) {
                if (!entry.type().equals(last)) {
                    last = entry.type();
                    members.again(connection);
                }
                apply(List.of(entry), other -> !other.isGrant(), executor, connection);
            }
            members.beforeRows(connection);
            defaults.takeBack();
            new SchemaOwners(run, target, plan, connection).apply();
            apply(plan.preData(), ScriptEntry::isGrant, executor, connection);
            run.getEvidence().done("make-definitions");
        }
    }

    private static int withExtensions(List<ScriptEntry> entries) {
        int count = 0;
        for (int i = 0; i < entries.size(); i++) {
            if (WITH_EXTENSIONS.contains(entries.get(i).type())) {
                count = i + 1;
            }
        }
        return count;
    }

    private static void apply(
            List<ScriptEntry> entries, Predicate<ScriptEntry> which, EntryExecutor executor, Connection connection)
            throws SQLException, IOException {
        for (ScriptEntry entry : entries) {
            if (which.test(entry)) {
                executor.apply(entry, connection);
            }
        }
    }

    private static void makeRoom(RestorePlan plan, RestoreRun run, Target target, Connection connection)
            throws SQLException {
        String into = run.getRequest().intoSchema();
        try (Statement statement = connection.createStatement()) {
            if (into != null) {
                statement.execute("CREATE SCHEMA IF NOT EXISTS " + Relation.quote(into));
            }
        }
        if (!plan.drops().isEmpty()) {
            RoomForTables room = new RoomForTables(run.getReport(), connection);
            try {
                room.make(plan.drops());
            } catch (SQLException e) {
                // Whether a session that is lost had committed isn't known.
                if (!FatalErrors.endsAll(e) && !room.isHalfDone() && run.wroteNothing()) {
                    Marker.removeUnused(target.guard(), run.getReport());
                }
                throw e;
            }
        }
    }

    /** Builds the indexes of a table whose rows are in. */
    public void indexes(
            @Body RestorePlan.TableLoad table,
            @ExchangeProperty("run") RestoreRun run,
            @ExchangeProperty("target") Target target,
            @ExchangeProperty("plan") RestorePlan plan)
            throws SQLException, IOException {
        if (table.indexes().isEmpty()) {
            return;
        }
        try (StoppableRun.Work work = run.beginWork();
                Connection connection = target.connection()) {
            EntryExecutor executor = new EntryExecutor(run, plan);
            for (ScriptEntry entry : table.indexes()) {
                executor.apply(entry, connection);
            }
        }
    }

    /** Everything else but event triggers, in an order in which each can wait for those before it. */
    public List<ScriptEntry> afterRows(
            @ExchangeProperty("run") RestoreRun run, @ExchangeProperty("plan") RestorePlan plan) {
        List<ScriptEntry> entries = plan.postData().stream()
                .filter(entry -> !EventTriggers.isOf(entry, plan))
                .toList();
        postData.put(run, new PostData(plan.definitions(), entries));
        run.closeAtEnd(() -> postData.remove(run));
        return entries;
    }

    /** One of these, once what it depends on is there. Several threads may call it, in the order of the list. */
    public void one(
            @Body ScriptEntry entry,
            @ExchangeProperty("run") RestoreRun run,
            @ExchangeProperty("target") Target target,
            @ExchangeProperty("plan") RestorePlan plan)
            throws SQLException, IOException, InterruptedException {
        PostData order = java.util.Objects.requireNonNull(postData.get(run));
        try (StoppableRun.Work work = run.beginWork()) {
            order.begin(entry, run);
            try (Connection connection = target.connection()) {
                new EntryExecutor(run, plan).apply(entry, connection);
            } finally {
                order.end(entry);
            }
        }
    }

    /** Who has to wait for whom: for what it depends on, and for whoever locks the same table. */
    private static final class PostData {
        private static final long LOOK_EVERY_MS = 500;
        private final Set<Integer> open = new HashSet<>();
        private final Map<Integer, Integer> lockedBy = new HashMap<>();
        private final Definitions definitions;

        PostData(Definitions definitions, List<ScriptEntry> entries) {
            this.definitions = definitions;
            entries.forEach(entry -> open.add(entry.id()));
        }

        synchronized void begin(ScriptEntry entry, RestoreRun run) throws InterruptedException {
            while (!isReady(entry)) {
                if (run.isStopped()) {
                    throw new IllegalStateException("The restore was stopped");
                }
                wait(LOOK_EVERY_MS);
            }
            locks(entry).forEach(table -> lockedBy.put(table, entry.id()));
        }

        private boolean isReady(ScriptEntry entry) {
            return entry.dependencies().stream().noneMatch(open::contains)
                    && locks(entry).stream().noneMatch(lockedBy::containsKey);
        }

        /** Two at once at the same tables could wait for each other for ever. */
        private Set<Integer> locks(ScriptEntry entry) {
            Set<Integer> tables = new HashSet<>();
            for (Integer id : entry.dependencies()) {
                ScriptEntry other = definitions.get(id);
                ScriptEntry table = other == null ? null : definitions.tableOf(other);
                if (table != null) {
                    tables.add(table.id());
                }
            }
            return tables;
        }

        synchronized void end(ScriptEntry entry) {
            open.remove(entry.id());
            lockedBy.values().removeIf(id -> id == entry.id());
            notifyAll();
        }
    }
}
