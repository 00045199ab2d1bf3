package dev.bactrian.cli;

import dev.bactrian.app.App;
import dev.bactrian.app.Mode;
import dev.bactrian.archive.ManifestJson;
import dev.bactrian.config.Settings;
import dev.bactrian.retention.Decision;
import dev.bactrian.retention.RetentionPlan;
import dev.bactrian.retention.SingleBackup;
import dev.bactrian.support.Units;
import java.io.PrintWriter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code bactrian prune}: the same routes as the service's. */
@Command(
        name = "prune",
        description = "Deletes old backups according to BACKUP_KEEP_..., and lists what is kept and why.",
        mixinStandardHelpOptions = true,
        footer = {"", "Exit codes: 0 success, 1 something could not be deleted, 2 wrong usage or configuration."})
final class PruneCommand implements Callable<Integer> {

    private static final String ROW = "%-7s  %-36s  %-12s  %-20s  %10s  %s%n";

    private static final String SINGLE =
            "Nothing was deleted: only one backup would be left, and if it is damaged there is no other. Change the "
                    + "rules to keep more, or add --force to delete anyway.";

    @Spec
    private CommandSpec spec;

    @Parameters(arity = "0..*", paramLabel = "DATABASE", description = "Only these databases (default: all).")
    private List<String> names = List.of();

    @Option(names = "--dry-run", description = "Only list; delete nothing.")
    private boolean dryRun;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Option(names = "--force", description = "Delete even if only one backup of a database is left.")
    private boolean force;

    @Override
    public Integer call() throws Exception {
        CommandLogging.logs();
        Settings settings = SettingsLoader.load(false);
        SettingsLoader.requireDatabases(settings, names);
        List<String> databases =
                names.isEmpty() ? List.copyOf(settings.databases().names()) : names;
        List<String> failures = new ArrayList<>();
        try (App app = new App(settings, Mode.PRUNE)) {
            app.start();
            List<RetentionPlan> plans = plans(app, databases);
            List<String> single = dryRun || force ? List.of() : SingleBackup.deletions(plans);
            if (!single.isEmpty()) {
                single.forEach(spec.commandLine().getErr()::println);
                spec.commandLine().getErr().println(SINGLE);
                return CommandLine.ExitCode.USAGE;
            }
            for (RetentionPlan plan : dryRun ? List.<RetentionPlan>of() : plans) {
                Exception failure = app.producer()
                        .request("direct:prune-database", exchange -> exchange.getMessage()
                                .setBody(plan))
                        .getException();
                if (failure != null) {
                    failures.add(plan.database() + ": "
                            + CheckCommand.translators(settings).why(failure));
                }
            }
            // Another plan than the one before, where archives were gone: what was to go in their place stays.
            Map<UUID, Decision> left = dryRun ? Map.of() : byId(plans(app, databases));
            long alone =
                    left.values().stream().filter(decision -> !decision.keep()).count();
            if (alone > 0 && failures.isEmpty()) {
                failures.add(alone + (alone == 1 ? " backup" : " backups")
                        + ": a restore is reading it, or the archive in the store isn't this backup's. It is listed "
                        + "as left.");
            }
            print(plans, left);
        }
        failures.forEach(failure -> spec.commandLine().getErr().println("Some could not be deleted, of " + failure));
        return failures.isEmpty() ? 0 : BactrianCommand.FAILED;
    }

    @SuppressWarnings("unchecked")
    private static List<RetentionPlan> plans(App app, List<String> databases) throws Exception {
        return RouteCall.send(app, "direct:plan-retention", exchange -> exchange.setProperty("databases", databases))
                .getMessage()
                .getBody(List.class);
    }

    private static Map<UUID, Decision> byId(List<RetentionPlan> plans) {
        return plans.stream()
                .flatMap(plan -> plan.decisions().stream())
                .collect(Collectors.toMap(decision -> decision.backup().id(), Function.identity()));
    }

    private void print(List<RetentionPlan> plans, Map<UUID, Decision> left) throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        List<Decision> decisions = plans.stream()
                .flatMap(plan -> plan.decisions().stream())
                .map(before -> left.getOrDefault(before.backup().id(), before))
                .toList();
        if (json) {
            out.print(
                    ManifestJson.write(decisions.stream().map(Decision::members).toList()) + System.lineSeparator());
        } else if (decisions.isEmpty()) {
            out.println("There is no backup yet.");
        } else {
            out.printf(ROW, "", "ID", "DATABASE", "MADE (UTC)", "SIZE", "WHY");
            decisions.forEach(decision -> out.printf(
                    ROW,
                    word(decision, left),
                    decision.backup().id(),
                    decision.backup().database(),
                    decision.backup().madeAt().truncatedTo(ChronoUnit.SECONDS),
                    Units.readable(decision.backup().size()),
                    isGone(decision, left) ? "it is no longer in the store" : decision.reason()));
        }
        out.flush();
    }

    /** What the plan kept, and the store doesn't have. */
    private boolean isGone(Decision decision, Map<UUID, Decision> left) {
        return !dryRun && decision.keep() && !left.containsKey(decision.backup().id());
    }

    private String word(Decision decision, Map<UUID, Decision> left) {
        if (dryRun) {
            return decision.keep() ? "keep" : "delete";
        }
        if (!left.containsKey(decision.backup().id())) {
            return decision.keep() ? "gone" : "deleted";
        }
        return decision.keep() ? "keep" : "left";
    }
}
