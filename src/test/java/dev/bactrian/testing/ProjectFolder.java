package dev.bactrian.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** A folder as a user has it, with routes, sql and config of its own to edit. */
public final class ProjectFolder {

    private static final Path PROJECT = Path.of("").toAbsolutePath();

    private static final String HOLD = "        - filter:\n            simple: \"%s\"\n"
            + "            steps:\n              - delay: { constant: \"3600000\" }\n";

    private ProjectFolder() {}

    /** A step for the steps of a route that stands still where a condition holds. */
    public static String hold(String condition) {
        return HOLD.formatted(condition);
    }

    /** Puts such a step behind the step of one line that begins so. */
    public static void holdAfter(Path file, String step, String condition) {
        edit(file, text -> {
            int end = text.indexOf('\n', text.indexOf("        - " + step));
            return text.substring(0, end + 1) + hold(condition) + text.substring(end + 1);
        });
    }

    /** Copies the project's into a folder. */
    public static void copyTo(Path folder) {
        try {
            for (String name : List.of("routes", "sql", "config")) {
                try (Stream<Path> files = Files.walk(PROJECT.resolve(name))) {
                    for (Path file : files.toList()) {
                        Files.copy(file, folder.resolve(PROJECT.relativize(file)));
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Edits a file, which must change by it. */
    public static void edit(Path file, UnaryOperator<String> edit) {
        try {
            String before = Files.readString(file);
            String after = edit.apply(before);
            if (after.equals(before)) {
                throw new AssertionError("nothing to edit in " + file);
            }
            Files.writeString(file, after);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
