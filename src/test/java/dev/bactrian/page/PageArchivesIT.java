package dev.bactrian.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.playwright.Download;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.SelectOption;
import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.browser.Browser;
import dev.bactrian.testing.browser.PageChecks;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import dev.bactrian.testing.stores.TestStore;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Map;
import java.util.stream.StreamSupport;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The page in a browser: the history, what archives hold, and how they come back. */
class PageArchivesIT {

    @RegisterExtension
    static final Browser browser = new Browser();

    private static final int NIGHTS = 60;

    /** Long, and made of what must be quoted. */
    private static final String LONG_TABLE = "Bestellungen & \"Rechnungen\" <b>2026</b> aller Filialen in Mü";

    private static TestDatabase control;
    private static TestDatabase source;
    private static TestStore store;
    private static BactrianService service;
    private static JsonNode backup;

    @BeforeAll
    static void start() {
        control = PostgresServer.V17.createDatabase();
        source = PostgresServer.V17.createDatabase();
        source.run(
                "CREATE SCHEMA app",
                "CREATE TABLE app.orders AS SELECT i AS id, repeat('x', 100) AS note FROM generate_series(1, 2000) i",
                "CREATE TABLE app.customers AS SELECT i AS id FROM generate_series(1, 50) i",
                "CREATE TABLE app.\"" + LONG_TABLE.replace("\"", "\"\"") + "\" AS SELECT 1 AS id",
                "DO $$ BEGIN FOR i IN 1..150 LOOP EXECUTE format('CREATE TABLE app.many_%s (id int)', i); END LOOP;"
                        + " END $$");
        store = TestStore.start();
        service = BactrianService.start(
                Map.of(
                        "DATABASE_URL",
                        source.url(),
                        "RESTORE_API_KEY",
                        BactrianService.RESTORE_KEY,
                        "VERIFY_DATABASE_URL",
                        source.url()),
                control,
                store);
        backup = service.goodBackUp();
        PastBackups.insert(control, "default", NIGHTS, 212_000_000, 9_000_000, 40);
    }

    @AfterAll
    static void stop() {
        service.close();
        store.close();
    }

    @Test
    void theHistoryIsFilteredAndPaged() {
        Panel panel = Panel.signedIn(browser.page(), service, "history");
        Locator rows = panel.page().locator("tr.backup");
        assertThat(rows).hasCount(25);
        assertThat(panel.button("Newer")).isDisabled();

        panel.button("Older").click();
        assertThat(panel.text("Page 2")).isVisible();
        panel.button("Older").click();
        assertThat(rows).hasCount(backups() - 50);
        assertThat(panel.button("Older")).isDisabled();
        panel.button("Newer").click();
        panel.button("Newer").click();
        assertThat(panel.button("Newer")).isDisabled();
        assertThat(rows).hasCount(25);

        choose(panel, "Status", "Failed");
        assertThat(rows).hasCount((NIGHTS - 4 + 12) / 13);
        assertThat(panel.page().locator("tr.why").first()).containsText("GRANT pg_read_all_data TO backup;");
        choose(panel, "Status", "All");
        choose(panel, "Requested by", "Push");
        assertThat(rows).hasCount((NIGHTS - 3 + 10) / 11);
        assertThat(panel.link("acme/shop").first()).hasAttribute("href", "https://github.com/acme/shop");
        assertThat(panel.link("main").first()).hasAttribute("href", "https://github.com/acme/shop/tree/main");
        choose(panel, "Status", "Cancelled");
        assertThat(panel.text("No backup matches")).isVisible();
        panel.button("Show all").click();
        assertThat(rows).hasCount(25);
    }

    @Test
    void whatTurnsTextAroundIsShownAsItsNumber() {
        control.run("UPDATE backup_history SET source_ref = U&'refs/heads/m\\202Eniam' WHERE id = (SELECT id FROM"
                + " backup_history WHERE source_ref IS NOT NULL ORDER BY created_at LIMIT 1)");
        Panel panel = Panel.signedIn(browser.page(), service, "history");

        choose(panel, "Requested by", "Push");

        assertThat(panel.link("m\\u{202e}niam")).isVisible();
        assertThat(panel.link("m\\u{202e}niam"))
                .hasAttribute("href", "https://github.com/acme/shop/tree/m%E2%80%AEniam");
    }

    @Test
    void aDownloadIsTheArchive() throws IOException {
        Panel panel = drawer(BactrianService.API_KEY);

        Download download =
                panel.page().waitForDownload(() -> panel.button("Download").click());

        assertThat(download.suggestedFilename()).endsWith(".zip");
        assertThat(download.path())
                .hasSameBinaryContentAs(store.download(backup.path("s3_key").asText()));
    }

