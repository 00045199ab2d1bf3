package dev.bactrian.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Request;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.browser.Browser;
import dev.bactrian.testing.browser.PageChecks;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.Relay;
import dev.bactrian.testing.servers.TestDatabase;
import dev.bactrian.testing.stores.TestStore;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The page in a browser: signing in, how backups stand, and making one. */
class PageIT {

    @RegisterExtension
    static final Browser browser = new Browser();

    private static final String KEY = BactrianService.API_KEY;
    private static final String STORED_KEY = "() => sessionStorage.getItem('bactrian-key')";

    /** Bytes that come of the largest table before the network holds. */
    private static final long HALF = 2_000_000;

    private static TestDatabase control;
    private static TestDatabase source;
    /** Between the service and its database. */
    private static Relay network;

    private static TestStore store;
    private static BactrianService service;

    @BeforeAll
    static void start() {
        control = PostgresServer.V17.createDatabase();
        source = PostgresServer.V17.createDatabase();
        source.run(
                "CREATE SCHEMA app",
                "CREATE TABLE app.orders AS SELECT i AS id, repeat('x', 1000) AS note FROM generate_series(1, 4000) i",
                "CREATE TABLE app.customers AS SELECT i AS id FROM generate_series(1, 50) i");
        network = Relay.to(source.port());
        store = TestStore.start();
        service = BactrianService.start(settings(), control, store);
    }

    @AfterAll
    static void stop() {
        service.close();
        store.close();
        network.close();
    }

    private static Map<String, String> settings() {
        return Map.of(
                "DATABASE_URL",
                new TestDatabase(network.port(), source.name()).url(),
                "DATABASE_URL_AWAY",
                "postgresql://postgres:any@127.0.0.1:1/nobody",
                "RESTORE_API_KEY",
                BactrianService.RESTORE_KEY,
                "NOTIFY_FAILURE",
                "log:failures");
    }

    @Test
    void opensSoonAndLoadsNothingButItsFiles() {
        Page page = browser.page();
        Map<String, Long> bytes = new HashMap<>();
        page.onRequestFinished(request -> bytes.put(path(request), (long) request.sizes().responseBodySize));

        Panel panel = Panel.open(page, service.base(), "");
        assertThat(panel.key()).isVisible();
        double millis = ((Number) page.evaluate("() => performance.now()")).doubleValue();
        page.waitForLoadState();

        System.out.printf("The page can be used after %.0f ms%n", millis);
        // A busy machine of tests; alone it is a tenth of it.
        assertThat(millis).isLessThan(5_000);
        assertThat(page.title()).isEqualTo("Bactrian");
        assertThat(new TreeSet<>(bytes.keySet()))
                .isSubsetOf(PageImports.of(path -> BactrianService.send(
                                java.net.http.HttpRequest.newBuilder(URI.create(service.base() + path))
                                        .build())
                        .body()))
                .contains("/", "/web/panel.js", "/web/panel.css", "/web/lib/lit-html/lit-html.js");
        assertThat(bytes.values().stream().mapToLong(Long::longValue).sum()).isBetween(10_000L, 60_000L);
    }

    @Test
    void aWrongKeySaysSo() {
        Panel panel = Panel.open(browser.page(), service.base(), "");
        browser.expect("status of 401");

        panel.signIn("a-key-that-nobody-has-0123456789");

        assertThat(panel.text("This key is wrong")).isVisible();
        assertThat(panel.key()).hasAttribute("aria-invalid", "true");
        assertThat(panel.page().evaluate(STORED_KEY)).isNull();

        panel.signIn(KEY);
        panel.in();
    }

