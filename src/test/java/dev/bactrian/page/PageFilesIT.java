package dev.bactrian.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import dev.bactrian.testing.stores.TestStore;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The page's files as any client of HTTP gets them. */
class PageFilesIT {

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    /** What a first visit may cost, in bytes that go over the wire as bodies. */
    private static final int LARGEST_FIRST_LOAD = 60_000;

    private static TestStore store;
    private static BactrianService service;

    @BeforeAll
    static void start() {
        TestDatabase database = PostgresServer.V17.createDatabase();
        store = TestStore.start();
        service = BactrianService.start(database.url(), database, store);
    }

    @AfterAll
    static void stop() {
        service.close();
        store.close();
    }

    @ParameterizedTest
    @CsvSource({
        "/, text/html; charset=utf-8",
        "/web/index.html, text/html; charset=utf-8",
        "/web/panel.js, text/javascript; charset=utf-8",
        "/web/lib/lit-html/lit-html.js, text/javascript; charset=utf-8",
        "/web/page.css, text/css; charset=utf-8",
        "/web/icon.svg, image/svg+xml"
    })
    void eachFileComesWithItsTypeCompressedWhereThatIsTaken(String path, String type) throws Exception {
        HttpResponse<byte[]> plain = get(path);
        HttpResponse<byte[]> compressed = get(path, "Accept-Encoding", "br, gzip, deflate");
        HttpResponse<String> head = BactrianService.send(HttpRequest.newBuilder(URI.create(service.base() + path))
                .method("HEAD", HttpRequest.BodyPublishers.noBody())
                .build());
        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.headers().firstValue("Content-Type")).contains(type);

        assertThat(plain.statusCode()).isEqualTo(200);
        assertThat(header(plain, "Content-Type")).isEqualTo(type);
        assertThat(header(plain, "Content-Encoding")).isEmpty();
        assertThat(header(compressed, "Content-Type")).isEqualTo(type);
        assertThat(header(compressed, "Content-Encoding")).isEqualTo("gzip");
        assertThat(new GZIPInputStream(new ByteArrayInputStream(compressed.body())))
                .hasBinaryContent(plain.body());
        assertThat(header(plain, "Vary")).isEqualTo("Accept-Encoding");
        assertThat(header(plain, "ETag")).matches("\"[^\"]+\"").isNotEqualTo(header(compressed, "ETag"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "identity", "br", "gzip;q=0", "gzip; q=0.000, br"})
    void whoDoesNotTakeGzipGetsThePlainFile(String encodings) throws Exception {
        HttpResponse<byte[]> answer = get("/", "Accept-Encoding", encodings);

        assertThat(header(answer, "Content-Encoding")).isEmpty();
        assertThat(new String(answer.body(), StandardCharsets.UTF_8)).startsWith("<!doctype html>");
    }

    @ParameterizedTest
    @ValueSource(strings = {"%s", "W/%s", "\"other\", %s", "\"other\",W/%s , \"third\"", "*"})
    void whatABrowserHasIsNotSentAgain(String known) throws Exception {
        HttpResponse<byte[]> first = get("/web/panel.js");
        String etag = header(first, "ETag");
        HttpResponse<byte[]> again = get("/web/panel.js", "If-None-Match", known.formatted(etag));

        assertThat(again.statusCode()).isEqualTo(304);
        assertThat(again.body()).isEmpty();
        assertThat(header(again, "ETag")).isEqualTo(etag);
        // What a cache keeps of the file is brought up to date by the 304.
        assertThat(header(again, "Cache-Control")).isEqualTo("no-cache");
        assertThat(header(again, "Vary")).isEqualTo("Accept-Encoding");
        assertThat(header(again, "Content-Security-Policy")).isEqualTo(header(first, "Content-Security-Policy"));
    }

    @Test
    void anotherFormOrAnotherFileIsSent() throws Exception {
        String plain = header(get("/web/panel.js"), "ETag");

        assertThat(get("/web/panel.js", "If-None-Match", plain, "Accept-Encoding", "gzip")
                        .statusCode())
                .isEqualTo(200);
        assertThat(get("/web/page.css", "If-None-Match", plain).statusCode()).isEqualTo(200);
    }

    @Test
    void thePolicyLetsThePageUseItsOwnFilesAndNothingElse() throws Exception {
        String policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
                + "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
                + "require-trusted-types-for 'script'; trusted-types lit-html";

        for (String path : new String[] {"/", "/web/panel.js", "/web/no-such-file.js"}) {
            HttpResponse<byte[]> answer = get(path);
            assertThat(answer.headers().allValues("Content-Security-Policy"))
                    .as(path)
                    .containsExactly(policy);
            assertThat(header(answer, "X-Content-Type-Options")).as(path).isEqualTo("nosniff");
            assertThat(header(answer, "Referrer-Policy")).as(path).isEqualTo("no-referrer");
        }
        for (String path : new String[] {"/api/backups", "/openapi.yaml", "/nothing"}) {
            HttpResponse<byte[]> answer = get(path);
            assertThat(header(answer, "Content-Security-Policy"))
                    .as(path)
                    .isEqualTo("default-src 'none'; frame-ancestors 'none'; sandbox");
            assertThat(header(answer, "X-Content-Type-Options")).as(path).isEqualTo("nosniff");
            assertThat(header(answer, "Cache-Control")).as(path).isEqualTo("no-store");
        }
    }

