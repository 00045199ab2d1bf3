package dev.bactrian.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;

/** Files of the tests of one JVM, all below one folder, which goes with it. */
public final class TemporaryFiles {

    private static final Deque<Runnable> USERS = new ConcurrentLinkedDeque<>();
    private static final Path ROOT = root();

    private TemporaryFiles() {}

    /** A new, empty folder. */
    public static Path folder(String prefix) {
        try {
            return Files.createTempDirectory(ROOT, prefix);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A new, empty file. */
    public static Path file(String prefix, String suffix) {
        try {
            return Files.createTempFile(ROOT, prefix, suffix);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends something that works on these files, when the tests have ended and before the files are deleted. */
    public static void beforeTheirEnd(Runnable end) {
        USERS.addFirst(end);
    }

    private static Path root() {
        try {
            Path root = Files.createTempDirectory("bactrian-tests");
            // Servers and programs that run as other users have files there, too.
            root.toFile().setExecutable(true, false);
            root.toFile().setReadable(true, false);
            Runtime.getRuntime().addShutdownHook(new Thread(TemporaryFiles::end));
            return root;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Hundreds of databases are tens of thousands of files: nobody waits until they are gone. */
    private static void end() {
        USERS.forEach(Runnable::run);
        try {
            new ProcessBuilder("rm", "-rf", ROOT.toString())
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