    @Test
    void aKeyIsForgottenWithThePageOrKeptInTheTab() {
        Panel panel = Panel.open(browser.page(), service.base(), "");
        panel.signIn(KEY);
        panel.in();
        assertThat(panel.page().evaluate(STORED_KEY)).isNull();
        panel.page().reload();

        panel.page().getByLabel("Stay signed in").check();
        panel.signIn(KEY);
        panel.in();
        assertThat(panel.page().evaluate(STORED_KEY)).isEqualTo(KEY);
        panel.page().reload();
        panel.in();
        assertThat(panel.page().content()).doesNotContain(KEY);
        assertThat(panel.page().url()).doesNotContain(KEY);

        panel.button("Sign out").click();
        assertThat(panel.key()).isVisible();
        assertThat(panel.page().evaluate(STORED_KEY)).isNull();
        panel.page().reload();
        assertThat(panel.key()).isVisible();
    }

    @Test
    void onlyAKeyThatMayRestoreShowsRestores() {
        Panel panel = Panel.signedIn(browser.page(), service, "");
        assertThat(panel.link("History")).isVisible();
        assertThat(panel.link("Restore")).hasCount(0);
        panel.button("Sign out").click();

        panel.signIn(BactrianService.RESTORE_KEY);
        panel.in();
        assertThat(panel.link("Restore")).isVisible();
    }

    @Test
    void backsUpWithProgressThatSurvivesAReload() {
        Panel panel = Panel.open(browser.page(), service.base(), "");
        panel.page().getByLabel("Stay signed in").check();
        panel.signIn(KEY);
        panel.in();
        Locator card = panel.database("default");

        network.holdAfter(HALF);
        try {
            backUp(card);
            panel.awaitWords(card, "Saving tables.*[0-9]+ of [0-9]+ tables.*[kM]B of about [0-9.]+ MB");
            assertThat(card.getByRole(AriaRole.PROGRESSBAR)).isVisible();
            panel.awaitWords(card, "app.orders has been saving for");
            PageChecks.assertAccessible(panel.page());
            panel.page().reload();
            panel.awaitWords(card, "Saving tables.*[0-9]+ of [0-9]+ tables");
            assertThat(card.getByRole(AriaRole.PROGRESSBAR)).isVisible();
        } finally {
            network.release();
        }
        panel.awaitWords(card, "Last good backup (just now|[0-9]+ seconds ago)");
        assertThat(panel.text("The backup of default is complete")).isVisible();
        assertThat(card.getByRole(AriaRole.PROGRESSBAR)).hasCount(0);
    }

    @Test
    void aBackupIsCancelled() {
        Panel panel = Panel.signedIn(browser.page(), service, "");
        Locator card = panel.database("default");

        network.holdAfter(HALF);
        try {
            backUp(card);
            panel.awaitWords(card, "Saving tables");
            card.getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Cancel"))
                    .click();
            panel.button("Cancel the backup").click();
            assertThat(panel.dialog()).hasCount(0);
        } finally {
            network.release();
        }
        assertThat(card.getByRole(AriaRole.PROGRESSBAR)).hasCount(0);
        panel.go("History");
        assertThat(panel.page().locator("tr.backup").first()).containsText("Cancelled");
    }

    @Test
    void aFailureIsShownWithItsRemedy() {
        Panel panel = Panel.signedIn(browser.page(), service, "");
        Locator card = panel.database("away");

        backUp(card);

        panel.awaitWords(card, "There is no good backup");
        String error = BactrianService.json(service.send("GET", "/api/backups?database=away&status=failed", null)
                        .body())
                .at("/backups/0/error_text")
                .asText();
        assertThat(error).contains("127.0.0.1:1");
        assertThat(card).containsText(error);
        PageChecks.assertAccessible(panel.page());
    }

    @Test
    void lostRowsAreTold() {
        service.goodBackUp();
        source.run("CREATE TABLE app.kept AS TABLE app.orders", "DELETE FROM app.orders WHERE id > 5");
        try {
            service.goodBackUp();
        } finally {
            source.run("INSERT INTO app.orders SELECT * FROM app.kept WHERE id > 5", "DROP TABLE app.kept");
        }
        Panel panel = Panel.signedIn(browser.page(), service, "");

        assertThat(panel.database("default")).containsText("app.orders has 5 rows; the backup before had 4,000.");
        PageChecks.assertAccessible(panel.page());
        panel.button("Show this backup").click();
        assertThat(panel.dialog()).containsText("app.orders: 5 rows, before 4,000");
    }

