package dev.bactrian.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.commons.io.FileUtils;

/**
 * A backup and a restore of the demo's sample, each by the launcher, which keeps what it loads of classes: later ones start
 * faster. In a folder without a configuration, and with nothing of the environment but what a program needs: no sample may reach
 * anybody's store or monitoring.
 */
final class Rehearsal {

    private static final List<List<String>> COMMANDS = List.of(
            List.of("./bactrian", "backup"),
            List.of("./bactrian", "restore", "latest", "--to", "default", "--create-database", "rehearsed"));
    private static final Set<String> INHERITED = Set.of(
            "PATH", "HOME", "TMPDIR", "LANG", "LC_ALL", "USER", "JAVA_HOME", "BACTRIAN_JAVA", "BACTRIAN_JAVA_OPTS");
    private static final long LONGEST_SECONDS = 120;

    private final Path folder;

    /** @param folder an empty one */
    Rehearsal(Path folder) {
        this.folder = folder;
    }

    /**
     * Runs both.
     *
     * @param settings the demo's
     * @return the exit code of the first that failed, or 0
     */
    int run(Map<String, String> settings) throws IOException, InterruptedException {
        copyProject();
        for (List<String> command : COMMANDS) {
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .inheritIO()
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD);
            builder.environment().keySet().retainAll(INHERITED);
            builder.environment().putAll(settings);
            builder.environment().put("BACTRIAN_INSTALL", "no");
            int exit = exit(builder.start());
            if (exit != 0) {
                return exit;
            }
        }
        return 0;
    }

    /** The routes below folders alone: what lies directly in routes/ is somebody's own. */
    private void copyProject() throws IOException {
        if (!Files.exists(Path.of("routes/store/s3.camel.yaml"))) {
            throw new IOException("The routes store elsewhere than in S3");
        }
        FileUtils.copyFileToDirectory(Path.of("bactrian").toFile(), folder.toFile());
        FileUtils.copyDirectory(Path.of("sql").toFile(), folder.resolve("sql").toFile());
        FileUtils.copyDirectory(
                Path.of("routes").toFile(),
                folder.resolve("routes").toFile(),
                file -> file.isDirectory()
                        || !Path.of("routes").equals(file.toPath().getParent())
                        || file.getName().equals("errors.camel.yaml"));
        Files.createSymbolicLink(folder.resolve("target"), Path.of("target").toAbsolutePath());
    }

    private static int exit(Process process) throws InterruptedException {
        try {
            return process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS) ? process.exitValue() : BactrianCommand.FAILED;
        } finally {
            process.destroy();
        }
    }
}
