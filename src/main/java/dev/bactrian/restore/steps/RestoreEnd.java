package dev.bactrian.restore.steps;

import dev.bactrian.archive.ManifestJson;
import dev.bactrian.problem.Problem;
import dev.bactrian.restore.FileProgress;
import dev.bactrian.restore.NotApplied;
import dev.bactrian.restore.RestorePlan;
import dev.bactrian.restore.RestoreReport;
import dev.bactrian.restore.RestoreRun;
import dev.bactrian.restore.steps.RestoreView.Outcome;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * How a restore ended, as {@code restore_history} tells it.
 *
 * @param status {@code success}, {@code partial} or {@code failed}
 * @param errorText cause, consequence and remedy; null for a success
 * @param report as JSON; null when nobody knows what was done
 */
public record RestoreEnd(
        UUID id,
        String status,
        @Nullable String errorText,
        @Nullable String report,
        @Nullable Integer tablesTotal,
        @Nullable Integer tablesDone,
        @Nullable Long bytesTotal,
        @Nullable Long bytesDone) {

    private static final int MOST_TOLD = 10;

    /** The end of a restore that was begun here. */
    static RestoreEnd of(RestoreRun run, @Nullable Problem told) {
        Problem problem = RestoreView.problem(run, told);
        Outcome outcome = RestoreView.outcome(run, problem);
        RestorePlan plan = run.getPlan();
        return new RestoreEnd(
                run.getId(),
                outcome == Outcome.DRY_RUN ? "success" : outcome.name().toLowerCase(Locale.ROOT),
                problem == null ? text(run.getReport(), outcome) : problem.text(),
                report(run, outcome),
                plan == null ? null : plan.tables().size(),
                plan == null ? null : run.getProgress().getTablesDone(),
                plan == null ? null : plan.bytes(),
                plan == null ? null : bytesDone(run, plan, outcome));
    }

    /** The end of a restore of which nothing but its failure is known. */
    static RestoreEnd failed(UUID id, String errorText) {
        return new RestoreEnd(id, "failed", errorText, null, null, null, null, null);
    }

    /** What a table's entry holds besides rows isn't counted while it is read. */
    private static long bytesDone(RestoreRun run, RestorePlan plan, Outcome outcome) {
        return outcome == Outcome.SUCCESS ? plan.bytes() : run.getProgress().getBytesDone();
    }

    private static @Nullable String text(RestoreReport report, Outcome outcome) {
        List<String> differences = report.getDifferences();
        if (!differences.isEmpty()) {
            return "The restored data differs from the saved data in " + differences.size() + " places: "
                    + String.join(" ", differences.subList(0, Math.min(differences.size(), MOST_TOLD)))
                    + " Don't rely on this backup. Make a new one, and verify it.";
        }
        List<NotApplied> notApplied = report.getNotApplied();
        String parts = notApplied.size() == 1 ? "One part" : notApplied.size() + " parts";
        return switch (outcome) {
            case SUCCESS, DRY_RUN -> null;
            case PARTIAL ->
                parts + " of what was requested could not be applied. The rest was restored. The report lists what is "
                        + "missing and why, with the SQL to run if there is any.";
            case FAILED ->
                parts + " could not be applied, which is everything that was requested. Nothing was restored. The "
                        + "report says why; remove the cause, then run the same restore again.";
        };
    }

    private static String report(RestoreRun run, Outcome outcome) {
        Map<String, Object> report = new LinkedHashMap<>();
        report.put("outcome", outcome.name().toLowerCase(Locale.ROOT));
        report.putAll(RestoreView.report(run));
        RestorePlan plan = run.getPlan();
        if (outcome == Outcome.DRY_RUN && plan != null) {
            Map<String, Object> planned = new LinkedHashMap<>();
            planned.put("drops", plan.drops().size());
            planned.put("definitions", plan.preData().size() + plan.postData().size());
            planned.put("tables", plan.tables().size());
            planned.put("rows", plan.rows());
            planned.put("bytes", plan.bytes());
            FileProgress files = run.getFiles();
            if (files != null) {
                planned.put("files", files.getTotal());
                planned.put("file_bytes", files.getBytesTotal());
            }
            report.put("plan", planned);
        }
        return ManifestJson.write(report);
    }
}
