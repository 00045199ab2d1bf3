package dev.bactrian.cli;

import dev.bactrian.backup.CheckResult;
import dev.bactrian.backup.Explainer;
import dev.bactrian.backup.FailureReason;
import dev.bactrian.backup.WorkFolder;
import dev.bactrian.check.Precondition;
import dev.bactrian.check.Preconditions;
import dev.bactrian.config.Settings;
import dev.bactrian.database.DatabaseErrors;
import dev.bactrian.storage.S3Errors;
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
        Quiet.logs();
        Settings settings = SettingsLoader.load(false);
        List<Explainer> explainers = new ArrayList<>(List.of(new DatabaseErrors()));
        if (settings.s3() != null) {
            explainers.add(new S3Errors(settings.s3()));
        }
        explainers.add(WorkFolder::explain);
        FailureReason reasons = new FailureReason(explainers);
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
