package dev.bactrian.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.browser.Browser;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import dev.bactrian.testing.stores.TestStore;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The page and the API behind a reverse proxy that serves them below a path and takes it off. */
class SubPathIT {

    @RegisterExtension
    static final Browser browser = new Browser();

    private static final String BELOW = "/tools/bactrian";
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final List<String> PASSED_ON = List.of("authorization", "content-type", "accept", "last-event-id");

    private static HttpServer proxy;
    private static ExecutorService threads;
    private static TestStore store;
    private static BactrianService service;

    @BeforeAll
    static void start() throws IOException {
        proxy = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        threads = Executors.newCachedThreadPool();
        proxy.setExecutor(threads);
        proxy.createContext("/", exchange -> answer(exchange, 404, InputStream.nullInputStream()));
        proxy.createContext(BELOW + "/", SubPathIT::passOn);
        proxy.start();
        TestDatabase source = PostgresServer.V17.createDatabase().run("CREATE TABLE orders AS SELECT 1 AS id");
        store = TestStore.start();
        service = BactrianService.start(
                Map.of("DATABASE_URL", source.url(), "PUBLIC_URL", address()),
                PostgresServer.V17.createDatabase(),
                store);
    }

    @AfterAll
    static void stop() {
        service.close();
        store.close();
        proxy.stop(0);
        threads.shutdownNow();
    }

    private static String address() {
        return "http://127.0.0.1:" + proxy.getAddress().getPort() + BELOW;
    }

    private static void passOn(HttpExchange exchange) throws IOException {
        URI asked = exchange.getRequestURI();
        String path = asked.toString().substring(BELOW.length());
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(service.base() + path))
                .method(
                        exchange.getRequestMethod(),
                        HttpRequest.BodyPublishers.ofByteArray(
                                exchange.getRequestBody().readAllBytes()));
        exchange.getRequestHeaders().forEach((name, values) -> {
            if (PASSED_ON.contains(name.toLowerCase(Locale.ROOT))) {
                request.header(name, values.get(0));
            }
        });
        try {
            HttpResponse<InputStream> answer = HTTP.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
            for (String name : List.of("Content-Type", "Location")) {
                answer.headers().firstValue(name).ifPresent(value -> exchange.getResponseHeaders()
                        .set(name, value));
            }
            answer(exchange, answer.statusCode(), answer.body());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void answer(HttpExchange exchange, int status, InputStream body) throws IOException {
        try (exchange;
                body) {
            exchange.sendResponseHeaders(status, 0);
            body.transferTo(exchange.getResponseBody());
        }
    }

    @Test
    void thePageWorksBelowAPath() {
        Page page = browser.page();
        Panel panel = Panel.open(page, address(), "overview");
        panel.signIn(BactrianService.API_KEY);
        panel.in();

        panel.button("Back up now").click();

        PlaywrightAssertions.assertThat(page.getByText("Last good backup")).isVisible();
    }

    @Test
    void aBackupsPlaceCanBeAskedFor() {
        HttpResponse<String> asked = send("POST", address() + "/api/backups");
        String place = asked.headers().firstValue("Location").orElseThrow();

        HttpResponse<String> shown =
                send("GET", URI.create(address()).resolve(place).toString());

        assertThat(shown.statusCode()).isEqualTo(200);
        assertThat(BactrianService.json(shown.body()).path("id"))
                .isEqualTo(BactrianService.json(asked.body()).path("id"));
    }

    private static HttpResponse<String> send(String method, String address) {
        return BactrianService.send(HttpRequest.newBuilder(URI.create(address))
                .header("Authorization", "Bearer " + BactrianService.API_KEY)
                .method(method, HttpRequest.BodyPublishers.noBody())
                .build());
    }
}