    @Test
    void aBackupThatDidNotComeIsTold() {
        service.goodBackUp();
        int hour = Instant.now()
                .minus(Duration.ofHours(2))
                .atOffset(ZoneOffset.UTC)
                .getHour();
        String cron = "0 0 " + hour + " * * ?";
        service.send("PUT", "/api/settings", "{\"schedules\": {\"default\": \"" + cron + "\"}}");
        Awaitility.await("the schedule")
                .until(() -> control.jdbc()
                                .queryForObject(
                                        "SELECT count(*) FROM bactrian_qrtz_cron_triggers WHERE cron_expression = ?",
                                        Integer.class,
                                        cron)
                        == 1);
        // As if all that had been days ago.
        String times = "UPDATE backup_history SET created_at = created_at %1$s interval '3 days', "
                + "started_at = started_at %1$s interval '3 days', finished_at = finished_at %1$s interval '3 days'";
        control.run(
                String.format(times, "-"),
                "UPDATE system_settings_kv SET updated_at = updated_at - interval '9 days'",
                "UPDATE bactrian_qrtz_triggers SET start_time = start_time - 9 * 86400000");
        try {
            Panel panel = Panel.signedIn(browser.page(), service, "");

            Locator card = panel.database("default");
            assertThat(card).containsText(Pattern.compile("A backup is overdue: it was due [0-9]+ days ago"));
            assertThat(card).containsText("The last good one is from 3 days ago");
            assertThat(card).containsText("look for “is skipped”");
            PageChecks.assertAccessible(panel.page());
        } finally {
            control.run(String.format(times, "+"), "DELETE FROM system_settings_kv");
        }
    }

    @Test
    void aTestMessageIsSentToWhoeverIsTold() {
        Panel panel = Panel.signedIn(browser.page(), service, "settings");

        panel.button("Send a test: A backup failed").click();

        assertThat(panel.text("failure/1: sent")).isVisible();
    }

    @Test
    void backupsAreSwitchedOffAndOn() {
        Panel panel = Panel.signedIn(browser.page(), service, "settings");
        Locator toggle = panel.page().getByRole(AriaRole.SWITCH);
        assertThat(toggle).hasAttribute("aria-checked", "true");

        toggle.click();
        assertThat(toggle).hasAttribute("aria-checked", "false");
        assertThat(panel.text("scheduled ones are skipped")).isVisible();
        browser.expect("status of 4\\d\\d");
        panel.go("Overview").button("Back up now").first().click();
        assertThat(panel.page().getByRole(AriaRole.STATUS).filter(new Locator.FilterOptions().setHasText("off")))
                .isVisible();

        panel.go("Settings");
        toggle.click();
        assertThat(toggle).hasAttribute("aria-checked", "true");
        assertThat(BactrianService.json(
                                service.send("GET", "/api/settings", null).body())
                        .path("backup_enabled")
                        .asBoolean())
                .isTrue();
    }

    @Test
    void aScheduleIsToldInWordsAndKept() {
        Panel panel = Panel.signedIn(browser.page(), service, "settings");
        Locator cron = panel.page().getByLabel("default", new Page.GetByLabelOptions().setExact(true));

        cron.fill("0 30 1 * * ?");
        assertThat(panel.text("01:30")).isVisible();
        panel.button("Save").click();
        assertThat(panel.text("The schedule is changed")).isVisible();
        panel.go("Overview");
        assertThat(panel.database("default")).containsText("at 01:30 UTC");

        browser.expect("status of 4\\d\\d");
        panel.go("Settings");
        cron.fill("whenever");
        panel.button("Save").click();
        assertThat(panel.page().getByRole(AriaRole.ALERT)).containsText("schedules.default");
    }

