package dev.bactrian.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.AriaRole;
import dev.bactrian.testing.BactrianService;
import java.util.regex.Pattern;

/** The panel as its users find their way in it: by roles and names, not by how it is built. */
record Panel(Page page) {

    /** Until a backup or a restore of a test's small database has ended, on a busy machine. */
    private static final double LONGEST_WORK = 60_000;

    private static final int MOST_TABS = 60;

    /** Opens the page of a service, at a view, without signing in. */
    static Panel open(Page page, String base, String view) {
        page.navigate(base + "/#/" + view);
        return new Panel(page);
    }

    static Panel signedIn(Page page, BactrianService service, String view) {
        Panel panel = open(page, service.base(), view);
        panel.signIn(BactrianService.API_KEY);
        panel.in();
        return panel;
    }

    Locator key() {
        return page.getByLabel("API key");
    }

    void signIn(String key) {
        key().fill(key);
        button("Sign in").click();
    }

    /** Waits until the views are there. */
    Panel in() {
        assertThat(page.getByRole(AriaRole.NAVIGATION, new Page.GetByRoleOptions().setName("Views")))
                .isVisible();
        return this;
    }

    Panel go(String view) {
        link(view).click();
        assertThat(heading(view)).hasCount(1);
        return this;
    }

    /** Waits until nothing is being loaded. */
    Panel settled() {
        assertThat(page.locator(".loading, [aria-busy=true]")).hasCount(0);
        return this;
    }

    Locator link(String name) {
        return page.getByRole(
                AriaRole.LINK, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    Locator heading(String name) {
        return page.getByRole(
                AriaRole.HEADING, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    Locator button(String name) {
        return page.getByRole(
                AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    Locator buttons(String pattern) {
        return page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName(Pattern.compile(pattern)));
    }

    Locator text(String pattern) {
        return page.getByText(Pattern.compile(pattern));
    }

    Locator dialog() {
        return page.getByRole(AriaRole.DIALOG);
    }

    /** Card of a database on the overview. */
    Locator database(String name) {
        return page.getByRole(
                AriaRole.REGION,
                new Page.GetByRoleOptions().setName("Database " + name).setExact(true));
    }

    /** Words that come when something has been worked on. */
    void awaitWords(Locator where, String pattern) {
        assertThat(where)
                .containsText(
                        Pattern.compile(pattern, Pattern.DOTALL),
                        new LocatorAssertions.ContainsTextOptions().setTimeout(LONGEST_WORK));
    }

    void awaitGone(Locator what) {
        assertThat(what).hasCount(0, new LocatorAssertions.HasCountOptions().setTimeout(LONGEST_WORK));
    }

    /** Presses Tab until something has the focus, as whoever has no mouse. */
    void tabTo(Locator target) {
        target.waitFor();
        for (int pressed = 0; pressed < MOST_TABS; pressed++) {
            page.keyboard().press("Tab");
            if (Boolean.TRUE.equals(target.evaluate("element => element.getRootNode().activeElement === element"))) {
                return;
            }
        }
        throw new AssertionError("Tab never comes to " + target);
    }
}
