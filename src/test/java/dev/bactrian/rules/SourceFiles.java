package dev.bactrian.rules;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The files of this project, for the rules that read them. */
final class SourceFiles {

    private SourceFiles() {}

    static List<Path> routeFiles() {
        return files("routes", ".camel.yaml");
    }

    static String all(List<Path> files) {
        StringBuilder text = new StringBuilder();
        files.forEach(file -> text.append(text(file)).append('\n'));
        return text.toString();
    }

    static List<Path> files(String folder, String end) {
        return walk(folder, path -> Files.isRegularFile(path) && path.toString().endsWith(end));
    }

    static List<Path> folders(String folder) {
        return walk(folder, Files::isDirectory);
    }

    static List<Path> walk(String folder, java.util.function.Predicate<Path> wanted) {
        try (Stream<Path> found = Files.walk(Path.of(folder))) {
            return found.filter(wanted).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<String> lines(Path file) {
        return text(file).lines().toList();
    }

    static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
