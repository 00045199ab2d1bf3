package dev.bactrian.restore.plan;

import dev.bactrian.archive.Manifest;
import dev.bactrian.archive.read.SavedBackup;
import dev.bactrian.postgres.TablesAlone;
import dev.bactrian.problem.LeftOutStep;
import dev.bactrian.restore.LoadOrder;
import dev.bactrian.restore.NotApplied;
import dev.bactrian.restore.RestorePlan;
import dev.bactrian.restore.RestorePlan.TableLoad;
import dev.bactrian.restore.RestoreRequest;
import dev.bactrian.restore.RestoreRun;
import dev.bactrian.restore.ScratchLimits;
import dev.bactrian.restore.Target;
import dev.bactrian.restore.ddl.Definitions;
import dev.bactrian.restore.ddl.RestoreScripts;
import dev.bactrian.restore.ddl.ScriptEntry;
import dev.bactrian.restore.rows.CronJobs;
import dev.bactrian.restore.rows.Sequences;
import dev.bactrian.restore.target.OthersFunctions;
import dev.bactrian.restore.target.OthersSchemas;
import dev.bactrian.restore.target.Tablespaces;
import dev.bactrian.selection.Relation;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.camel.ExchangeProperty;
import org.jspecify.annotations.Nullable;

/** Works out what a restore has to do, and refuses what can't go well. Nothing is written yet. */
public final class RestorePlanner {

    /** Bytes of rows. */
    private static final long SMALL = 1 << 20;

    /**
     * Makes the plan.
     *
     * @throws dev.bactrian.problem.ProblemException when the target isn't fit for it
     */
    public RestorePlan make(
            @ExchangeProperty("run") RestoreRun run,
            @ExchangeProperty("saved") SavedBackup saved,
            @ExchangeProperty("target") @Nullable Target target)
            throws IOException, SQLException {
        if (target == null) {
            throw LeftOutStep.refusal("a whole restore", Map.of("direct:prepare-target", "there is no target"));
        }
        RestoreRequest request = run.getRequest();
        Definitions definitions = RestoreScripts.definitions(run);
        RestoreSelection selection = new RestoreSelection(request, saved.manifest(), definitions);
        try (Connection connection = target.connection();
                TablesAlone only = TablesAlone.in(connection)) {
            Making making = new Making(run, saved, definitions, selection, connection, target);
            RestorePlan plan = making.plan();
            run.limitedBy(making.limits);
            run.getReport().reachOut(OutwardParts.of(plan, selection));
            run.planned(plan);
            run.getProgress().expect(plan.tables().size());
            return plan;
        }
    }

    /** The making of one plan. */
    private static final class Making {
        private final RestoreRun run;
        private final RestoreRequest request;
        private final SavedBackup saved;
        private final Definitions definitions;
        private final RestoreSelection selection;
        private final Connection connection;
        private final Target target;
        private final ExistingTables existing;
        private ScratchLimits limits;

        Making(
                RestoreRun run,
                SavedBackup saved,
                Definitions definitions,
                RestoreSelection selection,
                Connection connection,
                Target target)
                throws SQLException {
            this.run = run;
            this.request = run.getRequest();
            this.saved = saved;
            this.definitions = definitions;
            this.selection = selection;
            this.connection = connection;
            this.target = target;
            this.existing = new ExistingTables(run, selection, target, connection);
            this.limits = ScratchLimits.none(definitions, run.getReport());
        }

