package dev.bactrian.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/** The Javas of this machine, where Debian's packages put them. */
public final class JavaHomes {

    private static final Path FOLDER = Path.of("/usr/lib/jvm");

    private JavaHomes() {}

    /** The home of the newest of at least this version. */
    public static Optional<Path> newest(int oldest) {
        if (!Files.isDirectory(FOLDER)) {
            return Optional.empty();
        }
        try (Stream<Path> homes = Files.list(FOLDER)) {
            return homes.filter(home -> version(home) >= oldest).max(Comparator.comparingInt(JavaHomes::version));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static int version(Path home) {
        try (Stream<String> lines = Files.lines(home.resolve("release"))) {
            return lines.filter(line -> line.startsWith("JAVA_VERSION="))
                    .mapToInt(line -> Integer.parseInt(line.replaceAll("\\D*(\\d+).*", "$1")))
                    .findFirst()
                    .orElse(0);
        } catch (IOException e) {
            return 0;
        }
    }
}
