package dev.bactrian.cli;

import dev.bactrian.archive.ManifestJson;
import dev.bactrian.problem.Problem;
import dev.bactrian.restore.FileProgress;
import dev.bactrian.restore.NotApplied;
import dev.bactrian.restore.PausedJob;
import dev.bactrian.restore.ReachesOut;
import dev.bactrian.restore.RestorePlan;
import dev.bactrian.restore.RestoreReport;
import dev.bactrian.restore.RestoreRequest;
import dev.bactrian.restore.RestoreRun;
import dev.bactrian.restore.steps.RestoreView;
import dev.bactrian.restore.steps.RestoreView.Outcome;
import dev.bactrian.support.Units;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a restore from the command line ends with. */
final class RestoreSummary {

    private static final String LINE = "  %-17s %s%n";
    private static final int MOST_LISTED = 100;
    private static final int PARTIAL = 3;

    private final RestoreRun run;
    private final @Nullable Problem problem;
    private final Outcome outcome;

    RestoreSummary(RestoreRun run, @Nullable Problem told) {
        this.run = run;
        this.problem = RestoreView.problem(run, told);
        this.outcome = RestoreView.outcome(run, problem);
    }

    /** Why it failed; null where it didn't. */
    @Nullable
    Problem problem() {
        return problem;
    }

    int exitCode() {
        return switch (outcome) {
            case SUCCESS, DRY_RUN -> 0;
            case PARTIAL -> PARTIAL;
            case FAILED -> BactrianCommand.FAILED;
        };
    }

    String json() {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("id", run.getId());
        view.put("outcome", outcome.name().toLowerCase(Locale.ROOT));
        view.put("target", run.getDatabase().url().toString());
        view.putAll(RestoreView.progress(run));
        view.putAll(RestoreView.report(run));
        if (problem != null) {
            view.put("error_text", problem.text());
        }
        return ManifestJson.write(view);
    }

    void print(PrintWriter out, PrintWriter err) {
        RestoreReport report = run.getReport();
        if (problem != null) {
            err.println(problem.text());
            err.flush();
        }
        boolean dry = run.getRequest().is(RestoreRequest.Option.DRY_RUN);
        out.println(dry ? "This restore would do the following" : "Restore summary");
        RestorePlan plan = run.getPlan();
        if (plan != null) {
            var manifest = plan.backup().manifest();
            out.printf(
                    LINE,
                    "Backup",
                    manifest.backupId() + " of " + manifest.source().database() + " at "
                            + manifest.snapshot().at());
        }
        out.printf(LINE, "Target", run.getDatabase().url());
        if (outcome == Outcome.DRY_RUN && plan != null) {
            printPlan(out, plan);
        } else if (!dry) {
            printDone(out, report);
        }
        FileProgress files = run.getFiles();
        if (files != null) {
            out.printf(
                    LINE,
                    "Files",
                    outcome == Outcome.DRY_RUN
                            ? files.getTotal() + " to upload, except those that exist already, "
                                    + Units.readable(files.getBytesTotal())
                            : files.getUploaded() + " uploaded, " + files.getThere() + " exist already, of "
                                    + files.getTotal());
        }
        for (String note : report.getNotes()) {
            out.printf(LINE, "Note", note);
        }
        out.printf(
                LINE,
                "Status",
                dry && outcome == Outcome.FAILED
                        ? "would be refused"
                        : outcome.name().toLowerCase(Locale.ROOT).replace('_', ' '));
        printNotApplied(out, report.getNotApplied());
        printPaused(out, report.getPaused());
        printReachesOut(out, report.getReachesOut());
        out.flush();
    }

    private void printPlan(PrintWriter out, RestorePlan plan) {
        String there =
                run.getRequest().is(RestoreRequest.Option.TRUNCATE) ? "exists; its rows are replaced" : "there already";
        if (!plan.drops().isEmpty()) {
            out.printf(LINE, "Drop", Units.counted(plan.drops().size(), "table"));
        }
        out.printf(
                LINE,
                "Make",
                Units.counted(plan.preData().size() + plan.postData().size(), "definition"));
        out.printf(
                LINE,
                "Load",
                Units.counted(plan.tables().size(), "table") + " with " + Units.counted(plan.rows(), "row") + ", "
                        + Units.readable(plan.bytes()));
        plan.tables().stream()
                .limit(MOST_LISTED)
                .forEach(table -> out.printf(
                        LINE,
                        "",
                        String.format(
                                Locale.ROOT,
                                "%-40s %9d %-4s  %s",
                                table.target().schema() + "." + table.target().name(),
                                table.part().rows(),
                                Units.noun(
                                        Objects.requireNonNullElse(table.part().rows(), 0L), "row"),
                                table.created() ? "new" : there)));
    }

    private void printDone(PrintWriter out, RestoreReport report) {
        out.printf(LINE, "Definitions", report.getDefinitions());
        out.printf(
                LINE,
                "Tables",
                report.getRows().size() + " with "
                        + Units.counted(
                                report.getRows().values().stream()
                                        .mapToLong(Long::longValue)
                                        .sum(),
                                "row"));
        out.printf(LINE, "Data", Units.readable(run.getProgress().getBytesDone()));
        out.printf(LINE, "Duration", took(run));
    }

    /** How long a restore has taken, up to now. */
    static String took(RestoreRun run) {
        return String.format(
                Locale.ROOT,
                "%.1f s",
                Duration.between(run.getStartedAt(), Instant.now()).toMillis() / 1000.0);
    }

    private static void printPaused(PrintWriter out, List<PausedJob> jobs) {
        if (jobs.isEmpty()) {
            return;
        }
        out.println();
        out.println("Paused, with the statement that starts each (" + jobs.size() + "):");
        for (PausedJob job : jobs.subList(0, Math.min(jobs.size(), MOST_LISTED))) {
            out.println("  " + job.what());
            out.println("    " + job.sql());
        }
        if (jobs.size() > MOST_LISTED) {
            out.println("  and " + (jobs.size() - MOST_LISTED) + " more: see --json");
        }
    }

    private static void printReachesOut(PrintWriter out, List<ReachesOut> parts) {
        if (parts.isEmpty()) {
            return;
        }
        out.println();
        out.println("Acts by itself or on other systems; check it before the database is used:");
        for (ReachesOut part : parts) {
            String names = String.join(", ", part.names())
                    + (part.count() > part.names().size() && !part.names().isEmpty() ? ", …" : "");
            out.println("  " + Units.counted(part.count(), part.kind()) + (names.isEmpty() ? "" : ": " + names));
            out.println("    " + part.meaning());
        }
    }

    static void printNotApplied(PrintWriter out, List<NotApplied> parts) {
        if (parts.isEmpty()) {
            return;
        }
        out.println();
        out.println("Not restored (" + parts.size() + "):");
        for (NotApplied part : parts.subList(0, Math.min(parts.size(), MOST_LISTED))) {
            out.println("  " + part.what() + ": " + part.reason());
            String sql = part.sql();
            if (sql != null) {
                // Its own line breaks are the statement's; each line is one of the screen, and none begins at its edge.
                sql.lines().forEach(line -> out.println("    " + line));
            }
        }
        if (parts.size() > MOST_LISTED) {
            out.println("  and " + (parts.size() - MOST_LISTED) + " more: see --json");
        }
    }
}
