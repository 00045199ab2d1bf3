package dev.bactrian.testing;

import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.stores.TestStore;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The Java that tests start Bactrian's processes by. Their start is most of what these processes do, so it is made cheap:
 * by one compiler, one collector, and an archive of the classes that all of them load, which the first test that needs it
 * makes for all JVMs of the build.
 */
public final class BactrianJava {

    private static final Path PROJECT = Path.of("").toAbsolutePath();
    private static final Path JAR = PROJECT.resolve("target/bactrian.jar");
    private static final Path CLASSES = PROJECT.resolve("target/test-processes.jsa");
    private static final Duration LONGEST_END = Duration.ofSeconds(180);
    private static final List<String> LIGHT = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

    private BactrianJava() {}

    /** Words of a command that runs Bactrian in any folder; its arguments come behind them. */
    public static List<String> words(String... more) {
        return command(options(), List.of(more));
    }

    /**
     * As {@link #words}, for a class of the tests' own.
     *
     * @param more a folder of classes, behind Bactrian's own on the class path
     */
    static List<String> wordsOf(String main, Path more, String... options) {
        List<String> words = words(options);
        words.set(words.size() - 1, main);
        words.set(words.size() - 2, words.get(words.size() - 2) + File.pathSeparator + more);
        return words;
    }

    /** Options for a Java of this build's version, whose class path begins with the jar and then target/lib. */
    public static List<String> options() {
        List<String> options = new ArrayList<>(LIGHT);
        if (archived()) {
            // An archive that doesn't fit is passed over; what Java says of it would stand among Bactrian's output.
            options.addAll(List.of("-Xshare:auto", "-XX:SharedArchiveFile=" + CLASSES, "-Xlog:disable"));
        }
        return options;
    }

    private static List<String> command(List<String> options, List<String> more) {
        List<String> words = new ArrayList<>();
        words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        words.addAll(options);
        words.addAll(more);
        words.addAll(
                List.of("-cp", JAR + File.pathSeparator + PROJECT.resolve("target/lib") + "/*", "dev.bactrian.Main"));
        return words;
    }

    private static synchronized boolean archived() {
        try (FileChannel lock = FileChannel.open(
                        Path.of(CLASSES + ".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                var held = lock.lock()) {
            if (!Files.exists(CLASSES) || isOlder(CLASSES, JAR)) {
                archive();
            }
            return Files.exists(CLASSES);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isOlder(Path file, Path other) throws IOException {
        return Files.getLastModifiedTime(file).compareTo(Files.getLastModifiedTime(other)) < 0;
    }

    /** What a service loads that makes one backup is nearly all that any process loads. */
    private static void archive() throws IOException {
        Path part = Path.of(CLASSES + ".part");
        Files.deleteIfExists(part);
        List<String> options = new ArrayList<>(LIGHT);
        options.addAll(List.of("-Xlog:disable", "-XX:ArchiveClassesAtExit=" + part));
        try (TestStore store = TestStore.start()) {
            Map<String, String> settings = new HashMap<>(store.settings());
            settings.putAll(Map.of(
                    "DATABASE_URL",
                    PostgresServer.V17
                            .createDatabase()
                            .run("CREATE TABLE t AS SELECT 1 AS a")
                            .url(),
                    "CONTROL_DATABASE_URL",
                    PostgresServer.V17.createDatabase().url(),
                    "WORK_DIR",
                    BactrianService.temporaryFolder().toString(),
                    "PG_BIN",
                    BactrianService.pg17().toString()));
            try (BactrianProcess process = BactrianProcess.serveBy(command(options, List.of()), settings)) {
                process.request("default");
                process.terminate(); // which lets the backup end
                process.awaitEnd(LONGEST_END);
            }
        }
        if (Files.exists(part)) {
            Files.move(part, CLASSES, StandardCopyOption.ATOMIC_MOVE);
        }
    }
}
