package dev.bactrian.cli;

import dev.bactrian.app.App;
import dev.bactrian.app.Mode;
import dev.bactrian.check.Precondition;
import dev.bactrian.check.Preconditions;
import dev.bactrian.config.S3Settings;
import dev.bactrian.config.Settings;
import dev.bactrian.postgres.DatabaseErrors;
import dev.bactrian.problem.CheckResult;
import dev.bactrian.problem.ErrorTranslators;
import dev.bactrian.run.WorkFolder;
import dev.bactrian.store.S3Errors;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code bactrian check}. */
@Command(
        name = "check",
        description = "Checks everything that a backup needs, and says what to do if something is missing.",
        mixinStandardHelpOptions = true)
final class CheckCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    private int failed;

    @Override
    public Integer call() throws Exception {
        CommandLogging.logs();
        Settings settings = SettingsLoader.load(false);
        try (App app = new App(settings, Mode.CHECK)) {
            app.start();
            Preconditions preconditions = new Preconditions(
                    settings, translators(settings), app::context, () -> WorkFolder.open(settings.workDir())
                            .close());
            for (Precondition precondition : preconditions.all()) {
                precondition.look().get().forEach(this::print);
            }
        }
        return failed == 0 ? 0 : BactrianCommand.FAILED;
    }

    /** The words for what can fail with these settings. */
    static ErrorTranslators translators(Settings settings) {
        S3Settings s3 = settings.s3();
        return new ErrorTranslators(
                s3 == null
                        ? List.of(new DatabaseErrors(), WorkFolder::explain)
                        : List.of(new DatabaseErrors(), new S3Errors(s3), WorkFolder::explain));
    }

    private void print(CheckResult result) {
        PrintWriter out = spec.commandLine().getOut();
        out.printf("%-7s %s%n", result.good() ? "OK" : "FAILED", result.line());
        out.flush();
        if (!result.good()) {
            failed++;
        }
    }
}
