package dev.bactrian.notify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.ProjectFolder;
import dev.bactrian.testing.Run;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.stores.TestStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A component of Camel's that isn't shipped works as soon as its jar lies in lib/ext, by the launcher as shipped. */
class LibExtIT {

    private static final Path PROJECT = Path.of("").toAbsolutePath();
    private static final String PIGEON =
            """
            package loft;
            import java.nio.file.*;
            import java.util.Map;
            import org.apache.camel.Endpoint;
            import org.apache.camel.support.*;
            public class Pigeon extends DefaultComponent {
                @Override
                protected Endpoint createEndpoint(String uri, String rest, Map<String, Object> parameters) {
                    return new ProcessorEndpoint(uri, this, exchange -> Files.writeString(
                            Path.of(rest), exchange.getMessage().getHeader("Subject") + "; "
                                    + exchange.getMessage().getBody(String.class)));
                }
            }
            """;

    @TempDir
    private Path folder;

    @Test
    void whatLiesInLibExtTells() throws IOException {
        ProjectFolder.copyTo(folder);
        Files.copy(PROJECT.resolve("bactrian"), folder.resolve("bactrian"));
        assertThat(folder.resolve("bactrian").toFile().setExecutable(true)).isTrue();
        Files.createSymbolicLink(folder.resolve("target"), PROJECT.resolve("target"));
        try (TestStore store = TestStore.start()) {
            Map<String, String> settings = new HashMap<>(store.settings());
            settings.put("BACTRIAN_INSTALL", "no");
            settings.putAll(Map.of(
                    "DATABASE_URL", PostgresServer.V15.createDatabase().url(),
                    "CONTROL_DATABASE_URL", PostgresServer.V15.createDatabase().url(),
                    "PG_BIN", BactrianService.pg17().toString(),
                    "BACTRIAN_JAVA", System.getProperty("java.home"),
                    "NOTIFY_SUCCESS", "pigeon:message.txt"));
            Run without = Run.shell(folder, settings, "./bactrian backup");
            assertThat(without.exit()).isEqualTo(2);
            assertThat(without.err()).contains("pigeon:", "lib/ext");

            jar(Files.createDirectories(folder.resolve("lib/ext")).resolve("pigeon.jar"));
            Run with = Run.shell(folder, settings, "./bactrian backup");

            assertThat(with.exit()).as(with.err()).isZero();
            assertThat(folder.resolve("message.txt"))
                    .content()
                    .startsWith("Backup of default succeeded; Backup of default succeeded.\n")
                    .contains("Archive: backups/archive/");
        }
    }

    private void jar(Path file) throws IOException {
        Path source = Files.createDirectories(folder.resolve("loft")).resolve("Pigeon.java");
        Files.writeString(source, PIGEON);
        int result = ToolProvider.getSystemJavaCompiler()
                .run(null, null, null, "-cp", System.getProperty("java.class.path"), "-proc:none", source.toString());
        assertThat(result).isZero();
        try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(file))) {
            jar.putNextEntry(new JarEntry("loft/Pigeon.class"));
            jar.write(Files.readAllBytes(source.resolveSibling("Pigeon.class")));
            jar.putNextEntry(new JarEntry("META-INF/services/org/apache/camel/component/pigeon"));
            jar.write("class=loft.Pigeon\n".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        }
    }
}