        RestorePlan plan() throws SQLException, IOException {
            selection.tellOfMark(request.isScratch(), run.getReport());
            List<Relation.Named> drops = existing.decide();
            new TableShapes(run, selection, definitions, connection).check(existing.kept(), drops);
            Compatibility admission = new Compatibility(connection, target, request, run.getReport(), definitions);
            List<ScriptEntry> wanted = selection.definitions().stream()
                    .filter(entry -> !existing.keeps(entry, definitions))
                    .toList();
            if (request.isScratch()) {
                limits = ScratchLimits.find(target, wanted, definitions, run.getReport());
                wanted = limits.leaveOut(wanted);
            }
            wanted = Tablespaces.fit(connection, admission.admit(wanted), run.getReport(), request.isScratch());
            if (!request.isEverything()) {
                WholeTables.refuseParts(request, selection.tables());
                refuseNeedy(wanted);
                LargeObjectForecast.foretell(run, saved, selection, definitions);
            }
            // A database of its own has nothing of others.
            if (request.createDatabase() == null && !request.isScratch()) {
                new NeededFunctions(request, definitions, wanted)
                        .refuseOthers(run.getNames().uses(saved), target, connection);
                run.getNames().leaveOut(OthersSchemas.find(target, connection));
            }
            LoadOrder order = LoadOrder.of(connection, loads());
            List<TableLoad> loads = order.loads();
            OthersFunctions.tell(
                    loads.stream()
                            .filter(load -> !load.created())
                            .map(TableLoad::target)
                            .toList(),
                    target,
                    connection,
                    run.getReport());
            Map<Integer, TableLoad> byTable = byTableEntry(loads);
            DefinitionOrder sorted = DefinitionOrder.of(wanted, byTable, definitions, connection);
            return new RestorePlan(
                    saved,
                    definitions,
                    drops,
                    sorted.preData(),
                    loads,
                    order,
                    sorted.postData(),
                    selection.tables().stream().map(selection::goal).toList(),
                    selection.tables().stream()
                            .filter(table -> table.extension() == null)
                            .map(selection::goal)
                            .filter(name -> !existing.contains(name))
                            .toList(),
                    Sequences.allBut(connection, drops),
                    selection.materializedViews(wanted),
                    request.isEverything(),
                    IntoSchema.rename(request, selection, definitions, wanted));
        }

        private void refuseNeedy(List<ScriptEntry> wanted) throws SQLException {
            Set<Integer> ids = wanted.stream().map(ScriptEntry::id).collect(Collectors.toSet());
            List<ScriptEntry> missing =
                    MissingDependencies.missing(connection, definitions, ids, request.intoSchema() != null);
            if (!missing.isEmpty()) {
                throw Target.refused(
                        "What you restore needs objects that the target doesn't "
                                + "have: " + MissingDependencies.list(missing)
                                + ".",
                        "Restore them, too (--schema, --table), or create them first.");
            }
        }

        private List<TableLoad> loads() {
            List<TableLoad> loads = new ArrayList<>();
            for (Manifest.TablePart table : selection.tables()) {
                Relation.Named goal = selection.goal(table);
                boolean own = table.extension() == null;
                if (selection.wantsRows(table)
                        && !limits.leavesOut(table)
                        && !existing.isPassedOver(goal)
                        && !CronJobs.are(table)
                        && (own || request.intoSchema() == null)) {
                    loads.add(new TableLoad(table, goal, own && !existing.contains(goal), new ArrayList<>()));
                } else if (!own && request.intoSchema() != null) {
                    run.getReport()
                            .add(new NotApplied(
                                    "table " + RestorePlan.named(table).quoted(),
                                    "It belongs to extension " + table.extension()
                                            + ", so it can't go into another schema. Restore it into its own.",
                                    null));
                }
            }
            // The largest first; small ones, whose order matters little, as they lie in the archive: read in one go.
            loads.sort(Comparator.comparing((TableLoad load) -> load.part().extension() == null)
                    .thenComparingLong(load -> -Math.max(load.bytes(), SMALL))
                    .thenComparing(load -> saved.reader()
                            .position(load.part().rowEntries().get(0).entry())));
            return loads;
        }

        private Map<Integer, TableLoad> byTableEntry(List<TableLoad> loads) {
            Map<Relation.Named, ScriptEntry> tables = definitions.tables();
            Map<Integer, TableLoad> byEntry = new HashMap<>();
            for (TableLoad load : loads) {
                ScriptEntry entry = tables.get(
                        Definitions.inHeaders(load.part().schema(), load.part().name()));
                // Indexes of a partitioned table come before those of its partitions, and before all rows.
                if (entry != null && load.created() && !load.part().isPartitioned()) {
                    byEntry.put(entry.id(), load);
                }
            }
            return byEntry;
        }
    }
}