    @Test
    void oneTableIsDownloadedAsItLiesInTheArchive() throws IOException {
        Panel panel = drawer(BactrianService.API_KEY);
        panel.page().getByLabel("Find a table").fill("ORDERS");
        assertThat(panel.text("1 table found")).hasCount(1);

        JsonNode orders = StreamSupport.stream(
                        BactrianService.json(service.send(
                                                "GET",
                                                "/api/backups/"
                                                        + backup.path("id").asText() + "/manifest",
                                                null)
                                        .body())
                                .path("tables")
                                .spliterator(),
                        false)
                .filter(table -> table.path("name").asText().equals("orders"))
                .findFirst()
                .orElseThrow();
        try (ZipFile zip =
                new ZipFile(store.download(backup.path("s3_key").asText()).toFile())) {
            for (Map.Entry<String, String> part :
                    Map.of("rows", "data", "definition", "schema").entrySet()) {
                Download download = panel.page()
                        .waitForDownload(() -> panel.button("Download the " + part.getKey() + " of app.orders")
                                .click());

                String entry = orders.path(part.getValue() + "_entry").asText();
                assertThat(Files.readAllBytes(download.path()))
                        .isNotEmpty()
                        .isEqualTo(zip.getInputStream(zip.getEntry(entry)).readAllBytes());
                assertThat(download.suggestedFilename()).isEqualTo("app.orders." + part.getValue() + ".sql");
            }
        }
    }

    @Test
    void theDrawerShowsAllTablesLargestFirstAndKeepsTheAddress() {
        Panel panel = drawer(BactrianService.API_KEY);
        Locator tables = panel.dialog().locator(".tables > li");
        assertThat(tables).hasCount(100);
        assertThat(tables.first()).containsText("app.orders");
        panel.buttons("Show all 153").click();
        assertThat(tables).hasCount(153);
        panel.page().getByLabel("Find a table").fill("Filialen");
        assertThat(tables).hasCount(1);
        assertThat(tables.first()).containsText("<b>2026</b>");
        for (int width : new int[] {320, 390, 1280}) {
            panel.page().setViewportSize(width, 800);
            PageChecks.assertNoOverflow(panel.page());
            assertThat(panel.dialog()).isInViewport();
        }
        PageChecks.assertAccessible(panel.page());

        panel.button("Close").click();
        assertThat(panel.dialog()).hasCount(0);
        panel.buttons("Details of").first().click();
        assertThat(panel.dialog()).isVisible();
        String address = panel.page().url();
        assertThat(address).contains("#/history/");
        panel.page().goBack();
        assertThat(panel.dialog()).hasCount(0);
        panel.page().goForward();
        assertThat(panel.dialog()).isVisible();
        assertThat(panel.page().url()).isEqualTo(address);
    }

    @Test
    void aBackupIsProvedWhenSomebodyAsks() {
        Panel panel = drawer(BactrianService.API_KEY);

        panel.button("Verify").click();

        panel.awaitWords(panel.dialog(), "Proved. It was restored completely");
        assertThat(service.backup(backup.path("id").asText())
                        .path("verified_at")
                        .isNull())
                .isFalse();
        panel.button("Close").click();
        assertThat(panel.page().locator("tr.backup .proved").first()).isVisible();
    }

    @Test
    void nothingIsDeletedBeforeItsNameIsTyped() {
        String id = service.goodBackUp().path("id").asText();
        String name = service.backup(id).path("s3_key").asText().replaceFirst(".*/", "");
        Panel panel = drawer(BactrianService.API_KEY, id);
        panel.button("Delete…").click();
        Locator question = panel.dialog().filter(new Locator.FilterOptions().setHasText("permanently"));
        Locator delete = question.getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Delete"));
        Locator typed = question.getByRole(AriaRole.TEXTBOX);
        assertThat(delete).isDisabled();
        typed.fill(name.substring(1));
        assertThat(delete).isDisabled();
        typed.press("Enter");
        assertThat(question).isVisible();
        PageChecks.assertAccessible(panel.page());
        assertThat(service.backup(id).path("archive_deleted_at").isNull()).isTrue();

        typed.fill(name);
        delete.click();

        panel.awaitWords(panel.dialog(), "The archive was deleted");
        assertThat(service.backup(id).path("archive_deleted_at").isNull()).isFalse();
        assertThat(panel.button("Download")).hasCount(0);
    }