    /** The panel is embedded by other pages; what it asks the API for there is another setting's. */
    @Test
    void otherOriginsMayLoadFilesAndNothingElse() throws Exception {
        HttpResponse<byte[]> file = get("/web/panel.js", "Origin", "https://dashboard.example");
        assertThat(header(file, "Access-Control-Allow-Origin")).isEqualTo("*");
        assertThat(header(file, "Cross-Origin-Resource-Policy")).isEqualTo("cross-origin");

        HttpResponse<byte[]> answer = get(
                "/api/backups",
                "Origin",
                "https://dashboard.example",
                "Authorization",
                "Bearer " + BactrianService.API_KEY);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(header(answer, "Access-Control-Allow-Origin")).isEmpty();
        assertThat(header(answer, "Cross-Origin-Resource-Policy")).isEmpty();
    }

    @Test
    void thePageIsOpenAndTheApiIsNot() throws Exception {
        assertThat(get("/").statusCode()).isEqualTo(200);
        assertThat(get("/web/panel.js").statusCode()).isEqualTo(200);
        for (String path : new String[] {
            "/api/backups", "/api", "/webx", "/web/../api/backups", "/web/%2e%2e/api/backups", "//api/backups"
        }) {
            assertThat(get(path).statusCode()).as(path).isIn(401, 404);
            assertThat(new String(get(path).body(), StandardCharsets.UTF_8))
                    .as(path)
                    .doesNotContain("\"backups\"");
        }
        assertThat(get("/api/backups").statusCode()).isEqualTo(401);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/web/no-such-file.js",
                "/web/",
                "/web/lib",
                "/web/lib/",
                "/web/../openapi.yaml.js",
                "/web/../logback.xml",
                "/web/%2e%2e/logback.xml",
                "/web/..%2flogback.xml",
                "/web/%2e%2e%2flogback.xml",
                "/web/%252e%252e%252flogback.xml",
                "/web/..%5clogback.xml",
                "/web/lib/../../logback.xml",
                "/web/lib/lit-html/../../../demo/01-roles.sql",
                "/web/%2e%2e/page/PageFiles.class",
                "/web//etc/passwd",
                "/web/%2fetc/passwd",
                "/web/panel.js%00.css",
                "/web/panel.js;x=.css",
                "/web/PANEL.JS",
                "/web/panel.js/",
                "/web/index.html%0d%0aX-Injected:%20yes",
                "/web/lib/lit-html/LICENSE"
            })
    void nothingElseCanBeNamed(String path) throws Exception {
        HttpResponse<byte[]> answer = get(path);

        assertThat(answer.statusCode()).isIn(400, 401, 404);
        assertThat(header(answer, "Content-Type")).isEqualTo("application/problem+json");
        assertThat(BactrianService.json(new String(answer.body(), StandardCharsets.UTF_8))
                        .path("detail")
                        .asText())
                .isNotEmpty();
        assertThat(answer.headers().firstValue("X-Injected")).isEmpty();
    }

    /** As no client of HTTP would send them. */
    @ParameterizedTest
    @ValueSource(strings = {"/web/..\\logback.xml", "/web/../../etc/passwd", "web/../logback.xml", "/web/\u00e4.js"})
    void nothingElseCanBeNamedByHandEither(String path) throws Exception {
        String answer = raw("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

        assertThat(answer).matches("(?s)HTTP/1.1 40[014] .*");
        assertThat(answer).doesNotContain("<configuration", "root:");
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE", "PATCH", "OPTIONS"})
    void filesAreOnlyRead(String method) throws Exception {
        for (String path : new String[] {"/", "/web/panel.js"}) {
            assertThat(send(method, path).statusCode()).as(path).isEqualTo(401);
            assertThat(send(method, path, "Authorization", "Bearer " + BactrianService.API_KEY)
                            .statusCode())
                    .as(path)
                    .isIn(404, 405);
        }
    }

    @Test
    void aFirstVisitIsLight() throws Exception {
        Map<String, Integer> bytes = new TreeMap<>();
        for (String path : PageImports.of(PageFilesIT::text)) {
            HttpResponse<byte[]> answer = get(path, "Accept-Encoding", "gzip");
            assertThat(answer.statusCode()).as(path).isEqualTo(200);
            bytes.put(path, answer.body().length);
        }
        int sum = bytes.values().stream().mapToInt(Integer::intValue).sum();
        System.out.printf("A first visit loads %,d bytes in %d files: %s%n", sum, bytes.size(), bytes);

        assertThat(bytes).containsKeys("/", "/web/panel.js", "/web/lib/lit-html/lit-html.js");
        assertThat(sum).isLessThanOrEqualTo(LARGEST_FIRST_LOAD);
    }

    private static String text(String path) {
        try {
            return new String(get(path).body(), StandardCharsets.UTF_8);
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static HttpResponse<byte[]> get(String path, String... headers) throws IOException, InterruptedException {
        return send("GET", path, headers);
    }

    private static HttpResponse<byte[]> send(String method, String path, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(service.base() + path))
                .method(method, HttpRequest.BodyPublishers.noBody());
        if (headers.length > 0) {
            request.headers(headers);
        }
        return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    private static String header(HttpResponse<?> answer, String name) {
        return String.join("|", answer.headers().allValues(name));
    }

    private static String raw(String request) throws IOException {
        URI base = URI.create(service.base());
        try (Socket socket = new Socket(base.getHost(), base.getPort());
                InputStream in = socket.getInputStream()) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
