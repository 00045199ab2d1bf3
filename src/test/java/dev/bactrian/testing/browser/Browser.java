package dev.bactrian.testing.browser;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ReducedMotion;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A real Chromium for the tests of one class, registered as a static extension. Each test opens pages of its own, which share
 * nothing with another test's. A test fails at its end when the browser complained of anything that it didn't
 * {@link #expect}, or didn't complain of what it did. Of a test that fails, pictures lie in {@code target/screenshots}.
 */
public final class Browser implements BeforeAllCallback, AfterTestExecutionCallback, AfterAllCallback {

    private static final String CLI_DIR = "playwright.cli.dir";
    private static final Path PICTURES = Path.of("target", "screenshots");
    /** What is waited for comes at once, but on machines that do much besides. */
    private static final double LONGEST_MILLIS = 20_000;

    /** These work in a container, as root, and without a network; nothing is asked of anybody but the page. */
    private static final List<String> FLAGS = List.of(
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync");

    /** How a page is looked at: its size in CSS pixels, its theme, and pixels of the device per CSS pixel. */
    public record View(int width, int height, ColorScheme theme, double scale) {

        public static final View DESKTOP = new View(1280, 800, ColorScheme.LIGHT, 1);
        public static final View PHONE = new View(390, 844, ColorScheme.LIGHT, 1);

        /** The narrowest that nothing may overflow at (WCAG 2.2, 1.4.10). */
        public static final View NARROW = new View(320, 640, ColorScheme.LIGHT, 1);

        public View dark() {
            return new View(width, height, ColorScheme.DARK, scale);
        }

        public View sharp() {
            return new View(width, height, theme, 2);
        }
    }

    private final List<Page> pages = new ArrayList<>();
    private final List<BrowserContext> contexts = new ArrayList<>();
    private Complaints complaints = new Complaints();
    private Playwright playwright;
    private com.microsoft.playwright.Browser browser;

    @Override
    public void beforeAll(ExtensionContext context) {
        // Unpacked by the build: otherwise each Java would unpack 126 MB for itself.
        if (System.getProperty(CLI_DIR) == null) {
            System.setProperty(
                    CLI_DIR, Path.of("target", "playwright").toAbsolutePath().toString());
        }
        PlaywrightAssertions.setDefaultAssertionTimeout(LONGEST_MILLIS);
        playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        browser = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(program())
                        .setHeadless(true)
                        .setArgs(FLAGS));
    }

    /** A page in a session of its own, with nothing opened yet. */
    public Page page(View view) {
        BrowserContext context = browser.newContext(new com.microsoft.playwright.Browser.NewContextOptions()
                .setViewportSize(view.width(), view.height())
                .setColorScheme(view.theme())
                // What fades in would be looked at half way.
                .setReducedMotion(ReducedMotion.REDUCE)
                .setDeviceScaleFactor(view.scale())
                .setLocale("en-GB")
                .setTimezoneId("UTC"));
        contexts.add(context);
        context.setDefaultTimeout(LONGEST_MILLIS);
        context.onPage(page -> {
            pages.add(page);
            complaints.listenTo(page);
        });
        context.addInitScript(Complaints.REPORT_VIOLATIONS);
        return context.newPage();
    }

    public Page page() {
        return page(View.DESKTOP);
    }

    /** Lets the browser complain, and holds it to it: a regular expression that is to be found in what it says. */
    public void expect(String pattern) {
        complaints.expect(pattern);
    }

    @Override
    public void afterTestExecution(ExtensionContext context) {
        Complaints heard = complaints;
        complaints = new Complaints();
        try {
            boolean failed = context.getExecutionException().isPresent();
            Optional<String> problem = failed ? Optional.empty() : heard.problem();
            if (failed || problem.isPresent()) {
                takePictures(context.getRequiredTestClass().getSimpleName() + "-"
                        + context.getRequiredTestMethod().getName());
            }
            problem.ifPresent(text -> {
                throw new AssertionError(text);
            });
            if (failed) {
                // What the browser said often tells why.
                context.publishReportEntry("browser", heard.toString());
                context.getExecutionException().orElseThrow().addSuppressed(new AssertionError(heard.toString()));
            }
        } finally {
            contexts.forEach(BrowserContext::close);
            contexts.clear();
            pages.clear();
        }
    }

    private void takePictures(String name) {
        for (Page page : pages) {
            if (!page.isClosed()) {
                page.screenshot(new Page.ScreenshotOptions()
                        .setFullPage(true)
                        .setPath(PICTURES.resolve(name + "-" + pages.indexOf(page) + ".png")));
            }
        }
    }

    @Override
    public void afterAll(ExtensionContext context) {
        playwright.close();
    }

    /** As {@code src/test/scripts/install-chromium} looks for it. */
    private static Path program() {
        String chosen = System.getenv("CHROMIUM");
        Stream<Path> places = Stream.of(System.getenv("PATH").split(java.io.File.pathSeparator, -1))
                .map(Path::of);
        List<Path> folders = places.toList();
        Stream<Path> found = Stream.of(
                        "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
                .flatMap(name -> folders.stream().map(folder -> folder.resolve(name)));
        return Stream.of(
                        Stream.ofNullable(chosen)
                                .filter(name -> !name.isEmpty())
                                .map(Path::of),
                        found,
                        Stream.of(Path.of("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")))
                .flatMap(candidates -> candidates)
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new AssertionError("No Chromium here. Run: src/test/scripts/install-chromium"));
    }
}
