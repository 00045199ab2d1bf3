package dev.bactrian.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** A program that ran to its end. */
public record Run(int exit, String out, String err) {

    /** What programs see of the tests' own environment. */
    static final Set<String> INHERITED = Set.of("PATH", "HOME", "TMPDIR", "LANG");

    private static final long LONGEST_SECONDS = 180;

    /** Bactrian's command line, in another process than the test, which sees only these settings ({@link WarmCommands}). */
    public static Run bactrian(Map<String, String> settings, String... arguments) {
        if (!WarmCommands.take(settings, List.of(arguments))) {
            return ofItsOwn(settings, arguments);
        }
        try {
            Path out = TemporaryFiles.file("out", ".txt");
            Path err = TemporaryFiles.file("err", ".txt");
            Map<String, String> environment = new HashMap<>(System.getenv());
            environment.keySet().retainAll(INHERITED);
            environment.putAll(settings);
            int exit = WarmCommands.run(environment, List.of(arguments), out, err, Duration.ofSeconds(LONGEST_SECONDS));
            return new Run(exit, Files.readString(out), Files.readString(err));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** As {@link #bactrian}, in a process that starts and ends with it, as users' do. */
    public static Run ofItsOwn(Map<String, String> settings, String... arguments) {
        return of(Path.of("."), settings, words(arguments));
    }

    /**
     * As {@link #ofItsOwn}, with routes of the test's own.
     *
     * @param folder that holds routes, sql and config
     */
    public static Run bactrianFrom(Path folder, Map<String, String> settings, String... arguments) {
        return of(folder, settings, words(arguments));
    }

    /** As {@link #ofItsOwn}, without waiting for its end. */
    public static Process start(Map<String, String> settings, String... arguments) {
        try {
            ProcessBuilder builder = new ProcessBuilder(words(arguments))
                    .redirectErrorStream(true)
                    .redirectOutput(TemporaryFiles.file("out", ".txt").toFile());
            builder.environment().keySet().retainAll(INHERITED);
            builder.environment().putAll(settings);
            return builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> words(String... arguments) {
        List<String> words = BactrianJava.words();
        words.addAll(List.of(arguments));
        return words;
    }

    /** A line of shell. */
    public static Run shell(Path folder, Map<String, String> environment, String line) {
        return of(folder, environment, List.of("bash", "-c", line));
    }

    /** A program with its arguments, which no shell sees. */
    public static Run program(List<String> words) {
        return of(Path.of("."), Map.of(), words);
    }

    private static Run of(Path folder, Map<String, String> environment, List<String> words) {
        try {
            Path out = TemporaryFiles.file("out", ".txt");
            Path err = TemporaryFiles.file("err", ".txt");
            ProcessBuilder builder = new ProcessBuilder(words)
                    .directory(folder.toFile())
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile());
            builder.environment().keySet().retainAll(INHERITED);
            environment.forEach((name, value) ->
                    builder.environment().put(name, "PATH".equals(name) ? value + ":" + System.getenv("PATH") : value));
            Process process = builder.start();
            process.getOutputStream().close();
            if (!process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("still running after " + LONGEST_SECONDS + " s: " + words);
            }
            return new Run(
                    process.exitValue(),
                    Files.readString(out, StandardCharsets.UTF_8),
                    Files.readString(err, StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
