package dev.bactrian.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bactrian.http.api.ApiException;
import dev.bactrian.http.page.PageFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PageFilesTest {

    private static final Path FILES = Path.of("src/main/resources/web");
    private static final CamelContext CAMEL = new DefaultCamelContext();

    private final PageFiles files = new PageFiles();

    @Test
    void everyFileOfThePageCanBeAskedFor() throws IOException {
        for (String name : names()) {
            assertThat(answer(name).getMessage().getBody(byte[].class))
                    .as(name)
                    .isEqualTo(Files.readAllBytes(FILES.resolve(name)));
        }
    }

    /** A file that nothing loads is dead weight; one that isn't there breaks the page for whoever comes upon it. */
    @Test
    void whatThePageLoadsIsThereAndNothingElse() {
        Set<String> loaded = PageImports.of(path -> {
            try {
                return new String(
                        answer(path.equals("/") ? "index.html" : files.name(path))
                                .getMessage()
                                .getBody(byte[].class),
                        java.nio.charset.StandardCharsets.UTF_8);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });

        assertThat(loaded)
                .containsAll(names().stream()
                        .filter(name -> !name.equals("index.html"))
                        .map(name -> PageFiles.PATH + name)
                        .toList());
    }

    @Test
    void nothingOfThePageComesFromElsewhereOrStandsInline() throws IOException {
        for (String name : names()) {
            String text = Files.readString(FILES.resolve(name))
                    .replace("http://www.w3.org/", "")
                    .replaceAll("https://(github\\.com/|backups\\.example\\.com)", "");
            assertThat(text).as(name).doesNotContainPattern("(?:https?:)?//[a-z0-9-]+\\.[a-z]");
        }
        assertThat(Files.readString(FILES.resolve("index.html")))
                .doesNotContainPattern("(?i)<style|\\sstyle=|\\son[a-z]+=|javascript:|<script(?![^>]*\\ssrc=)");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                ".",
                "..",
                "../openapi.yaml",
                "../logback.xml",
                "lib/../index.html",
                "./index.html",
                "/index.html",
                "//index.html",
                "lib\\x.js",
                "%2e%2e/logback.xml",
                "index.html\u0000.js",
                "index.html\n",
                "Index.html",
                ".hidden.js",
                "page.css.map",
                "a/b/c/d/e.js"
            })
    void namesOfAnotherFormAreNobodys(String name) {
        assertThatThrownBy(() -> answer(name)).isInstanceOf(ApiException.class);
    }

    @Test
    void aNameIsWhatFollowsThePath() {
        assertThat(files.name("/web/lib/x.js")).isEqualTo("lib/x.js");
        assertThat(files.name("lib/x.js")).isEqualTo("lib/x.js");
    }

    private Exchange answer(String name) throws IOException {
        Exchange exchange = new DefaultExchange(CAMEL);
        files.answer(exchange, name, null, null);
        return exchange;
    }

    private static List<String> names() {
        try (Stream<Path> found = Files.walk(FILES)) {
            return found.filter(Files::isRegularFile)
                    .map(file -> FILES.relativize(file).toString())
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