    /** Enter comes before the preview does: what is confirmed is what these rules delete all the same. */
    @Test
    void rulesAreKeptOnceWhatTheyDeleteIsTyped() {
        Panel panel = Panel.signedIn(browser.page(), service, "settings");
        Locator last = panel.page().locator("[name=keep_last]");
        last.fill("50");
        last.press("Enter");
        Locator question = panel.dialog().filter(new Locator.FilterOptions().setHasText("will be deleted permanently"));
        assertThat(question).isVisible();
        assertThat(question.getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Save the rules")))
                .isDisabled();
        PageChecks.assertAccessible(panel.page());
        question.getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Cancel"))
                .click();
        assertThat(question).hasCount(0);
        assertThat(BactrianService.json(
                                service.send("GET", "/api/settings", null).body())
                        .at("/retention/keep_last")
                        .isNull())
                .isTrue();
    }

    /** The service asks back where a single one would be left. */
    @Test
    void aSingleBackupIsKeptOnlyByThoseWhoSayItAgain() {
        browser.expect("status of 409");
        Panel panel = Panel.signedIn(browser.page(), service, "settings");
        Locator last = panel.page().locator("[name=keep_last]");
        last.fill("1");
        last.press("Enter");
        Locator question = panel.dialog().filter(new Locator.FilterOptions().setHasText("will be deleted permanently"));
        question.locator("[name=confirm]").fill(question.locator(".typed").textContent());
        question.getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Save the rules"))
                .click();

        Locator single = panel.dialog().filter(new Locator.FilterOptions().setHasText("Keep only one backup?"));
        assertThat(single).isVisible();
        assertThat(single).containsText("would stay. Nothing was changed.");
        PageChecks.assertAccessible(panel.page());
        single.getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Cancel"))
                .click();
        assertThat(single).hasCount(0);
        assertThat(BactrianService.json(
                                service.send("GET", "/api/settings", null).body())
                        .at("/retention/keep_last")
                        .isNull())
                .isTrue();
    }

    @Test
    void aBackupIsRestoredOnceItsTargetIsTyped() {
        Panel panel = drawer(BactrianService.RESTORE_KEY);
        String target = source.name() + "_again";
        panel.button("Restore…").click();
        assertThat(panel.heading("Restore")).isVisible();
        panel.page().getByLabel("Name of the new database").fill(target);

        panel.button("See what would happen").click();
        panel.awaitWords(panel.page().getByLabel("Outcome"), "2,051 rows of 153 tables would be loaded");
        assertThat(databases(target)).isZero();

        panel.button("Restore…").click();
        Locator restore = panel.dialog().getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Restore"));
        assertThat(restore).isDisabled();
        PageChecks.assertAccessible(panel.page());
        panel.dialog().getByRole(AriaRole.TEXTBOX).fill(target);
        restore.click();

        panel.awaitWords(panel.page().getByLabel("Outcome"), "2,051 rows of 153 tables loaded");
        assertThat(new TestDatabase(source.port(), target).contentDigests()).isEqualTo(source.contentDigests());
        PageChecks.assertAccessible(panel.page());
    }

    @Test
    void aTableOfAnyNameIsRestoredByItself() {
        Panel panel = Panel.open(browser.page(), service.base(), "restore");
        panel.signIn(BactrianService.RESTORE_KEY);
        panel.page().getByLabel("Certain tables").check();
        panel.page().getByLabel("Find a table").fill("filialen");
        panel.page()
                .getByRole(AriaRole.GROUP, new Page.GetByRoleOptions().setName("Tables"))
                .getByRole(AriaRole.CHECKBOX)
                .check();

        panel.button("See what would happen").click();

        panel.awaitWords(panel.page().getByLabel("Outcome"), "1 row of 1 table would be loaded");
    }

    private static int backups() {
        return control.jdbc().queryForObject("SELECT count(*)::int FROM backup_history", Integer.class);
    }

    private static int databases(String name) {
        return source.jdbc()
                .queryForObject("SELECT count(*)::int FROM pg_database WHERE datname = ?", Integer.class, name);
    }

    private static Panel drawer(String key) {
        return drawer(key, backup.path("id").asText());
    }

    private static Panel drawer(String key, String id) {
        Panel panel = Panel.open(browser.page(), service.base(), "history/" + id);
        panel.signIn(key);
        panel.in();
        assertThat(panel.dialog()).isVisible();
        return panel;
    }

    private static void choose(Panel panel, String label, String option) {
        panel.page().getByLabel(label).selectOption(new SelectOption().setLabel(option));
    }
}
