package dev.bactrian.testing;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;

/** The service as it is shipped, in a process of its own: for what only the end of a process can show. */
public final class BactrianProcess implements AutoCloseable {

    private static final Path PROJECT = Path.of("").toAbsolutePath();
    private static final Duration LONGEST_START = Duration.ofSeconds(90);

    private final Process process;
    private final int port;
    private final Path output;

    private BactrianProcess(Process process, int port, Path output) {
        this.process = process;
        this.port = port;
        this.output = output;
    }

    /** Starts {@code serve} with exactly these settings, and returns when it answers. */
    public static BactrianProcess serve(Map<String, String> settings) {
        return serve(settings, List.of());
    }

    /**
     * As {@link #serve(Map)}, by way of another program.
     *
     * @param before words of a command that runs the command after it in the same process
     */
    public static BactrianProcess serve(Map<String, String> settings, List<String> before) {
        return serve(settings, before, PROJECT);
    }

    /**
     * As {@link #serve(Map)}, with routes of the test's own.
     *
     * @param folder that holds routes, sql and config
     */
    public static BactrianProcess serveFrom(Path folder, Map<String, String> settings) {
        return serve(settings, List.of(), folder);
    }

    /** As {@link #serve(Map)}, by a command of the test's own, to which only the argument is added. */
    static BactrianProcess serveBy(List<String> command, Map<String, String> settings) {
        return start(command, settings, PROJECT);
    }

    private static BactrianProcess serve(Map<String, String> settings, List<String> before, Path folder) {
        List<String> command = new ArrayList<>(before);
        command.addAll(BactrianJava.words("-Xmx256m"));
        return start(command, settings, folder);
    }

    private static BactrianProcess start(List<String> java, Map<String, String> settings, Path folder) {
        int port = BactrianService.freePort();
        List<String> command = new ArrayList<>(java);
        command.add("serve");
        try {
            Path output = TemporaryFiles.file("bactrian-process", ".log");
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile());
            Map<String, String> environment = new HashMap<>(settings);
            environment.putIfAbsent("BACKUP_API_KEY", BactrianService.API_KEY);
            environment.put("HTTP_PORT", Integer.toString(port));
            environment.put("MANAGEMENT_PORT", Integer.toString(BactrianService.freePort()));
            builder.environment().keySet().retainAll(List.of("PATH", "HOME", "LANG", "TMPDIR"));
            builder.environment().putAll(environment);
            BactrianProcess started = new BactrianProcess(builder.start(), port, output);
            started.awaitAnswer();
            return started;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void awaitAnswer() {
        try {
            Awaitility.await("the service's first answer")
                    .atMost(LONGEST_START)
                    .pollInterval(Duration.ofMillis(200))
                    .ignoreExceptions()
                    .failFast("the process ended: see " + output, () -> !process.isAlive())
                    .until(() -> send("GET", "/api/backups", null).statusCode() == 200);
        } catch (RuntimeException e) {
            process.destroyForcibly();
            throw e;
        }
    }

    public String base() {
        return "http://127.0.0.1:" + port;
    }

    private HttpResponse<String> send(String method, String path, String json) {
        return send(BactrianService.API_KEY, method, path, json);
    }

    public HttpResponse<String> send(String key, String method, String path, String json) {
        HttpRequest.BodyPublisher body =
                json == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(json);
        return BactrianService.send(HttpRequest.newBuilder(URI.create(base() + path))
                .header("Authorization", "Bearer " + key)
                .header("Content-Type", "application/json")
                .timeout(Duration.ofSeconds(30))
                .method(method, body)
                .build());
    }

    /** Asks for a backup of a database, and returns its id. */
    public String request(String database) {
        return requestBy("{\"database\":\"" + database + "\"}");
    }

    /** Asks for a backup by a whole body, and returns its id. */
    public String requestBy(String json) {
        HttpResponse<String> answer = send("POST", "/api/backups", json);
        JsonNode row = BactrianService.json(answer.body());
        if (answer.statusCode() != 202) {
            throw new AssertionError(answer.statusCode() + ": " + answer.body());
        }
        return row.get("id").asText();
    }

    /** All that it has logged so far. */
    public String log() {
        try {
            return Files.readString(output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public long pid() {
        return process.pid();
    }

    /** {@code kill -TERM}: a request to end. */
    public void terminate() {
        process.destroy();
    }

    /** {@code kill -9}: the process ends at once, and gets no chance to do anything about it. */
    public void kill() {
        process.destroyForcibly();
        awaitEnd(Duration.ofSeconds(20));
    }

    /** Waits until the process has ended by itself. */
    public void awaitEnd(Duration longest) {
        Awaitility.await("the end of the process; its output is in " + output)
                .atMost(longest)
                .until(() -> !process.isAlive());
    }

    @Override
    public void close() {
        if (process.isAlive()) {
            kill();
        }
    }
}
