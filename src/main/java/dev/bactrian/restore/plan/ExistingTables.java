package dev.bactrian.restore.plan;

import dev.bactrian.archive.Manifest;
import dev.bactrian.restore.NotApplied;
import dev.bactrian.restore.Platform;
import dev.bactrian.restore.RestoreRequest;
import dev.bactrian.restore.RestoreRequest.Option;
import dev.bactrian.restore.RestoreRun;
import dev.bactrian.restore.Target;
import dev.bactrian.restore.ddl.Definitions;
import dev.bactrian.restore.ddl.ScriptEntry;
import dev.bactrian.restore.rows.StorageSchemaRows;
import dev.bactrian.restore.target.Dependents;
import dev.bactrian.restore.target.TargetTables;
import dev.bactrian.selection.Relation;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** What becomes of tables that the target has already. */
public final class ExistingTables {

    private final RestoreRun run;
    private final RestoreRequest request;
    private final RestoreSelection selection;
    private final Target target;
    private final Connection connection;
    private final TargetTables there;
    private final Set<String> schemas;
    private final Set<Relation.Named> existing = new HashSet<>();
    private final List<Manifest.TablePart> kept = new ArrayList<>();
    private final Set<Relation.Named> passedOver = new HashSet<>();

    ExistingTables(RestoreRun run, RestoreSelection selection, Target target, Connection connection)
            throws SQLException {
        this.run = run;
        this.request = run.getRequest();
        this.selection = selection;
        this.target = target;
        this.connection = connection;
        // A database that a dry run would have made has nothing.
        boolean notMade = request.is(Option.DRY_RUN) && request.createDatabase() != null;
        this.schemas = new HashSet<>(Target.texts(connection, "SELECT nspname FROM pg_namespace"));
        this.there = TargetTables.look(
                connection,
                notMade
                        ? List.of()
                        : selection.tables().stream().map(selection::goal).toList(),
                selection.tables().stream()
                        .filter(table -> table.isPartitioned() && selection.wantsRows(table))
                        .map(selection::goal)
                        .toList());
    }

    /** Whether a table stays that was there. */
    boolean contains(Relation.Named name) {
        return existing.contains(name);
    }

    /** Those that stay, but for what the target's platform or an extension made. */
    List<Manifest.TablePart> kept() {
        return List.copyOf(kept);
    }

    /** Whether its rows stay as they are, too. */
    boolean isPassedOver(Relation.Named name) {
        return passedOver.contains(name);
    }

    /** Tables that are there already: dropped, kept and filled, or a reason to refuse. */
    List<Relation.Named> decide() throws SQLException {
        List<Relation.Named> drops = new ArrayList<>();
        List<String> filled = new ArrayList<>();
        List<String> lacking = new ArrayList<>();
        for (Manifest.TablePart table : selection.tables()) {
            Relation.Named goal = selection.goal(table);
            boolean managed = target.isSupabase() && Platform.managedSchema(goal.schema());
            if (managed && Platform.leftAlone(goal.schema(), goal.name())) {
                existing.add(goal);
                passedOver.add(goal);
                tellIfLost(table, Platform.lacksContent(goal), "The files that they describe aren't in the archive.");
            } else if (managed && !there.exists(goal) && schemas.contains(goal.schema())) {
                existing.add(goal);
                passedOver.add(goal);
                tellIfLost(table, true, "The target's version of " + goal.schema() + " has no such table.");
            } else if (managed && !there.exists(goal) && Platform.isOnDemand(goal.schema())) {
                existing.add(goal);
                passedOver.add(goal);
                tellIfLost(table, true, "The target has no schema " + goal.schema() + ".");
            } else if (table.extension() != null) {
                // It made them, and says itself which rows it leaves to the user.
                if (there.exists(goal)) {
                    existing.add(goal);
                }
            } else if (!there.exists(goal)) {
                if (request.is(Option.DATA_ONLY) && table.hasRows()) {
                    lacking.add(goal.quoted());
                }
            } else if (request.is(Option.DROP_EXISTING) && !managed) {
                drops.add(goal);
            } else {
                existing.add(goal);
                if (!managed) {
                    kept.add(table);
                }
                boolean joins = managed && StorageSchemaRows.are(goal);
                boolean mayStay = joins
                        || !there.hasRows(goal)
                        || run.keeps(goal)
                        || request.is(Option.TRUNCATE)
                        || !selection.wantsRows(table);
                if (!mayStay && managed) {
                    passedOver.add(goal);
                    run.getReport().add(hasRows(goal));
                } else if (!mayStay || request.is(Option.SCHEMA_ONLY)) {
                    filled.add(goal.quoted());
                }
            }
        }
        refuse(lacking, filled);
        refuseDependents(drops);
        return drops;
    }

    private void tellIfLost(Manifest.TablePart table, boolean lost, String reason) {
        Long rows = table.rows();
        if (lost && rows != null && rows > 0 && selection.wantsRows(table)) {
            run.getReport()
                    .add(new NotApplied(
                            "rows of " + selection.goal(table).quoted(),
                            reason + " Rows left out: " + rows + ".",
                            null));
        }
    }

    private static NotApplied hasRows(Relation.Named table) {
        return new NotApplied(
                "rows of " + table.quoted(),
                "The table belongs to the platform, and has rows already. To replace them, restore again with "
                        + "--data-only --truncate --table " + table.schema() + "." + table.name() + ".",
                null);
    }

    private static void refuse(List<String> lacking, List<String> filled) {
        if (!lacking.isEmpty()) {
            throw Target.refused(
                    "The target doesn't have " + some(lacking) + ", and data only doesn't create tables.",
                    "Remove --data-only to create them, too.");
        }
        if (!filled.isEmpty()) {
            throw Target.refused(
                    "The target has " + some(filled) + " already, and restoring would mix existing and restored rows.",
                    "Restore into an empty database (--create-database creates one) or into another schema "
                            + "(--into-schema), replace the tables (--drop-existing), or replace only their rows "
                            + "(--data-only --truncate).");
        }
    }

    private void refuseDependents(List<Relation.Named> drops) throws SQLException {
        List<String> dependents = drops.isEmpty()
                ? List.of()
                : Dependents.find(connection, drops, List.of(), List.of()).stream()
                        .map(Dependents.Dependent::what)
                        .toList();
        if (!dependents.isEmpty()) {
            throw Target.refused(
                    "Tables can't be dropped because others need them: " + some(dependents) + ".",
                    "Replace their rows instead (--data-only --truncate), or restore into another schema "
                            + "(--into-schema).");
        }
    }

    private static String some(List<String> names) {
        int most = 10;
        return names.stream().limit(most).collect(Collectors.joining(", "))
                + (names.size() > most ? " and " + (names.size() - most) + " more" : "");
    }

    /** Tables that stay as they are keep their definitions, too. */
    boolean keeps(ScriptEntry entry, Definitions definitions) {
        ScriptEntry table = definitions.tableOf(entry);
        if (table == null || existing.isEmpty()) {
            return false;
        }
        boolean kept = existing.stream().anyMatch(name -> Definitions.inHeaders(name.schema(), name.name())
                .equals(new Relation.Named(
                        request.intoSchema() == null ? table.schema() : request.intoSchema(), table.tag())));
        return kept && !isAdded(entry, table, target);
    }

    /** What users add to the platform's tables. */
    public static boolean isAdded(ScriptEntry entry, ScriptEntry table, Target target) {
        return Set.of("TRIGGER", "POLICY").contains(entry.type())
                && target.isSupabase()
                && Platform.managedSchema(table.schema());
    }
}
