package dev.bactrian.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.browser.Browser;
import dev.bactrian.testing.browser.Browser.View;
import dev.bactrian.testing.browser.Picture;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import dev.bactrian.testing.stores.TestStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Makes the pictures of the page, when asked to ({@code docs/screenshots/make}), in the folder that the property {@code screenshots}
 * names: of a real service with real backups of the sample database, and a history before them that is made up.
 */
@EnabledIfSystemProperty(named = "screenshots", matches = ".+")
class ScreenshotsIT {

    @RegisterExtension
    static final Browser browser = new Browser();

    /** So that whoever reads the README doesn't wait for pictures. */
    private static final long LARGEST = 250_000;

    private static final int NIGHTS = 40;

    private static TestStore store;
    private static BactrianService service;
    private static String backup;

    @BeforeAll
    static void start() {
        TestDatabase control = PostgresServer.V17.createDatabase();
        TestDatabase shop = named(PostgresServer.V17.createDatabase(), "shop").loadSample();
        TestDatabase reports = named(PostgresServer.V17.createDatabase(), "reports");
        reports.run(
                "CREATE SCHEMA report",
                "CREATE TABLE report.sales AS SELECT i AS id, md5(i::text) AS note FROM generate_series(1, 200000) i");
        store = TestStore.start();
        service = BactrianService.start(
                Map.of(
                        "DATABASE_URL_SHOP",
                        shop.url(),
                        "DATABASE_URL_REPORTS",
                        reports.url(),
                        "VERIFY_DATABASE_URL",
                        PostgresServer.V17.createDatabase().url(),
                        "RESTORE_API_KEY",
                        BactrianService.RESTORE_KEY,
                        "BACKUP_CRON",
                        "0 0 2 * * ?",
                        "NOTIFY_FAILURE",
                        "https://hooks.example/bactrian"),
                control,
                store);
        PastBackups.insert(control, "shop", NIGHTS, 4_950_000, 106_000, 1.9);
        PastBackups.insert(control, "reports", NIGHTS, 4_250_000, 199_000, 0.5);
        // Nights that aren't like the others, as trends mark them.
        control.run(
                "UPDATE backup_history SET finished_at = started_at + interval '14 seconds' WHERE id = "
                        + "(SELECT id FROM backup_history WHERE database = 'shop' AND status = 'success' ORDER BY created_at "
                        + "DESC OFFSET 9 LIMIT 1)",
                "UPDATE backup_history SET size_bytes = size_bytes * 0.4, rows_total = rows_total * 0.45 WHERE id = "
                        + "(SELECT id FROM backup_history WHERE database = 'shop' AND status = 'success' ORDER BY created_at "
                        + "DESC OFFSET 21 LIMIT 1)");
        backup = good("shop");
        good("reports");
        String proof = BactrianService.json(service.send("POST", "/api/backups/" + backup + "/verify", null)
                        .body())
                .path("id")
                .asText();
        org.awaitility.Awaitility.await()
                .atMost(java.time.Duration.ofMinutes(1))
                .until(() -> BactrianService.json(service.send("GET", "/api/restores/" + proof, null)
                                .body())
                        .path("status")
                        .asText()
                        .equals("success"));
        // As they are hours later.
        control.run("UPDATE backup_history SET created_at = created_at - interval '6 hours', "
                + "started_at = started_at - interval '6 hours', finished_at = finished_at - interval '6 hours', "
                + "verified_at = verified_at - interval '5 hours' WHERE created_at > now() - interval '5 minutes'");
    }

    @AfterAll
    static void stop() {
        service.close();
        store.close();
    }

    @Test
    void takesThem() throws IOException {
        View desktop = View.DESKTOP.sharp();
        Panel panel = signedIn(desktop);
        take(panel, "overview", desktop);
        panel.go("History");
        take(panel, "history", desktop);
        panel.buttons("Details of the backup of shop").first().click();
        assertThat(panel.dialog().locator(".tables")).isVisible();
        take(panel, "backup", desktop);
        panel.button("Close").click();
        restore(panel);
        take(panel, "restore", desktop);
        panel.go("Settings");
        panel.page().locator("[name=keep_last]").fill("14");
        assertThat(panel.text("would be deleted")).isVisible();
        take(panel, "settings", desktop);
        take(signedIn(desktop.dark()), "overview", desktop.dark());
        for (View phone : List.of(View.PHONE.sharp(), View.PHONE.sharp().dark())) {
            take(signedIn(phone), "phone", phone);
        }
        try (Stream<Path> made = Files.list(folder())) {
            assertThat(made.filter(file -> file.toString().endsWith(".png")))
                    .hasSizeGreaterThanOrEqualTo(8)
                    .allSatisfy(file -> assertThat(file)
                            .satisfies(it -> assertThat(Files.size(it)).isLessThan(LARGEST)));
        }
    }

    private static void restore(Panel panel) {
        panel.go("Restore");
        panel.page().locator("select").first().selectOption(backup);
        panel.page().getByLabel("Certain tables").check();
        panel.page().getByLabel("Find a table").fill("order");
        Locator tables = panel.page()
                .getByRole(AriaRole.GROUP, new Page.GetByRoleOptions().setName("Tables"))
                .getByRole(AriaRole.CHECKBOX);
        tables.nth(0).check();
        tables.nth(1).check();
        panel.button("See what would happen").click();
        panel.awaitWords(panel.page().getByLabel("Outcome"), "would be loaded");
    }

    private static Panel signedIn(View view) {
        Panel panel = Panel.open(browser.page(view), service.base(), "overview");
        panel.signIn(BactrianService.RESTORE_KEY);
        panel.in().page().locator(".trend select").selectOption("shop");
        return panel;
    }

    private static void take(Panel panel, String name, View view) {
        panel.settled();
        // What the pointer is over looks otherwise.
        panel.page().mouse().move(0, 0);
        panel.page().evaluate("() => scrollTo(0, 0)");
        String theme = view.theme().name().toLowerCase(java.util.Locale.ROOT);
        Picture.save(panel.page().screenshot(), folder().resolve(name + "-" + theme + ".png"));
    }

    private static Path folder() {
        return Path.of(System.getProperty("screenshots"));
    }

    private static String good(String database) {
        String id = service.request("{\"database\": \"" + database + "\"}");
        assertThat(service.awaitEnd(id).path("status").asText()).isEqualTo("success");
        return id;
    }

    /** Under a name that looks well in a picture. */
    private static TestDatabase named(TestDatabase database, String name) {
        PostgresServer.V17.createDatabase().run("ALTER DATABASE " + database.name() + " RENAME TO " + name);
        return new TestDatabase(database.port(), name);
    }
}
