package dev.bactrian.postgres.program;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Installs PostgreSQL's client programs on Debian and Ubuntu, where this user may. For the demonstration alone. */
public final class PgToolsInstaller {

    /** What a person runs instead. */
    public static final String COMMAND = "sudo apt-get install postgresql-client";

    private static final String CLIENT = "postgresql-client";

    private static final Path APT = Path.of("/usr/bin/apt-get");

    private PgToolsInstaller() {}

    /** Tries it, showing apt's output; false when it can't be done without asking anybody. */
    public static boolean install() throws InterruptedException {
        if (!Files.isExecutable(APT)) {
            return false;
        }
        List<String> prefix = "root".equals(System.getProperty("user.name")) ? List.of() : List.of("sudo", "-n");
        if (!prefix.isEmpty() && !succeeds(List.of("sudo", "-n", "true"))) {
            return false;
        }
        // Package lists may be old or missing: the second try comes with new ones.
        return succeeds(install(prefix)) || succeeds(words(prefix, "update")) && succeeds(install(prefix));
    }

    private static List<String> install(List<String> prefix) {
        return words(prefix, "install", "--no-install-recommends", CLIENT);
    }

    private static List<String> words(List<String> prefix, String... arguments) {
        List<String> words = new ArrayList<>(prefix);
        words.addAll(List.of("env", "DEBIAN_FRONTEND=noninteractive", APT.toString(), "-q", "-y"));
        words.addAll(List.of(arguments));
        return words;
    }

    private static boolean succeeds(List<String> command) throws InterruptedException {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            process.getOutputStream().close();
            return process.waitFor() == 0;
        } catch (IOException e) {
            return false;
        }
    }
}
