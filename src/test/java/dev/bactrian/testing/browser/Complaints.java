package dev.bactrian.testing.browser;

import com.microsoft.playwright.ConsoleMessage;
import com.microsoft.playwright.Page;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** What a browser complains of while a test runs: its console, uncaught errors, requests without an answer. */
final class Complaints {

    /** Violations of the policy then stand in the console beside what else is wrong; in every frame, from the start. */
    static final String REPORT_VIOLATIONS =
            """
            addEventListener('securitypolicyviolation', event => console.error(
                `securitypolicyviolation: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`), true);
            """;

    private static final Set<String> LEVELS = Set.of("error", "warning", "assert");

    /** What a page gives up by itself: events that it followed, or all when it is left. */
    private static final String GIVEN_UP = "net::ERR_ABORTED";

    private final List<String> heard = new ArrayList<>();
    private final List<Pattern> expected = new ArrayList<>();

    void listenTo(Page page) {
        page.onConsoleMessage(this::hear);
        page.onPageError(error -> heard.add("uncaught: " + error));
        page.onCrash(crashed -> heard.add("the page crashed: " + crashed.url()));
        page.onRequestFailed(request -> {
            if (!GIVEN_UP.equals(request.failure())) {
                heard.add("request failed: " + request.method() + " " + request.url() + " " + request.failure());
            }
        });
    }

    void expect(String pattern) {
        expected.add(Pattern.compile(pattern));
    }

    private void hear(ConsoleMessage message) {
        if (LEVELS.contains(message.type())) {
            heard.add("console " + message.type() + ": " + message.text() + " (" + message.location() + ")");
        }
    }

    /** What makes the test fail, if anything. */
    Optional<String> problem() {
        List<String> unexpected = heard.stream()
                .filter(text -> expected.stream()
                        .noneMatch(pattern -> pattern.matcher(text).find()))
                .toList();
        List<String> missing = expected.stream()
                .filter(pattern ->
                        heard.stream().noneMatch(text -> pattern.matcher(text).find()))
                .map(Pattern::pattern)
                .toList();
        if (unexpected.isEmpty() && missing.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of((unexpected.isEmpty() ? "" : "The browser complained:\n" + String.join("\n", unexpected))
                + (missing.isEmpty() ? "" : "\nThe browser was expected to say: " + missing));
    }

    @Override
    public String toString() {
        return "The browser said: " + heard;
    }
}
