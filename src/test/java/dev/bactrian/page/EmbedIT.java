package dev.bactrian.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.browser.Browser;
import dev.bactrian.testing.browser.PageChecks;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import dev.bactrian.testing.stores.TestStore;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The pages of docs/examples/embed, as they are, on an origin of their own. */
class EmbedIT {

    @RegisterExtension
    static final Browser browser = new Browser();

    /** What the examples say in place of the service's address. */
    private static final String EXAMPLE = "http://127.0.0.1:8080";

    private static HttpServer dashboard;
    private static TestStore store;
    private static BactrianService service;
    private static String handedOut;

    @BeforeAll
    static void start() throws IOException {
        dashboard = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        dashboard.createContext("/", EmbedIT::serve);
        dashboard.start();
        TestDatabase source = PostgresServer.V17.createDatabase();
        source.run("CREATE TABLE orders AS SELECT 1 AS id");
        store = TestStore.start();
        service = BactrianService.start(
                Map.of("DATABASE_URL", source.url(), "CORS_ORIGINS", origin()),
                PostgresServer.V17.createDatabase(),
                store);
    }

    @AfterAll
    static void stop() {
        service.close();
        store.close();
        dashboard.stop(0);
    }

    private static String origin() {
        return "http://127.0.0.1:" + dashboard.getAddress().getPort();
    }

    private static void serve(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        byte[] body = content(path);
        exchange.getResponseHeaders()
                .set("Content-Type", path.endsWith(".js") ? "text/javascript" : "text/html; charset=utf-8");
        exchange.sendResponseHeaders(body == null ? 404 : 200, body == null ? -1 : body.length);
        if (body != null) {
            exchange.getResponseBody().write(body);
        }
        exchange.close();
    }

    private static byte[] content(String path) throws IOException {
        if (path.equals("/backup-key")) {
            return handedOut.getBytes(StandardCharsets.UTF_8);
        }
        if (path.startsWith("/webjars/")) {
            try (InputStream in = EmbedIT.class.getResourceAsStream("/META-INF/resources" + path)) {
                return in == null ? null : in.readAllBytes();
            }
        }
        Path example = Path.of("docs/examples/embed", path.substring(1));
        return Files.isRegularFile(example)
                ? Files.readString(example).replace(EXAMPLE, service.base()).getBytes(StandardCharsets.UTF_8)
                : null;
    }

    private static Page open(String example) {
        Page page = browser.page();
        // Browsers ask for one by themselves.
        page.route("**/favicon.ico", route -> route.fulfill());
        page.navigate(origin() + "/" + example);
        return page;
    }

    private static void backUp(Page page) {
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Back up now"))
                .click();
    }

    @Test
    void plainHtmlShowsBackupsAndHearsOfThem() {
        handedOut = BactrianService.API_KEY;
        Page page = open("plain.html");

        backUp(page);

        assertThat(page.locator("output")).hasText("bactrian-finished: default");
        assertThat(page.getByText("Last good backup")).isVisible();
        page.mouse().move(0, 0);
        assertThat(page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Back up now")))
                .hasCSS("background-color", "rgb(11, 92, 173)");
        // What belongs to Bactrian's own page.
        assertThat(page.getByLabel("Sign out")).hasCount(0);
        PageChecks.assertAccessible(page);
        page.setViewportSize(320, 640);
        PageChecks.assertNoOverflow(page);
    }

    @Test
    void reactHandsTheKeyOverAndHearsOfBackups() {
        handedOut = BactrianService.API_KEY;
        Page page = open("react.html");

        backUp(page);

        assertThat(page.locator("output")).hasText("default: success");
        PageChecks.assertAccessible(page);
        page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("History"))
                .click();
        assertThat(page.getByRole(AriaRole.ROW)
                        .filter(new Locator.FilterOptions().setHasText("Good"))
                        .first())
                .isVisible();
        // The address is the page's own.
        assertThat(page).hasURL(origin() + "/react.html");
    }

    @Test
    void aKeyThatIsWrongIsThePagesMatter() {
        handedOut = "a-key-that-nobody-has-0123456789";
        browser.expect("status of 401");
        Page page = open("plain.html");

        assertThat(page.getByText("The service doesn’t accept this key")).isVisible();
    }

    @Test
    void anOriginThatIsNotAllowedGetsNothing() {
        handedOut = BactrianService.API_KEY;
        browser.expect("CORS policy");
        browser.expect("ERR_FAILED");
        Page page = browser.page();
        page.route("**/favicon.ico", route -> route.fulfill());
        page.navigate(origin().replace("127.0.0.1", "localhost") + "/plain.html");

        assertThat(page.getByText("The service doesn’t respond")).isVisible();
    }
}
