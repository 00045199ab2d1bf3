package dev.bactrian.cli;

import dev.bactrian.app.App;
import dev.bactrian.app.Mode;
import dev.bactrian.config.Settings;
import dev.bactrian.problem.Problem;
import dev.bactrian.restore.RestoreRequest;
import dev.bactrian.restore.RestoreRun;
import dev.bactrian.restore.source.BackupFinder;
import dev.bactrian.supabase.auth.UserFile;
import dev.bactrian.support.Units;
import java.io.PrintWriter;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.apache.camel.Exchange;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code bactrian import-users}: the users of a file, into a project's schema auth. */
@Command(
        name = "import-users",
        description = {
            "Imports the users of auth/users.json into an empty Supabase project, with their passwords, identities "
                    + "and MFA",
            "factors: all of them, or none. Triggers on auth.users don't fire: the rows that they wrote are in the "
                    + "backup's tables."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {
            "",
            "Examples:",
            "  bactrian import-users users.json --to new",
            "  bactrian import-users latest --to new",
            "  bactrian import-users backup-2026-11-20-18-42-UTC.zip --to new --skip-existing",
            "",
            "Exit codes: 0 everything was imported, 3 the target has no place for some parts (they are listed),",
            "1 failed and nothing was changed, 2 wrong usage or configuration."
        })
final class ImportUsersCommand implements Callable<Integer> {

    private static final String LINE = "  %-17s %s%n";

    @Spec
    private CommandSpec spec;

    @Parameters(
            paramLabel = "FILE",
            description =
                    "A JSON file as described by users.schema.json; or a backup that contains one: an id, latest, "
                            + "latest:DATABASE, the key of an archive in the store, or a zip file.")
    private String file;

    @Option(
            names = "--to",
            required = true,
            paramLabel = "DATABASE",
            description = "The target: the name of a configured database, such as new for DATABASE_URL_NEW.")
    private String target;

    @Option(
            names = "--skip-existing",
            description = "Keep existing users (with the same id, e-mail or phone) as they are.")
    private boolean skipExisting;

    @Mixin
    private final DecryptKeyOption keys = new DecryptKeyOption();

    @Option(names = "--json", description = "Print the report as JSON.")
    private boolean json;

    @Override
    public Integer call() throws Exception {
        CommandLogging.logs();
        boolean local = UserFile.isJson(file) || BackupFinder.kind(file) == BackupFinder.Kind.FILE;
        Settings settings = SettingsLoader.loadForArchives(keys.settings(), !local);
        SettingsLoader.requireDatabases(settings, List.of(target));
        RestoreRequest request =
                new RestoreRequest(UUID.randomUUID(), file, target, null, List.of(), List.of(), null, Set.of());
        App app = new App(settings, local ? Mode.FILE_RESTORE : Mode.RESTORE);
        try (app;
                GracefulStop stop = GracefulStop.onSignal(() -> app.restores().cancel(request.id()))) {
            app.start();
            return report(RouteFollower.toTheEnd(
                    app,
                    "direct:import-users",
                    exchange -> {
                        exchange.setProperty("request", request);
                        exchange.setProperty("skipExisting", skipExisting);
                    },
                    spec.commandLine().getErr()));
        }
    }

    private int report(Exchange exchange) throws Exception {
        RestoreRun run = exchange.getProperty("run", RestoreRun.class);
        RestoreSummary summary = new RestoreSummary(run, exchange.getProperty("problem", Problem.class));
        Problem problem = summary.problem();
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.print(summary.json() + System.lineSeparator());
        } else if (problem != null) {
            spec.commandLine().getErr().println(problem.text());
        } else {
            print(out, run, summary);
        }
        out.flush();
        return summary.exitCode();
    }

    private static void print(PrintWriter out, RestoreRun run, RestoreSummary summary) {
        out.println("Import summary");
        out.printf(LINE, "From", run.getRequest().backup());
        out.printf(LINE, "Target", run.getDatabase().url());
        run.getReport()
                .getRows()
                .forEach((table, rows) -> out.printf(LINE, table.replace("\"", ""), Units.counted(rows, "row")));
        run.getReport().getNotes().forEach(note -> out.printf(LINE, "Note", note));
        out.printf(LINE, "Duration", RestoreSummary.took(run));
        out.printf(LINE, "Status", summary.exitCode() == 0 ? "success" : "partial");
        RestoreSummary.printNotApplied(out, run.getReport().getNotApplied());
    }
}
