package dev.bactrian.http.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.OtherNode;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import dev.bactrian.testing.stores.TestStore;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;

/**
 * Cases of the HTTP API, all on the one service that {@link ApiIT} starts: what it holds, and how it is called. A refused
 * request gets a problem that says what to do, and leaves no row.
 */
abstract class ApiCases {

    static final String BACKUPS = "/api/backups";
    static final String KEY = "Bearer " + BactrianService.API_KEY;
    static final String UNKNOWN = "00000000-0000-0000-0000-000000000000";
    static final String FAILED = "11111111-1111-4111-8111-111111111111";
    static final String FORM = "application/x-www-form-urlencoded";

    static TestDatabase database;
    static TestDatabase control;
    static TestStore store;
    static BactrianService service;
    static OtherNode otherNode;
    static JsonNode good;

    /** Starts what all cases share. */
    static void start() {
        database = PostgresServer.V17
                .createDatabase()
                .run("CREATE TABLE t AS SELECT g, md5(g::text) FROM generate_series(1, 1000) g");
        control = PostgresServer.V17.createDatabase();
        store = TestStore.start();
        service = BactrianService.start(
                Map.of("DATABASE_URL", database.url(), "DATABASE_URL_BILLING", database.url(), "CORS_ORIGINS", "*"),
                control,
                store);
        good = service.backUp();
        // Running elsewhere, these keep whatever the tests ask for in the queue.
        for (String held : List.of("default", "billing")) {
            control.run("INSERT INTO backup_history (database, phase, node, heartbeat_at) VALUES ('" + held
                    + "', 'dumping', 'elsewhere/1/1', now() + interval '1 hour')");
        }
        otherNode = OtherNode.beating(control);
        control.run("INSERT INTO backup_history (id, status, error_text) VALUES ('" + FAILED + "', 'failed', 'why')");
    }

    static void stop() {
        otherNode.close();
        service.close();
        store.close();
    }

    /** Rows of the history before the case. */
    long before;

    @BeforeEach
    void count() {
        before = rows("true");
    }

    static HttpResponse<String> post(String json) {
        return call("POST", BACKUPS, text(json), "Content-Type", "application/json");
    }

    static HttpResponse<String> call(String method, String path) {
        return call(method, path, none());
    }

    /** With the key. */
    static HttpResponse<String> call(String method, String path, BodyPublisher body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(service.base() + path))
                .timeout(Duration.ofSeconds(30))
                .header("Authorization", KEY)
                .method(method, body);
        if (headers.length > 0) {
            request.headers(headers);
        }
        return BactrianService.send(request.build());
    }

    static BodyPublisher text(String body) {
        return BodyPublishers.ofString(body);
    }

    static BodyPublisher none() {
        return BodyPublishers.noBody();
    }

    /** An answer to a request that Java's client wouldn't send. */
    record Answer(int status, String head, String body) {

        String header(String name) {
            return head.lines()
                    .filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
                    .map(line -> line.substring(name.length() + 1).strip())
                    .findFirst()
                    .orElse("none");
        }

        String type() {
            return header("Content-Type");
        }
    }

    static Answer raw(String requestLine, String... headers) {
        URI base = URI.create(service.base());
        try (Socket socket = new Socket(base.getHost(), base.getPort())) {
            socket.setSoTimeout(20_000);
            String request = requestLine + "\r\nHost: " + base.getAuthority() + "\r\nConnection: close\r\n"
                    + Stream.of(headers).map(header -> header + "\r\n").reduce("", String::concat) + "\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int end = answer.indexOf("\r\n\r\n");
            String body = answer.substring(end + 4);
            // Without the lengths that stand around a chunk.
            String json = body.contains("{") ? body.substring(body.indexOf('{'), body.lastIndexOf('}') + 1) : body;
            return new Answer(Integer.parseInt(answer.substring(9, 12)), answer.substring(0, end), json);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(requestLine, e);
        }
    }

    static <T> List<T> together(int times, Callable<T> call) throws Exception {
        return together(Collections.nCopies(times, call));
    }

    static <T> List<T> together(List<Callable<T>> calls) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(calls.size());
        try {
            List<T> results = new ArrayList<>();
            for (Future<T> future : threads.invokeAll(calls)) {
                results.add(future.get());
            }
            return results;
        } finally {
            threads.shutdownNow();
        }
    }

    static void assertProblem(HttpResponse<String> answer, int status, String code) {
        String type = answer.headers().firstValue("Content-Type").orElse("none");
        assertProblem(answer.statusCode(), type, answer.body(), status, code);
    }

    static void assertProblem(int actual, String contentType, String body, int status, String code) {
        assertThat(actual).as(body).isEqualTo(status);
        assertThat(contentType).isEqualTo("application/problem+json");
        JsonNode problem = BactrianService.json(body);
        assertThat(problem.path("type").asText()).isEqualTo("urn:bactrian:problem:" + code);
        assertThat(problem.path("status").isInt()).isTrue();
        assertThat(problem.path("status").asInt()).isEqualTo(status);
        assertThat(problem.path("title").asText()).isNotBlank();
        assertThat(problem.path("detail").asText()).isNotBlank();
    }

    void assertNothingAdded() {
        assertThat(rows("true")).isEqualTo(before);
    }

    static long rows(String condition) {
        return control.jdbc().queryForObject("SELECT count(*) FROM backup_history WHERE " + condition, Long.class);
    }
}
