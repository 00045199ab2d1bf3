package dev.bactrian.testing.browser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.microsoft.playwright.Page;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** That tests of the page would notice: a browser that complains, and pages that are too wide or shut somebody out. */
class BrowserIT {

    @RegisterExtension
    static final Browser browser = new Browser();

    private static final String POLICY = "<meta http-equiv='Content-Security-Policy' content=\"img-src 'self'\">";

    @Test
    void hearsWhatIsWrong() {
        Page page = browser.page();
        browser.expect("console error: a word of the page");
        browser.expect("console warning: take care");
        browser.expect("uncaught: Error: nobody catches this");
        browser.expect("securitypolicyviolation: img-src");
        browser.expect("request failed: GET http://127.0.0.1:1/nobody");

        open(
                page,
                POLICY + "<img src='https://img.example/x.png'><script>console.error('a word of the page');"
                        + "console.warn('take care'); fetch('http://127.0.0.1:1/nobody', { mode: 'no-cors' })"
                        + ".catch(() => { document.title = 'done' });"
                        + "setTimeout(() => { throw new Error('nobody catches this'); });</script>");
        page.waitForCondition(() -> page.title().equals("done"));
        // What is thrown in a task of its own, and what the console says of it, comes after.
        page.waitForTimeout(100);
        browser.expect("net::ERR_UNSAFE_PORT|net::ERR_CONNECTION_REFUSED");
        browser.expect("img.example");
    }

    @Test
    void aTestIsHeldToWhatItExpects() {
        Page page = browser.page();
        Complaints complaints = new Complaints();
        complaints.listenTo(page);
        complaints.expect("this never comes");
        browser.expect("out of place");

        open(page, "<script>console.error('out of place'); document.title = 'done'</script>");
        page.waitForCondition(() -> page.title().equals("done"));

        assertThat(complaints.problem().orElseThrow()).contains("out of place", "[this never comes]");
    }

    @Test
    void seesWhoIsShutOutAndWhatIsTooWide() {
        Page page = browser.page(Browser.View.PHONE);
        open(
                page,
                "<!doctype html><html lang=en><title>t</title><main><img src='data:image/gif;base64,R0lGODlhAQABAAAAACw='>"
                        + "<div id=host></div></main><script>document.querySelector('#host').attachShadow({ mode: 'open' })"
                        + ".innerHTML = '<p style=\"width: 900px\">wide</p><button></button>'</script>");

        assertThatThrownBy(() -> PageChecks.assertAccessible(page))
                .hasMessageContaining("image-alt")
                .hasMessageContaining("button-name");
        assertThatThrownBy(() -> PageChecks.assertNoOverflow(page)).hasMessageContaining("p to 9");
    }

    private static void open(Page page, String html) {
        page.navigate("data:text/html;charset=utf-8,"
                + URLEncoder.encode(html, StandardCharsets.UTF_8).replace("+", "%20"));
    }
}
