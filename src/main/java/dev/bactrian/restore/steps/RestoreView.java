package dev.bactrian.restore.steps;

import dev.bactrian.problem.Problem;
import dev.bactrian.restore.FileProgress;
import dev.bactrian.restore.NotApplied;
import dev.bactrian.restore.RestorePlan;
import dev.bactrian.restore.RestoreReport;
import dev.bactrian.restore.RestoreRequest;
import dev.bactrian.restore.RestoreRun;
import dev.bactrian.support.Printable;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A restore as programs see it: keys in snake_case, sizes in bytes, times as instants. */
public final class RestoreView {

    private static final int PER_SECOND = 1_000;

    private RestoreView() {}

    /** How a restore ended: with all of it, with some of it, with nothing to rely on, or without a change. */
    public enum Outcome {
        SUCCESS,
        PARTIAL,
        FAILED,
        DRY_RUN
    }

    /**
     * Why one that has ended has failed; null where it hasn't.
     *
     * @param told by its routes: where they tell nothing, what was done is compared with what was planned
     */
    public static @Nullable Problem problem(RestoreRun run, @Nullable Problem told) {
        return told != null ? told : RestoreProof.problem(run);
    }

    /** The outcome of one that has ended. */
    public static Outcome outcome(RestoreRun run, @Nullable Problem told) {
        if (problem(run, told) != null) {
            return Outcome.FAILED;
        }
        if (run.getRequest().is(RestoreRequest.Option.DRY_RUN)) {
            return Outcome.DRY_RUN;
        }
        RestoreReport report = run.getReport();
        if (!report.getDifferences().isEmpty()) {
            return Outcome.FAILED;
        }
        boolean nothing = report.getDefinitions() == 0 && report.getRows().isEmpty();
        if (report.getNotApplied().isEmpty()) {
            return Outcome.SUCCESS;
        }
        return nothing ? Outcome.FAILED : Outcome.PARTIAL;
    }

    /** Where one stands: phase, tables, bytes, bytes per second since the rows began, and how long the rest may take. */
    public static Map<String, Object> progress(RestoreRun run) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("phase", run.getPhase());
        RestorePlan plan = run.getPlan();
        if (plan == null) {
            return view;
        }
        long bytes = run.getProgress().getBytesDone();
        view.put("tables_total", plan.tables().size());
        view.put("tables_done", run.getProgress().getTablesDone());
        view.put("bytes_total", plan.bytes());
        view.put("bytes_done", bytes);
        FileProgress files = run.getFiles();
        if (files != null) {
            view.put("files_total", files.getTotal());
            view.put("files_done", files.getDone());
            view.put("file_bytes_total", files.getBytesTotal());
            view.put("file_bytes_done", files.getBytesDone());
        }
        Instant since = run.getRowsSince();
        if (since != null) {
            long millis = Math.max(1, Duration.between(since, Instant.now()).toMillis());
            long rate = bytes * PER_SECOND / millis;
            view.put("bytes_per_second", rate);
            if (rate > 0) {
                view.put("seconds_left", Math.max(0, plan.bytes() - bytes) / rate);
            }
        }
        return view;
    }

    /** Texts for people; a statement stays what is to be run. */
    private static List<NotApplied> shown(List<NotApplied> parts) {
        return parts.stream()
                .map(part -> new NotApplied(Printable.line(part.what()), Printable.line(part.reason()), part.sql()))
                .toList();
    }

    /** What one did. */
    public static Map<String, Object> report(RestoreRun run) {
        RestoreReport report = run.getReport();
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("definitions", report.getDefinitions());
        view.put("tables", report.getRows().size());
        view.put(
                "rows",
                report.getRows().values().stream().mapToLong(Long::longValue).sum());
        FileProgress files = run.getFiles();
        if (files != null && !run.getRequest().is(RestoreRequest.Option.DRY_RUN)) {
            view.put("files", files.getUploaded());
            view.put("files_there_already", files.getThere());
        }
        view.put("not_applied", shown(report.getNotApplied()));
        view.put("paused_jobs", report.getPaused());
        view.put("reaches_out", report.getReachesOut());
        view.put("notes", report.getNotes());
        if (run.getRequest().isScratch()) {
            view.put("differences", report.getDifferences());
            view.put("not_proven", shown(report.getNotProven()));
        }
        return view;
    }
}
