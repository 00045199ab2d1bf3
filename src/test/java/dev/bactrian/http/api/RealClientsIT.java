package dev.bactrian.http.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.Run;
import dev.bactrian.testing.browser.Browser;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.stores.TestStore;
import dev.bactrian.testing.supabase.StorageServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * supabase-js and storage-js as npm has them, in the Node that the browser's driver brings and in a browser. Skipped where npm
 * isn't there or has no registry: nothing of the build needs it.
 */
class RealClientsIT {

    @RegisterExtension
    static final Browser browser = new Browser();

    private static final Path SCRIPTS = Path.of("src/test/resources/clients");
    private static final Path FOLDER = Path.of("target/clients").toAbsolutePath();
    private static final Path NODE = Path.of("target/playwright/node").toAbsolutePath();

    private static HttpServer dashboard;
    private static TestStore store;
    private static BactrianService service;

    @BeforeAll
    static void install() throws IOException {
        Assumptions.assumeTrue(Files.isExecutable(NODE), "the browser's driver brings no Node here");
        Files.createDirectories(FOLDER);
        for (String name : new String[] {"package.json", "functions.mjs", "storage.mjs"}) {
            Files.copy(SCRIPTS.resolve(name), FOLDER.resolve(name), StandardCopyOption.REPLACE_EXISTING);
        }
        Run npm = Run.shell(
                FOLDER,
                Map.of(),
                "[ -d node_modules/@supabase/supabase-js ] || timeout 120 npm install --no-audit --no-fund --ignore-scripts"
                        + " --no-package-lock --fetch-retries=0");
        Assumptions.assumeTrue(npm.exit() == 0, "npm can't install the clients here");
        dashboard = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        dashboard.createContext("/", RealClientsIT::serve);
        dashboard.start();
        store = TestStore.start();
        service = BactrianService.start(
                Map.of(
                        "DATABASE_URL",
                        PostgresServer.V17
                                .createDatabase()
                                .run("CREATE TABLE t AS SELECT 1 AS a")
                                .url(),
                        "CORS_ORIGINS",
                        origin()),
                PostgresServer.V17.createDatabase(),
                store);
    }

    @AfterAll
    static void stop() {
        if (service != null) {
            service.close();
            store.close();
            dashboard.stop(0);
        }
    }

    private static String origin() {
        return "http://127.0.0.1:" + dashboard.getAddress().getPort();
    }

    private static void serve(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestURI().getPath().equals("/supabase.js")
                ? Files.readAllBytes(FOLDER.resolve("node_modules/@supabase/supabase-js/dist/umd/supabase.js"))
                : "<!DOCTYPE html><title>Dashboard</title><script src='/supabase.js'></script>"
                        .getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private static void runScript(String script, Map<String, String> environment) {
        Run run = Run.shell(FOLDER, environment, "'" + NODE + "' " + script);
        assertThat(run.out()).as(run.err()).contains("all as it should be");
        assertThat(run.exit()).as(run.err()).isZero();
    }

    @Test
    void aDashboardsCallsWork() {
        runScript("functions.mjs", Map.of("BASE", service.base(), "KEY", BactrianService.API_KEY));
    }

    /** The Storage that tests work with is what its own client knows. */
    @ParameterizedTest
    @EnumSource
    void theTestsStorageAnswersItsClient(StorageServer.Backend backend) {
        try (StorageServer storage = StorageServer.start().keptIn(backend)) {
            storage.buckets().create("b", false).put("b", "lost", "bytes");
            storage.buckets().lose("b", "lost");
            runScript(
                    "storage.mjs",
                    Map.of("BASE", storage.url(), "KEY", StorageServer.SERVICE_ROLE, "BACKEND", backend.name()));
        }
    }

    /** Each call from another origin is preceded by the browser's own question which headers it may send. */
    @Test
    void aPageOfAnotherOriginCallsFromABrowser() {
        Page page = browser.page();
        page.route("**/favicon.ico", route -> route.fulfill());
        page.navigate(origin());
        Object answers = page.evaluate(
                """
                async ([base, key]) => {
                  const { functions } = supabase.createClient(base, key, { auth: { persistSession: false } });
                  const answers = [];
                  for (const options of [
                    { body: { limit: 1 } },
                    { body: JSON.stringify({ limit: 1 }) },
                    { body: { limit: 1 }, region: 'eu-central-1' },
                    { method: 'GET' },
                    { headers: { traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01', tracestate: 'a=b',
                                 baggage: 'a=b', 'x-retry-count': '1' } },
                  ]) {
                    const { data, error } = await functions.invoke('backup-history', options);
                    answers.push(error ? String(error.context ?? error) : data.success);
                  }
                  return JSON.stringify(answers);
                }""",
                new Object[] {service.base(), BactrianService.API_KEY});
        assertThat(answers).isEqualTo("[true,true,true,true,true]");
    }
}
