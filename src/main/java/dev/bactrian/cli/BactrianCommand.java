package dev.bactrian.cli;

import dev.bactrian.postgres.DatabaseErrors;
import dev.bactrian.problem.ConfigurationException;
import dev.bactrian.problem.ErrorTranslators;
import dev.bactrian.problem.ProblemException;
import dev.bactrian.run.WorkFolder;
import dev.bactrian.support.PrintableWriter;
import dev.bactrian.support.Version;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The command {@code bactrian}. */
@Command(
        name = "bactrian",
        description = "Backs up PostgreSQL and Supabase databases to S3, and restores them.",
        mixinStandardHelpOptions = true,
        versionProvider = BactrianCommand.VersionText.class,
        synopsisSubcommandLabel = "COMMAND",
        footerHeading = "%nExit codes:%n",
        footer = {
            "  0  success",
            "  1  the backup, restore, verification or check failed",
            "  2  wrong usage or configuration",
            "  3  backups are disabled; or parts of a restore or an import are missing, and are listed",
            "",
            "Settings come from the environment and config/application.properties, which lists them all.",
            "To try it out: ./bactrian demo"
        },
        subcommands = {
            ServeCommand.class,
            BackupCommand.class,
            RestoreCommand.class,
            ImportUsersCommand.class,
            VerifyCommand.class,
            UnpackCommand.class,
            ListCommand.class,
            PruneCommand.class,
            CheckCommand.class,
            DemoCommand.class
        })
public final class BactrianCommand implements Runnable {

    static final int FAILED = 1;
    static final int CONFIGURATION = 2;
    static final int DISABLED = 3;

    @Spec
    private CommandSpec spec;

    /** Runs a command line, and returns its exit code. */
    public static int execute(String... arguments) {
        CommandLine command = new CommandLine(new BactrianCommand());
        return command.setOut(new PrintableWriter(command.getOut()))
                .setErr(new PrintableWriter(command.getErr()))
                .setParameterExceptionHandler((failure, given) -> refuse(failure))
                .setExecutionExceptionHandler((failure, of, parsed) -> report(failure, of))
                .execute(arguments);
    }

    /** As picocli does it, in one line: arguments are shown that may come from anywhere. */
    private static int refuse(CommandLine.ParameterException failure) {
        CommandLine command = failure.getCommandLine();
        command.getErr().println(String.valueOf(failure.getMessage()));
        if (!CommandLine.UnmatchedArgumentException.printSuggestions(failure, command.getErr())) {
            command.usage(command.getErr(), command.getColorScheme());
        }
        return command.getCommandSpec().exitCodeOnInvalidInput();
    }

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "No command was given.");
    }

    private static int report(Exception failure, CommandLine command) {
        if (failure instanceof ConfigurationException configuration) {
            command.getErr()
                    .println("The configuration has " + configuration.errors().size() + " error"
                            + (configuration.errors().size() == 1 ? ":" : "s:"));
            configuration.errors().forEach(error -> command.getErr().println("  - " + error));
            return CONFIGURATION;
        }
        if (failure instanceof ProblemException known) {
            command.getErr().println(known.problem().text());
            return FAILED;
        }
        command.getErr()
                .println(new ErrorTranslators(List.of(new DatabaseErrors(), WorkFolder::explain))
                        .known(failure)
                        .map(problem -> problem.cause() + " " + problem.remedy())
                        .orElseGet(() -> "Bactrian could not continue: " + ErrorTranslators.innermost(failure)));
        return FAILED;
    }

    /** What {@code --version} prints. */
    static final class VersionText implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"Bactrian " + Version.text()};
        }
    }
}
