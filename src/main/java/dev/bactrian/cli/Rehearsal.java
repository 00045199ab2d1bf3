package dev.bactrian.cli;

import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * A backup and a restore of the demo's sample, each by the launcher, which keeps what it loads of classes: later ones start
 * faster. For the image, and where Bactrian has just been built.
 */
final class Rehearsal {

    private static final List<List<String>> COMMANDS = List.of(
            List.of("./bactrian", "backup"),
            List.of("./bactrian", "restore", "latest", "--to", "default", "--create-database", "rehearsed"));

    private Rehearsal() {}

    /**
     * Runs both.
     *
     * @param settings the demo's
     * @return the exit code of the first that failed, or 0
     */
    static int run(Map<String, String> settings) throws IOException, InterruptedException {
        for (List<String> command : COMMANDS) {
            ProcessBuilder builder =
                    new ProcessBuilder(command).inheritIO().redirectOutput(ProcessBuilder.Redirect.DISCARD);
            builder.environment().putAll(settings);
            int exit = builder.start().waitFor();
            if (exit != 0) {
                return exit;
            }
        }
        return 0;
    }
}
