package dev.bactrian.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.JavaHomes;
import dev.bactrian.testing.ProjectFolder;
import dev.bactrian.testing.Run;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.stores.TestStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher keeps what the first backup loaded of classes, and the next one starts with it. */
class LauncherIT {

    private static final int FIRST_WITH_AOT_CACHE = 25;
    private static final Path PROJECT = Path.of("").toAbsolutePath();

    @TempDir
    private Path folder;

    @Test
    void aBackupMakesTheFileOfClassesAndTheNextOneTakesIt() throws IOException {
        Path java = JavaHomes.newest(FIRST_WITH_AOT_CACHE).orElse(null);
        Assumptions.assumeTrue(java != null, "there is no Java " + FIRST_WITH_AOT_CACHE + " or newer here");
        install();
        try (TestStore store = TestStore.start()) {
            Map<String, String> settings = new HashMap<>(store.settings());
            settings.putAll(Map.of(
                    "DATABASE_URL", PostgresServer.V15.createDatabase().url(),
                    "CONTROL_DATABASE_URL", PostgresServer.V15.createDatabase().url(),
                    "PG_BIN", BactrianService.pg17().toString(),
                    "BACTRIAN_JAVA", java.toString(),
                    "BACTRIAN_INSTALL", "no"));

            Run first = Run.shell(folder, settings, "./bactrian backup --json");

            assertThat(first.exit()).as(first.err()).isZero();
            // Nothing of what Java prints when it makes the file.
            assertThat(new ObjectMapper().readTree(first.out()).path("status").asText())
                    .isEqualTo("success");
            assertThat(first.err()).isEmpty();
            List<Path> files = kept();
            assertThat(files).singleElement().asString().endsWith(".aot");

            settings.put("BACTRIAN_JAVA_OPTS", "-Xlog:class+load:file=loaded.log");
            FileTime made = Files.getLastModifiedTime(files.get(0));
            Run second = Run.shell(folder, settings, "./bactrian backup");

            assertThat(second.exit()).as(second.err()).isZero();
            assertThat(Files.getLastModifiedTime(files.get(0))).isEqualTo(made);
            assertThat(loaded("dev.bactrian.cli.BackupCommand ")).contains("source: shared objects file");
            // Whose jar's signature would be checked.
            assertThat(folder.resolve("loaded.log")).content().doesNotContain("org.bouncycastle.");

            settings.put("BACTRIAN_JAVA_OPTS", "-Xshare:off -Xlog:class+load:file=loaded.log");
            assertThat(Run.shell(folder, settings, "./bactrian backup").exit()).isZero();
            assertThat(loaded("dev.bactrian.cli.BackupCommand ")).contains("bactrian.jar");

            settings.remove("BACTRIAN_JAVA_OPTS");
            Files.setLastModifiedTime(files.get(0), FileTime.fromMillis(0));
            assertThat(Run.shell(folder, settings, "./bactrian backup").exit()).isZero();
            assertThat(Files.getLastModifiedTime(files.get(0)))
                    .as("that of an older jar is made again")
                    .isGreaterThan(made);
        }
    }

    /** As a user has it, with a folder that the launcher may write to. */
    private void install() throws IOException {
        ProjectFolder.copyTo(folder);
        Files.copy(PROJECT.resolve("bactrian"), folder.resolve("bactrian"));
        assertThat(folder.resolve("bactrian").toFile().setExecutable(true)).isTrue();
        Path target = Files.createDirectories(folder.resolve("target"));
        for (String name : List.of("bactrian.jar", "lib")) {
            Files.createSymbolicLink(
                    target.resolve(name), PROJECT.resolve("target").resolve(name));
        }
    }

    private List<Path> kept() throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("target"))) {
            return files.filter(file -> String.valueOf(file.getFileName()).startsWith("classes-"))
                    .toList();
        }
    }

    private String loaded(String name) throws IOException {
        try (Stream<String> lines = Files.lines(folder.resolve("loaded.log"))) {
            return lines.filter(line -> line.contains(" " + name)).findFirst().orElse("");
        }
    }
}
