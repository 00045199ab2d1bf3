package dev.bactrian.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.Browser;
import dev.bactrian.testing.PageChecks;
import dev.bactrian.testing.PostgresServer;
import dev.bactrian.testing.TestDatabase;
import dev.bactrian.testing.TestStore;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class PageIT {

    @RegisterExtension
    static final Browser browser = new Browser();

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

    @Test
    void opens() {
        Page page = browser.page();
        page.navigate(service.base());
        assertThat(page.title()).isEqualTo("Bactrian");
        PageChecks.assertAccessible(page);
        PageChecks.assertNoOverflow(page);
    }
}
