package dev.bactrian.testing.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.deque.html.axecore.results.Rule;
import com.microsoft.playwright.Page;
import java.util.List;
import java.util.stream.Collectors;

/** What must hold of every view of the page. */
public final class PageChecks {

    private static final List<String> WCAG = List.of("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa");

    /** Names of elements, through open shadow roots, that reach beyond the window to the right. */
    private static final String TOO_WIDE =
            """
            () => {
              const found = [];
              const visit = root => {
                for (const element of root.querySelectorAll('*')) {
                  const { right, width } = element.getBoundingClientRect();
                  if (width > 0 && right > innerWidth + 1) {
                    const name = element.localName + (element.className ? '.' + element.className : '');
                    found.push(`${name} to ${Math.round(right)}: ${element.textContent.trim().slice(0, 40)}`);
                  }
                  if (element.shadowRoot) visit(element.shadowRoot);
                }
              };
              const page = document.scrollingElement;
              if (page.scrollWidth > innerWidth) {
                visit(document);
                found.unshift(`the page is ${page.scrollWidth} wide in a window of ${innerWidth}`);
              }
              return found;
            }
            """;

    private PageChecks() {}

    /** No violation of WCAG 2.2 at level AA that axe-core knows to find. */
    public static void assertAccessible(Page page) {
        assertNone(page, new AxeBuilder(page).withTags(WCAG));
    }

    /** Of that the part which another theme may change, in a fraction of the time. */
    public static void assertContrast(Page page) {
        assertNone(page, new AxeBuilder(page).withRules(List.of("color-contrast")));
    }

    private static void assertNone(Page page, AxeBuilder axe) {
        List<Rule> violations = axe.analyze().getViolations();
        assertThat(violations.stream().map(PageChecks::describe).collect(Collectors.joining("\n")))
                .as("what axe-core finds at %s", page.url())
                .isEmpty();
    }

    /** Nothing has to be scrolled to sideways. */
    public static void assertNoOverflow(Page page) {
        assertThat((List<?>) page.evaluate(TOO_WIDE))
                .as("too wide at %s", page.url())
                .isEmpty();
    }

    private static String describe(Rule rule) {
        return rule.getId() + ": " + rule.getHelp() + " (" + rule.getHelpUrl() + ")"
                + rule.getNodes().stream()
                        .map(node ->
                                "\n  " + node.getTarget() + "\n  " + node.getHtml() + "\n  " + node.getFailureSummary())
                        .collect(Collectors.joining());
    }
}