    @Test
    void everythingWorksWithoutAMouse() {
        Panel panel = Panel.open(browser.page(), service.base(), "");
        panel.tabTo(panel.key());
        panel.page().keyboard().type(KEY);
        panel.page().keyboard().press("Enter");
        panel.in();

        panel.tabTo(panel.database("default")
                .getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Back up now")));
        panel.page().keyboard().press("Enter");
        panel.awaitWords(panel.page().getByRole(AriaRole.STATUS).last(), "The backup of default is complete");

        panel.tabTo(panel.link("History"));
        panel.page().keyboard().press("Enter");
        assertThat(panel.heading("History")).isVisible();
        panel.tabTo(panel.buttons("Details of the backup of default").first());
        panel.page().keyboard().press("Enter");
        assertThat(panel.dialog()).isVisible();
        panel.page().keyboard().press("Escape");
        assertThat(panel.dialog()).hasCount(0);
    }

    @Test
    void aServiceThatGoesAwayIsWaitedFor() {
        Page page = browser.page();
        page.clock().install();
        Panel panel = Panel.signedIn(page, service, "");
        Map<String, String> settings = new HashMap<>(settings());
        settings.put("HTTP_PORT", Integer.toString(URI.create(service.base()).getPort()));
        browser.expect("ERR_CONNECTION_REFUSED");

        service.close();
        try {
            backUp(panel.database("default"));
            assertThat(panel.text("The service doesn’t respond\\. Is it running"))
                    .isVisible();
            // As long as it takes until the page asks again.
            page.clock().fastForward(15_000);
            // A part of the page that was being loaded says so, too.
            assertThat(page.getByRole(AriaRole.ALERT).filter(new Locator.FilterOptions().setHasText("Reconnecting")))
                    .isVisible();
            PageChecks.assertAccessible(page);
        } finally {
            service = BactrianService.start(settings, control, store);
        }
        panel.awaitGone(panel.text("Reconnecting"));
        assertThat(page.getByRole(AriaRole.ALERT)).hasCount(0);
        assertThat(panel.database("default")).isVisible();
    }

    @Test
    void theThemeThatIsChosenStays() {
        Panel panel = Panel.open(browser.page(Browser.View.DESKTOP.dark()), service.base(), "");
        String ground =
                "() => getComputedStyle(document.querySelector('bactrian-panel').shadowRoot.querySelector('.panel'))"
                        + ".backgroundColor";
        assertThat(panel.key()).isVisible();
        Object dark = panel.page().evaluate(ground);

        panel.buttons("Switch to light").click();
        Object light = panel.page().evaluate(ground);
        assertThat(light).isNotEqualTo(dark);
        panel.page().reload();
        assertThat(panel.key()).isVisible();
        assertThat(panel.page().evaluate(ground)).isEqualTo(light);
        panel.buttons("Switch to dark").click();
        assertThat(panel.page().evaluate(ground)).isEqualTo(dark);
    }

    @Test
    void everyViewIsAccessibleInBothThemesAndFitsAPhone() {
        Page page = browser.page();
        Panel panel = Panel.open(page, service.base(), "");
        everyTheme(page);
        panel.signIn(BactrianService.RESTORE_KEY);
        panel.in();
        for (String view : List.of("Overview", "History", "Restore", "Settings", "Check")) {
            panel.go(view).settled();
            everyTheme(page);
        }
        panel.go("Overview").button("Only certain tables…").first().click();
        everyTheme(page);
    }

    private static void backUp(Locator card) {
        card.getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Back up now"))
                .click();
    }

    private static void everyTheme(Page page) {
        for (int width : new int[] {320, 390, 1280}) {
            page.setViewportSize(width, 800);
            PageChecks.assertNoOverflow(page);
        }
        PageChecks.assertAccessible(page);
        page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.DARK));
        PageChecks.assertContrast(page);
        page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.LIGHT));
    }

    private static String path(Request request) {
        return URI.create(request.url()).getPath();
    }
}
