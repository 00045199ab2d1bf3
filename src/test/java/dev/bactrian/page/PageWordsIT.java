package dev.bactrian.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.bactrian.testing.browser.Browser;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The page's modules that find words, each by itself, in the browser that runs them. */
class PageWordsIT {

    @RegisterExtension
    static final Browser browser = new Browser();

    /** What each is called; a dash where it is shown as it is. */
    private static final String SCHEDULES =
            """
            0 0 2 * * ?           | Every day at 02:00
            0 30 4 ? * SUN        | On Sunday at 04:30
            0 0 3 ? * 1           | On Sunday at 03:00
            0 15 1 ? * MON-FRI    | On Monday to Friday at 01:15
            0 0 0,6,12 * * ?      | Every day at 00:00, 06:00 and 12:00
            0 0 0/6 * * ?         | Every 6 hours
            0 0/15 * * * ?        | Every 15 minutes
            0 0 * * * ?           | Every hour
            0 5 * * * ?           | Every hour at minute 5
            0 0 2 1 * ?           | On the 1st of each month at 02:00
            0 0 2 2,23 * ?        | On the 2nd and 23rd of each month at 02:00
            0 0 2 11 * ?          | On the 11th of each month at 02:00
            0 0 2 L * ?           | On the last day of each month at 02:00
            0 0 2 1 JAN ?         | On the 1st of January at 02:00
            0 0 2 ? * TUE,THU     | On Tuesday and Thursday at 02:00
            0 0 2 ? * 6#3         | -
            0 0 2 1 * MON         | -
            30 0 2 * * ?          | -
            whenever              | -
            """;

    private static HttpServer server;

    private Page page;

    @BeforeAll
    static void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        server.createContext("/", PageWordsIT::serve);
        server.start();
    }

    @AfterAll
    static void stop() {
        server.stop(0);
    }

    private static void serve(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        boolean script = path.endsWith(".js");
        byte[] body = new byte[0];
        if (script) {
            try (InputStream in = PageWordsIT.class.getResourceAsStream(path)) {
                body = in.readAllBytes();
            }
        }
        exchange.getResponseHeaders().set("Content-Type", script ? "text/javascript" : "text/html");
        exchange.sendResponseHeaders(200, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    /** The answer of a function of a module below {@code /web}, each in the one page of its test. */
    private Object call(String module, String function, Object... arguments) {
        if (page == null) {
            page = browser.page();
            page.navigate("http://127.0.0.1:" + server.getAddress().getPort() + "/");
        }
        return page.evaluate(
                "async ([module, name, values]) => (await import(`/web/${module}.js`))[name](...values)",
                List.of(module, function, Arrays.asList(arguments)));
    }

    @Test
    void schedulesInWords() {
        Map<String, Object> expected = new LinkedHashMap<>();
        Map<String, Object> told = new LinkedHashMap<>();
        SCHEDULES.lines().map(line -> line.split(" *\\| ")).forEach(line -> {
            expected.put(line[0], "-".equals(line[1]) ? null : line[1]);
            told.put(line[0], call("cron", "cronInWords", line[0]));
        });

        assertThat(told).isEqualTo(expected).hasSize(19);
    }

    @Test
    void sizesAreCountedAsTheCommandLineDoes() {
        assertThat(call("words", "bytes", 1023)).isEqualTo("1023 B");
        assertThat(call("words", "bytes", 1024)).isEqualTo("1.0 KB");
        assertThat(call("words", "bytes", 222_719_180)).isEqualTo("212.4 MB");
        assertThat(call("words", "bytes", (Object) null)).isEqualTo("–");
    }

    @Test
    void timesAreToldFromNow() {
        double now = 1_795_000_000_000d; // 2026-11-18T11:06:40Z
        assertThat(call("words", "age", now - 6 * 3_600_000d, now)).isEqualTo("6 hours ago");
        assertThat(call("words", "age", now - 26 * 3_600_000d, now)).isEqualTo("yesterday");
        assertThat(call("words", "clock", "2026-11-18T23:30:00Z", now)).isEqualTo("at 23:30 UTC");
        assertThat(call("words", "clock", "2026-11-19T02:00:00Z", now)).isEqualTo("tomorrow at 02:00 UTC");
        assertThat(call("words", "clock", "2026-11-22T02:00:00Z", now)).isEqualTo("on 22 Nov at 02:00 UTC");
        assertThat(call("words", "moment", "2025-11-22T02:00:00Z", now)).isEqualTo("22 Nov 2025, 02:00 UTC");
        assertThat(call("words", "duration", 4.21)).isEqualTo("4.2 s");
        assertThat(call("words", "duration", 125)).isEqualTo("2 min 5 s");
        assertThat(call("words", "duration", 4_320)).isEqualTo("1 h 12 min");
    }

    @Test
    void anOutlierIsFarFromTheMiddleOfThoseBeforeIt() {
        Map<String, Object> bounds = Map.of("low", 0.5, "high", 2);
        assertThat(call("trend", "outliers", List.of(100, 101, 102, 103, 20, 104, 300), bounds))
                .isEqualTo(Arrays.asList(null, null, null, null, 102, null, 102));
        assertThat(call("trend", "outliers", List.of(1, 1, 1, 4), Map.of("low", 0, "high", 3, "least", 10)))
                .isEqualTo(Arrays.asList(null, null, null, null));
    }

    @Test
    void namesAreQuotedAsPostgresqlWantsThem() {
        assertThat(call("manifest", "qualified", Map.of("schema", "app", "name", "orders_2024")))
                .isEqualTo("app.orders_2024");
        assertThat(call("manifest", "qualified", Map.of("schema", "Lab & Archive", "name", "a\"b")))
                .isEqualTo("\"Lab & Archive\".\"a\"\"b\"");
        assertThat(call("manifest", "quoted", Map.of("schema", "app", "name", "a\"b")))
                .isEqualTo("\"app\".\"a\"\"b\"");
    }
}
