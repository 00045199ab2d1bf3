package dev.bactrian.config;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The route files of this installation. */
public final class RouteFiles {

    public static final Path FOLDER = Path.of("routes");
    public static final String ENDING = ".camel.yaml";

    private RouteFiles() {}

    /**
     * Every file of {@code routes/} and its folders, in the order of their names. Hidden folders are left out: where Kubernetes
     * mounts a ConfigMap, one holds each file a second time.
     */
    public static List<Path> all() {
        try (Stream<Path> found = Files.walk(FOLDER)) {
            return found.filter(
                            path -> path.toString().endsWith(ENDING) && !isHidden(path) && Files.isRegularFile(path))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("The folder routes/ can't be read. Start Bactrian with its launcher", e);
        }
    }

    private static boolean isHidden(Path path) {
        for (Path part : path) {
            if (part.toString().startsWith(".")) {
                return true;
            }
        }
        return false;
    }
}
