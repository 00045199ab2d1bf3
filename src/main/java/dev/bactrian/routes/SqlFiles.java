package dev.bactrian.routes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Finds a query that has moved to another folder of {@code sql/}. */
final class SqlFiles {

    private static final Path FOLDER = Path.of("sql");

    private SqlFiles() {}

    /** Files of that name; empty when there is none. */
    static String named(String name) {
        if (!Files.isDirectory(FOLDER)) {
            return "";
        }
        try (Stream<Path> files = Files.walk(FOLDER)) {
            return files.filter(file -> name.equals(String.valueOf(file.getFileName())))
                    .map(Path::toString)
                    .sorted()
                    .collect(Collectors.joining(" or "));
        } catch (IOException e) {
            throw new UncheckedIOException("The folder sql/ can't be read", e);
        }
    }
}
