package dev.bactrian.restore.steps;

import dev.bactrian.archive.EntryNames;
import dev.bactrian.archive.SupabaseContents;
import dev.bactrian.problem.LeftOutStep;
import dev.bactrian.problem.Problem;
import dev.bactrian.problem.ProblemException;
import dev.bactrian.restore.FileProgress;
import dev.bactrian.restore.NotApplied;
import dev.bactrian.restore.RestoreEvidence;
import dev.bactrian.restore.RestorePlan;
import dev.bactrian.restore.RestoreRequest;
import dev.bactrian.restore.RestoreRequest.Option;
import dev.bactrian.restore.RestoreRun;
import dev.bactrian.restore.RestoreRuns;
import dev.bactrian.restore.ddl.ScriptEntry;
import dev.bactrian.restore.definitions.EventTriggers;
import dev.bactrian.restore.target.Marker;
import dev.bactrian.run.Evidence;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Whether a restore or a verification did what its plan says: routes can be edited. Compared are the plan and what the steps wrote
 * down of themselves ({@link Evidence}): before the first write, before the mark goes, and before anything is called a success.
 */
public final class RestoreProof {

    private RestoreProof() {}

    /**
     * Before a target is marked, and so before anything is written.
     *
     * @param unfinished whether this very restore broke off there before
     * @throws ProblemException naming the step that isn't in the routes
     */
    static void requireChecked(RestoreRun run, @Nullable RestorePlan plan, boolean unfinished) {
        Map<String, String> missing = checked(run, plan);
        if (unfinished && !run.getEvidence().has("start-over")) {
            missing.put("start-over", "what an interrupted restore created would stay");
        }
        if (run.getRequest().is(Option.DRY_RUN)) {
            missing.put("the filter of DRY_RUN in run-restore", "a dry run would write");
        }
        refuse(run, missing);
    }

    /**
     * Before the mark of a target goes.
     *
     * @throws ProblemException naming the steps that aren't in the routes
     */
    static void requireWritten(RestoreRun run) {
        RestorePlan plan = run.getPlan();
        Map<String, String> missing = checked(run, plan);
        if (plan != null) {
            missing.putAll(written(run, plan));
        }
        refuse(run, missing);
    }

    /**
     * Before a verification compares.
     *
     * @throws ProblemException naming the steps that aren't in the routes
     */
    public static void requireRestored(RestoreRun run) {
        refuse(run, done(run));
    }

    /** Why a restore that has ended without a failure is none that succeeded; null where it is one. */
    static @Nullable Problem problem(RestoreRun run) {
        RestorePlan plan = run.getPlan();
        Map<String, String> missing = done(run);
        boolean scratch = run.getRequest().isScratch();
        Evidence evidence = run.getEvidence();
        if (scratch && !evidence.has("direct:compare-scratch")) {
            missing.put("direct:compare-scratch", "nothing was compared with the archive");
        } else if (scratch && run.getReport().getDifferences().isEmpty() && !evidence.has("prove-verification")) {
            missing.put("prove-verification", "it is unknown whether everything was restored and compared");
        }
        return missing.isEmpty()
                ? null
                : RestoreRuns.withConsequence(
                        LeftOutStep.refusal(RestoreEvidence.needing(run), missing)
                                .problem(),
                        run,
                        plan == null ? null : plan.backup());
    }

    private static void refuse(RestoreRun run, Map<String, String> missing) {
        if (!missing.isEmpty()) {
            throw LeftOutStep.refusal(RestoreEvidence.needing(run), missing);
        }
    }

    /** What isn't done of all that the plan says. */
    private static Map<String, String> done(RestoreRun run) {
        Evidence evidence = run.getEvidence();
        RestorePlan plan = run.getPlan();
        Map<String, String> missing = new LinkedHashMap<>();
        if (evidence.isMade("plan", RestoreEvidence.USERS)) {
            if (!evidence.has("commit-users")) {
                missing.put("commit-users", "no user was written");
            }
        } else if (plan == null || run.getRequest().is(Option.DRY_RUN)) {
            missing.putAll(checked(run, plan));
        } else {
            if (!evidence.has("unmark-target")) {
                missing.putAll(checked(run, plan));
                missing.putAll(written(run, plan));
                missing.put("unmark-target", "the target keeps its schema " + Marker.SCHEMA);
            }
            files(run, missing);
        }
        return missing;
    }

