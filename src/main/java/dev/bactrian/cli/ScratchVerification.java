package dev.bactrian.cli;

import dev.bactrian.app.App;
import dev.bactrian.app.Mode;
import dev.bactrian.archive.verify.Difference;
import dev.bactrian.config.Settings;
import dev.bactrian.problem.ConfigurationException;
import dev.bactrian.problem.Problem;
import dev.bactrian.restore.NotApplied;
import dev.bactrian.restore.RestorePlan;
import dev.bactrian.restore.RestoreRun;
import dev.bactrian.restore.steps.RestoreView;
import dev.bactrian.support.Units;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.camel.Exchange;

/** {@code bactrian verify} by a restore into a scratch database. */
final class ScratchVerification {

    private static final String LINE = "  %-12s %s%n";
    private static final int MOST_LISTED = 100;

    private final PrintWriter out;
    private final PrintWriter err;

    ScratchVerification(PrintWriter out, PrintWriter err) {
        this.out = out;
        this.err = err;
    }

    int run(String backup, boolean fromFile, Map<String, String> own) throws Exception {
        Settings settings = SettingsLoader.loadWithoutDatabases(own, !fromFile);
        if (settings.verify().server() == null) {
            throw new ConfigurationException(
                    List.of("VERIFY_DATABASE_URL is not set. Set it to a database on a server where scratch databases "
                            + "may be created; or add --archive-only, which needs no database."));
        }
        boolean recorded = !fromFile && settings.hasHistory();
        Mode mode = fromFile ? Mode.FILE_RESTORE : recorded ? Mode.RECORDED_VERIFY : Mode.RESTORE;
        UUID id = UUID.randomUUID();
        App app = new App(settings, mode);
        try (app;
                GracefulStop stop = GracefulStop.onSignal(() -> app.restores().cancel(id))) {
            app.start();
            Exchange ended = RouteFollower.toTheEnd(
                    app,
                    recorded ? "direct:run-recorded-verify" : "direct:run-verify",
                    exchange -> {
                        exchange.setProperty("verifyId", id);
                        exchange.setProperty("backup", backup);
                    },
                    err);
            return print(ended, recorded) ? 0 : BactrianCommand.FAILED;
        }
    }

    private boolean print(Exchange ended, boolean recorded) {
        RestoreRun run = ended.getProperty("run", RestoreRun.class);
        Problem problem = RestoreView.problem(run, ended.getProperty("problem", Problem.class));
        if (problem != null) {
            err.println(problem.text());
            err.flush();
            return false;
        }
        @SuppressWarnings("unchecked")
        List<Difference> differences = ended.getProperty("differences", List.class);
        differences.stream().limit(MOST_LISTED).forEach(difference -> out.println("DIFFERENT  " + difference.text()));
        if (differences.size() > MOST_LISTED) {
            out.println("DIFFERENT  and " + (differences.size() - MOST_LISTED) + " more");
        }
        out.println("Verified by a restore into a scratch database");
        RestorePlan plan = run.getPlan();
        if (plan != null) {
            out.printf(
                    LINE,
                    "Backup",
                    plan.backup().manifest().backupId() + ", " + plan.backup().name());
            out.printf(
                    LINE,
                    "Tables",
                    plan.tables().size() + " with " + Units.counted(plan.rows(), "row") + ", "
                            + Units.readable(plan.bytes()));
        }
        out.printf(LINE, "Definitions", run.getReport().getDefinitions());
        run.getReport().getNotes().forEach(note -> out.printf(LINE, "Note", note));
        List<NotApplied> unproven = run.getReport().getNotProven();
        unproven.stream()
                .limit(MOST_LISTED)
                .forEach(part -> out.printf(LINE, "Not proven", part.what() + ": " + part.reason()));
        if (unproven.size() > MOST_LISTED) {
            out.printf(LINE, "Not proven", "and " + (unproven.size() - MOST_LISTED) + " more");
        }
        out.printf(LINE, "Duration", RestoreSummary.took(run));
        boolean proven = differences.isEmpty();
        out.printf(
                LINE,
                "Result",
                proven
                        ? "proven: the restored data equals the saved data"
                                + (unproven.isEmpty() ? "" : ", except what is listed as not proven")
                        : differences.size() + " differences; don't rely on this backup");
        if (proven && !recorded) {
            out.printf(LINE, "Note", "not recorded in a history, because there is none or the archive is a file");
        }
        out.flush();
        return proven;
    }
}
