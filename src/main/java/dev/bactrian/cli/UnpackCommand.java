package dev.bactrian.cli;

import dev.bactrian.app.App;
import dev.bactrian.app.Mode;
import dev.bactrian.config.Settings;
import dev.bactrian.problem.Problem;
import dev.bactrian.restore.source.BackupFinder;
import dev.bactrian.restore.unpack.UnpackRequest;
import dev.bactrian.restore.unpack.UnpackRun;
import dev.bactrian.support.Units;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code bactrian unpack}: an archive's files in a folder. */
@Command(
        name = "unpack",
        description = {
            "Writes the files of a backup into a folder, decrypted and checked against the manifest: to look at rows, "
                    + "or",
            "to restore by hand as README.txt says. It needs no database. With --table, only those tables are fetched."
        },
        mixinStandardHelpOptions = true,
        footer = {"", "Exit codes: 0 every file was written and is intact, 1 failed, 2 wrong usage or configuration."})
final class UnpackCommand implements Callable<Integer> {

    private static final String LINE = "  %-12s %s%n";

    @Spec
    private CommandSpec spec;

    @Parameters(
            paramLabel = "BACKUP",
            description = "An id, latest, latest:DATABASE, the key of an archive in the store, or a zip file on this"
                    + " machine.")
    private String backup;

    @Option(
            names = "--to",
            required = true,
            paramLabel = "FOLDER",
            description = "The target folder, created if it doesn't exist. Existing files aren't overwritten.")
    private Path folder;

    @Option(
            names = "--table",
            paramLabel = "SCHEMA.TABLE",
            description = "Only the definition and rows of this table and its partitions; may be repeated.")
    private List<String> tables = List.of();

    @Mixin
    private final DecryptKeyOption keys = new DecryptKeyOption();

    @Override
    public Integer call() throws Exception {
        CommandLogging.logs();
        boolean fromFile = BackupFinder.kind(backup) == BackupFinder.Kind.FILE;
        Settings settings = SettingsLoader.loadWithoutDatabases(keys.settings(), !fromFile);
        AtomicReference<UnpackRun> run = new AtomicReference<>();
        App app = new App(settings, fromFile ? Mode.FILE_RESTORE : Mode.RESTORE);
        try (app;
                GracefulStop stop = GracefulStop.onSignal(() -> cancel(run.get()))) {
            app.start();
            UnpackRequest request =
                    new UnpackRequest(UUID.randomUUID(), folder.toAbsolutePath().normalize(), tables, run::set);
            Exchange ended = RouteFollower.toTheEnd(
                    app,
                    "direct:unpack",
                    exchange -> {
                        exchange.setProperty("unpack", request);
                        exchange.setProperty("backup", backup);
                    },
                    spec.commandLine().getErr(),
                    progress -> show(run.get(), progress));
            return print(ended.getProperty("problem", Problem.class), run.get());
        }
    }

    private static void cancel(@Nullable UnpackRun run) {
        if (run != null) {
            run.cancel();
        }
    }

    private static void show(@Nullable UnpackRun run, ProgressLine progress) {
        if (run != null) {
            progress.say("unpacking  " + run.files() + " of " + Units.counted(run.filesTotal(), "file") + "  "
                    + Units.readable(run.bytes()) + " of " + Units.readable(run.bytesTotal()));
        }
    }

    private int print(@Nullable Problem problem, @Nullable UnpackRun run) {
        if (problem != null || run == null) {
            spec.commandLine().getErr().println(Objects.requireNonNull(problem).text());
            return BactrianCommand.FAILED;
        }
        PrintWriter out = spec.commandLine().getOut();
        out.println("Unpacked");
        out.printf(LINE, "Backup", backup);
        out.printf(LINE, "Folder", folder);
        out.printf(LINE, "Files", run.files() + ", " + Units.readable(run.bytes()));
        run.getWarnings().forEach(warning -> out.printf(LINE, "Note", warning));
        out.flush();
        return 0;
    }
}
