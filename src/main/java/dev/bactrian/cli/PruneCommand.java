package dev.bactrian.cli;

import dev.bactrian.App;
import dev.bactrian.archive.ManifestJson;
import dev.bactrian.config.Settings;
import dev.bactrian.config.Units;
import dev.bactrian.retention.Decision;
import dev.bactrian.retention.RetentionPlan;
import java.io.PrintWriter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code bactrian prune}: the same routes as the service's. */
@Command(
        name = "prune",
        description = "Deletes old backups as BACKUP_KEEP_... say, and lists what is kept and why.",
        mixinStandardHelpOptions = true,
        footer = {"", "Exit codes: 0 success, 1 something could not be deleted, 2 wrong usage or configuration."})
final class PruneCommand implements Callable<Integer> {

    private static final String ROW = "%-7s  %-36s  %-12s  %-20s  %10s  %s%n";

    @Spec
    private CommandSpec spec;

    @Parameters(arity = "0..*", paramLabel = "DATABASE", description = "Only these databases (default: all).")
    private List<String> names = List.of();

    @Option(names = "--dry-run", description = "Only list; delete nothing.")
    private boolean dryRun;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Override
    public Integer call() throws Exception {
        Quiet.logs();
        Settings settings = SettingsLoader.load(false);
        SettingsLoader.requireDatabases(settings, names);
        List<String> databases =
                names.isEmpty() ? List.copyOf(settings.databases().names()) : names;
        List<String> failures = new ArrayList<>();
        try (App app = new App(settings, App.Mode.PRUNE)) {
            app.start();
            List<RetentionPlan> plans = plans(app, databases);
            for (RetentionPlan plan : dryRun ? List.<RetentionPlan>of() : plans) {
                Exception failure = send(app, "direct:prune-database", exchange -> exchange.getMessage()
                                .setBody(plan))
                        .getException();
                if (failure != null) {
                    failures.add(plan.database() + ": " + failure.getMessage());
                }
            }
            Set<UUID> left = dryRun ? Set.of() : ids(plans(app, databases));
            long alone = plans.stream()
                    .flatMap(plan -> plan.deletions().stream())
                    .filter(decision -> left.contains(decision.backup().id()))
                    .count();
            if (alone > 0 && failures.isEmpty()) {
                failures.add(alone + (alone == 1 ? " backup" : " backups")
                        + ": a restore reads it, or what lies in the store isn't its own. It is listed as left.");
            }
            print(plans, left);
        }
        failures.forEach(failure -> spec.commandLine().getErr().println("Not all could be deleted of " + failure));
        return failures.isEmpty() ? 0 : BactrianCommand.FAILED;
    }

    @SuppressWarnings("unchecked")
    private static List<RetentionPlan> plans(App app, List<String> databases) throws Exception {
        Exchange answer = send(app, "direct:plan-retention", exchange -> exchange.setProperty("databases", databases));
        if (answer.getException() != null) {
            throw answer.getException();
        }
        return answer.getMessage().getBody(List.class);
    }

    private static Set<UUID> ids(List<RetentionPlan> plans) {
        return plans.stream()
                .flatMap(plan -> plan.decisions().stream())
                .map(decision -> decision.backup().id())
                .collect(Collectors.toSet());
    }

    private static Exchange send(App app, String route, Processor request) throws Exception {
        return app.producer().request(route, request);
    }

    private void print(List<RetentionPlan> plans, Set<UUID> left) throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        List<Decision> decisions =
                plans.stream().flatMap(plan -> plan.decisions().stream()).toList();
        if (json) {
            out.println(
                    ManifestJson.write(decisions.stream().map(Decision::members).toList()));
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
                    decision.reason()));
        }
        out.flush();
    }

    private String word(Decision decision, Set<UUID> left) {
        if (dryRun) {
            return decision.keep() ? "keep" : "delete";
        }
        return !left.contains(decision.backup().id()) ? "deleted" : decision.keep() ? "keep" : "left";
    }
}
