package dev.bactrian.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.bactrian.app.App;
import dev.bactrian.app.Mode;
import dev.bactrian.archive.Manifest;
import dev.bactrian.archive.ManifestJson;
import dev.bactrian.config.SettingSource;
import dev.bactrian.config.Settings;
import dev.bactrian.config.SettingsReader;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import dev.bactrian.testing.stores.TestStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** The whole service in this process: the routes as shipped, on real servers. */
public final class BactrianService implements AutoCloseable {

    public static final String API_KEY = "an-api-key-for-tests-0123456789";

    /** What a service shows itself open to restores with, where a test sets RESTORE_API_KEY to it. */
    public static final String RESTORE_KEY = "a-restore-key-for-tests-9876543210";

    /** Below those that systems give away by themselves. */
    private static final int PORTS = 20_000;

    private static final int FIRST_PORT = 12_000;
    private static final AtomicInteger NEXT_PORT =
            new AtomicInteger(ThreadLocalRandom.current().nextInt(PORTS));

    private static final HttpClient HTTP =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private static final ObjectMapper JSON = new ObjectMapper();

    private final App app;
    private final int port;
    private final int managementPort;
    private final Path workDir;

    private BactrianService(App app, int port, int managementPort, Path workDir) {
        this.app = app;
        this.port = port;
        this.managementPort = managementPort;
        this.workDir = workDir;
    }

    /** Starts it for one database, with its history in another. */
    public static BactrianService start(String databaseUrl, TestDatabase control, TestStore store) {
        return start(Map.of("DATABASE_URL", databaseUrl), control, store);
    }

    /** Starts it with settings of the test's own on top of the usual. */
    public static BactrianService start(Map<String, String> own, TestDatabase control, TestStore store) {
        int port = own.containsKey("HTTP_PORT") ? Integer.parseInt(own.get("HTTP_PORT")) : freePort();
        int managementPort = freePort();
        Map<String, String> settings = new HashMap<>(Map.of(
                "CONTROL_DATABASE_URL", control.url(),
                "BACKUP_API_KEY", API_KEY,
                "HTTP_PORT", Integer.toString(port),
                "MANAGEMENT_PORT", Integer.toString(managementPort),
                "WORK_DIR", temporaryFolder().toString(),
                "PG_BIN", pg17().toString(),
                "SHUTDOWN_GRACE", "1s"));
        settings.putAll(store.settings());
        settings.putAll(own);
        Settings read = new SettingsReader(SettingSource.of(settings), true).read(true);
        try {
            App app = new App(read, Mode.SERVICE);
            app.start();
            return new BactrianService(app, port, managementPort, read.workDir());
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** Backs one database of a server up, by a service of its own, and returns the archive's key. */
    public static String backUp(PostgresServer server, TestDatabase source, TestStore store) {
        try (BactrianService service = start(server.settings(source), server.createDatabase(), store)) {
            return service.goodBackUp().path("s3_key").asText();
        }
    }

    /** The folder of the PostgreSQL 17 client that the build fetches. */
    public static Path pg17() {
        return client(17);
    }

    public static Path client(int major) {
        return Path.of(System.getProperty("bactrian.pg" + major + ".bin", ".cache/postgresql-" + major + "/bin"))
                .toAbsolutePath();
    }

    public static Path temporaryFolder() {
        return TemporaryFiles.folder("bactrian-test");
    }

    /** One that nobody listens on now, nor, most likely, another JVM of tests until then: each begins somewhere else. */
    public static int freePort() {
        while (true) {
            int port = FIRST_PORT + NEXT_PORT.getAndIncrement() % PORTS;
            try (ServerSocket socket = new ServerSocket(port)) {
                return socket.getLocalPort();
            } catch (IOException e) {
                // Somebody's.
            }
        }
    }

    public App app() {
        return app;
    }

    public String base() {
        return "http://127.0.0.1:" + port;
    }

    public String management() {
        return "http://127.0.0.1:" + managementPort;
    }

    /** Sends a request with the API key. */
    public HttpResponse<String> send(String method, String path, String json) {
        return send(API_KEY, method, path, json);
    }

    public HttpResponse<String> send(String key, String method, String path, String json) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base() + path))
                .header("Authorization", "Bearer " + key)
                .timeout(Duration.ofSeconds(30));
        if (json == null) {
            request.method(method, HttpRequest.BodyPublishers.noBody());
        } else {
            request.header("Content-Type", "application/json")
                    .method(method, HttpRequest.BodyPublishers.ofString(json));
        }
        return send(request.build());
    }

    public static HttpResponse<String> send(HttpRequest request) {
        try {
            return HTTP.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    public static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Asks for a backup, and returns its id. */
    public String request(String json) {
        HttpResponse<String> answer = send("POST", "/api/backups", json);
        if (answer.statusCode() != 202) {
            throw new AssertionError(answer.statusCode() + ": " + answer.body());
        }
        return json(answer.body()).get("id").asText();
    }

    public JsonNode backup(String id) {
        return json(send("GET", "/api/backups/" + id, null).body());
    }

    /** Waits until a backup has ended, and returns its row. */
    public JsonNode awaitEnd(String id) {
        return awaitEnd(id, Duration.ofSeconds(90));
    }

    public JsonNode awaitEnd(String id, Duration longest) {
        return Awaitility.await("the end of backup " + id)
                .atMost(longest)
                .pollInterval(Duration.ofMillis(200))
                .until(() -> backup(id), row -> !"in_progress"
                        .equals(row.path("status").asText()));
    }

    /** Asks for a restore, waits until it has ended, and returns its row. */
    public JsonNode restored(String json) {
        HttpResponse<String> answer = send(RESTORE_KEY, "POST", "/api/restores", json);
        if (answer.statusCode() != 202) {
            throw new AssertionError(answer.statusCode() + ": " + answer.body());
        }
        return awaitRestore(json(answer.body()).path("id").asText());
    }

    public JsonNode restore(String id) {
        return json(send("GET", "/api/restores/" + id, null).body());
    }

    /** Waits until a restore or a verification has ended, and returns its row. */
    public JsonNode awaitRestore(String id) {
        return Awaitility.await("the end of restore " + id)
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(100))
                .until(() -> restore(id), row -> !"in_progress"
                        .equals(row.path("status").asText()));
    }

    /** Makes a backup of the database {@code default}, and returns its row when it has ended. */
    public JsonNode backUp() {
        return awaitEnd(request("{}"));
    }

    /** As {@link #backUp}, for tests that begin where a good backup is: another ends the test. */
    public JsonNode goodBackUp() {
        JsonNode row = backUp();
        if (!"success".equals(row.path("status").asText())) {
            throw new AssertionError(row);
        }
        return row;
    }

    public Manifest manifest(String id) {
        try {
            return ManifestJson.mapper()
                    .readValue(
                            send("GET", "/api/backups/" + id + "/manifest", null)
                                    .body(),
                            Manifest.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What lies in the work folder beside the process's own lock: nothing while no backup runs. */
    public List<Path> workFiles() {
        try (Stream<Path> files = Files.walk(workDir)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> !file.endsWith("lock"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            app.close();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
