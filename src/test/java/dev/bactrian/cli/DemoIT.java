package dev.bactrian.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.bactrian.testing.BactrianJava;
import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.Run;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** The first thing that anybody tries: the launcher's demo, and the very lines it prints. */
class DemoIT {

    private final Path data = BactrianService.temporaryFolder();
    private final Path output = data.resolve("output.txt");
    private final int[] ports = {
        BactrianService.freePort(), BactrianService.freePort(), BactrianService.freePort(), BactrianService.freePort()
    };

    @Test
    void thePrintedCurlLineMakesABackupAndCtrlCStopsEverything() throws Exception {
        Process demo = start();
        try {
            awaitReady(demo);
            assertThat(lines().takeWhile(line -> !line.contains("Bactrian is ready")))
                    .as("what is told of the start can be read at a glance")
                    .hasSizeLessThan(15);
            String curl = lines().filter(line -> line.contains("curl -X POST"))
                    .findFirst()
                    .orElseThrow();
            String list = lines().filter(line -> line.contains("/api/backups -H") && !line.contains("POST"))
                    .findFirst()
                    .orElseThrow();
            Run request = Run.shell(
                    Path.of("."),
                    Map.of(),
                    "curl -sS --fail-with-body" + curl.strip().substring(4));
            assertThat(request.exit()).as(request.out() + request.err()).isZero();
            String id = BactrianService.json(request.out()).path("id").asText();

            JsonNode row = Awaitility.await()
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> find(list, id), found -> !"in_progress"
                            .equals(found.path("status").asText()));
            assertThat(row.path("status").asText()).as(row.toString()).isEqualTo("success");
            Path folder = Path.of(lines().filter(line -> line.strip().endsWith("/backups/archive/"))
                    .findFirst()
                    .orElseThrow()
                    .strip());
            Path archive =
                    folder.getParent().getParent().resolve(row.path("s3_key").asText());
            assertThat(Run.shell(folder, Map.of(), "unzip -tq '" + archive + "'")
                            .exit())
                    .isZero();
            String manifest = Files.readString(archive.resolveSibling("manifest.json"));
            JsonNode files = BactrianService.json(manifest).path("supabase").path("storage");
            assertThat(files.path("objects").asInt()).as(manifest).isBetween(300, 600);
            assertThat(files.path("skew").asInt()).isZero();
            assertThat(Run.shell(
                                    folder,
                                    Map.of(),
                                    "unzip -p '" + archive + "' 'storage/avatars/*/avatar.png' | head -c 4 | tail -c 3")
                            .out())
                    .contains("PNG");

            Run second = Run.shell(Path.of("."), Map.of(), String.join(" ", command()));
            assertThat(second.exit()).isNotZero();
            assertThat(second.err()).contains("running").contains(data.toString());
            Run other = Run.shell(
                    Path.of("."), Map.of(), String.join(" ", command()).replace(data.toString(), data + "-other"));
            assertThat(other.exit()).isEqualTo(2);
            assertThat(other.err()).contains("Port " + ports[0]).contains("--http-port");
        } finally {
            Run.shell(Path.of("."), Map.of(), "kill -INT " + demo.pid());
        }
        assertThat(demo.waitFor(30, TimeUnit.SECONDS)).isTrue();
        for (int port : ports) {
            assertThat(isOpen(port)).as("port " + port + " is free again").isFalse();
        }
    }

    @Test
    void aKilledDemoStartsAgain() throws Exception {
        Process first = start();
        awaitReady(first);
        first.destroyForcibly().waitFor();

        Process again = start();
        try {
            awaitReady(again);
        } finally {
            again.destroy();
        }
        assertThat(again.waitFor(30, TimeUnit.SECONDS)).isTrue();
    }

    private List<String> command() {
        return List.of(
                "./bactrian",
                "demo",
                "--data",
                data.toString(),
                "--http-port",
                "" + ports[0],
                "--management-port",
                "" + ports[1],
                "--postgres-port",
                "" + ports[2],
                "--s3-port",
                "" + ports[3]);
    }

    private Process start() throws IOException {
        Files.deleteIfExists(output);
        ProcessBuilder builder =
                new ProcessBuilder(command()).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().put("BACTRIAN_JAVA_OPTS", String.join(" ", BactrianJava.options()));
        builder.environment().put("BACTRIAN_INSTALL", "no");
        // Settings of a real installation, which the demo must not touch.
        builder.environment()
                .putAll(Map.of(
                        "DATABASE_URL", "postgresql://real:secret@127.0.0.1:1/real",
                        "S3_BUCKET", "real-bucket",
                        "S3_PREFIX", "real"));
        return builder.start();
    }

    private void awaitReady(Process demo) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(120))
                .until(() -> !demo.isAlive() || lines().anyMatch(line -> line.contains("Bactrian is ready")));
        assertThat(demo.isAlive()).as(() -> String.join("\n", lines().toList())).isTrue();
    }

    private Stream<String> lines() {
        try {
            return Files.readAllLines(output).stream();
        } catch (IOException e) {
            return Stream.of();
        }
    }

    private static JsonNode find(String curl, String id) {
        Run list = Run.shell(Path.of("."), Map.of(), "curl -sS" + curl.strip().substring(4));
        for (JsonNode row : BactrianService.json(list.out()).path("backups")) {
            if (row.path("id").asText().equals(id)) {
                return row;
            }
        }
        throw new AssertionError("not listed: " + id);
    }

    private static boolean isOpen(int port) {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }
}