    private static Map<String, String> checked(RestoreRun run, @Nullable RestorePlan plan) {
        Map<String, String> missing = new LinkedHashMap<>();
        if (plan == null) {
            missing.put("direct:check-restore", "there is no plan");
            return missing;
        }
        List<String> steps = new ArrayList<>(List.of("prove-files", "warn-of-unknown", "list-database-settings"));
        if (!plan.drops().isEmpty()) {
            steps.add("compare-dropped-tables");
        }
        steps.stream()
                .filter(step -> !run.getEvidence().has(step))
                .forEach(step -> missing.put(step, "without it, archive and target aren't checked"));
        return missing;
    }

    private static Map<String, String> written(RestoreRun run, RestorePlan plan) {
        Evidence evidence = run.getEvidence();
        Map<String, String> missing = new LinkedHashMap<>();
        plan.tables().stream()
                .filter(table -> !evidence.has(RestoreEvidence.rows(table)))
                .forEach(table -> missing.putIfAbsent(
                        table.part().extension() == null ? "direct:load-tables" : "direct:load-rows-of-extensions",
                        "the rows of " + table.quoted() + " were neither loaded nor listed"));
        unmade(run, plan.tables().stream().flatMap(table -> table.indexes().stream()), "build-indexes", missing);
        unmade(
                run,
                plan.postData().stream().filter(entry -> !EventTriggers.isOf(entry, plan)),
                "direct:finish-definitions",
                missing);
        unmade(run, plan.preData().stream(), "make-definitions", missing);
        plan.materializedViews().stream()
                .filter(view -> !evidence.has(RestoreEvidence.rows(view)) || !evidence.has("direct:finish-definitions"))
                .forEach(view -> missing.putIfAbsent(
                        "direct:finish-definitions",
                        "materialized view " + view + " wasn't filled once the rows were there"));
        evidence.missing(steps(run, plan))
                .forEach(step -> missing.putIfAbsent(step, "it wasn't done, or was done too early"));
        return missing;
    }

    private static void unmade(RestoreRun run, Stream<ScriptEntry> entries, String step, Map<String, String> missing) {
        entries.filter(entry -> !run.getEvidence().has(RestoreEvidence.made(entry)))
                .forEach(entry -> missing.putIfAbsent(step, entry.what() + " was neither created nor listed"));
    }

    /** Those that leave nothing else by which they could be seen; not those that have nothing to do. */
    private static List<String> steps(RestoreRun run, RestorePlan plan) {
        RestoreRequest request = run.getRequest();
        List<String> steps = new ArrayList<>(RestoreEvidence.COMPARED);
        steps.addAll(List.of(
                "make-definitions",
                "make-extension-indexes",
                "finish-extension-members",
                "restore-jobs",
                "apply-database-settings"));
        if (SavedFiles.areRolesWanted(request, plan.backup())) {
            steps.add("restore-roles");
        }
        if (!request.is(Option.SCHEMA_ONLY)) {
            if (plan.backup().reader().has(EntryNames.SEQUENCES)) {
                steps.add("set-sequences");
            }
            if (plan.backup().reader().has(EntryNames.LARGE_OBJECTS)) {
                steps.add("direct:load-large-objects");
            }
        }
        return steps;
    }

    private static void files(RestoreRun run, Map<String, String> missing) {
        FileProgress files = run.getFiles();
        if (files == null) {
            return;
        }
        if (files.getDone() < files.getTotal()) {
            missing.put("direct:restore-files", files.getDone() + " of " + files.getTotal() + " files were handled");
        } else if (files.getRowsPutBack() < files.getUploaded() + files.getThere()) {
            missing.put("put-row-back", "rows of files would keep what the upload set");
        }
    }

    /** Where the calls that plan files aren't in the routes, which is allowed, the report has it. */
    static void listUnplannedFiles(RestoreRun run, RestorePlan plan) {
        SupabaseContents held = plan.backup().manifest().supabase();
        boolean any = held != null && held.storage() != null && held.storage().objects() > 0;
        if (any && run.getRequest().bringsFiles() && !run.getEvidence().has("open-project")) {
            run.getReport()
                    .add(new NotApplied(
                            "files of Storage",
                            "The routes don't call direct:plan-restore-files. Put the call back, and restore again with"
                                    + " --storage-only.",
                            null));
        }
    }
}
