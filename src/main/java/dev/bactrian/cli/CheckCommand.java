package dev.bactrian.cli;

import dev.bactrian.check.Precondition;
import dev.bactrian.check.Preconditions;
import dev.bactrian.config.Settings;
import dev.bactrian.postgres.DatabaseErrors;
import dev.bactrian.problem.CheckResult;
import dev.bactrian.problem.ErrorTranslator;
import dev.bactrian.problem.ErrorTranslators;
import dev.bactrian.run.WorkFolder;
import dev.bactrian.store.S3Errors;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code bactrian check}. */
@Command(
        name = "check",
        description = "Looks at everything a backup needs, and says what to do where something is missing.",
        mixinStandardHelpOptions = true)
final class CheckCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    private int failed;

    @Override
    public Integer call() {
        CommandLogging.logs();
        Settings settings = SettingsLoader.load(false);
        List<ErrorTranslator> explainers = new ArrayList<>(List.of(new DatabaseErrors()));
        if (settings.s3() != null) {
            explainers.add(new S3Errors(settings.s3()));
        }
        explainers.add(WorkFolder::explain);
        ErrorTranslators reasons = new ErrorTranslators(explainers);
        Preconditions preconditions = new Preconditions(
                settings, reasons, () -> WorkFolder.open(settings.workDir()).close());
        for (Precondition precondition : preconditions.all()) {
            precondition.look().get().forEach(this::print);
        }
        return failed == 0 ? 0 : BactrianCommand.FAILED;
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
