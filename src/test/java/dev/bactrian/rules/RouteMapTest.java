package dev.bactrian.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/**
 * docs/routes.md shows the routes as they are. What has changed is written there by
 * {@code ./mvnw test -Dtest=RouteMapTest -Dbactrian.write=true}.
 */
class RouteMapTest {

    private static final Path PAGE = Path.of("docs/routes.md");
    private static final String BEGIN = "<!-- made from the route files, by RouteMapTest -->\n\n";
    private static final String END = "\n<!-- end of what is made -->\n";

    @Test
    void thePageShowsTheRoutesAsTheyAre() throws IOException {
        String page = Files.readString(PAGE);
        int begin = page.indexOf(BEGIN) + BEGIN.length();
        int end = page.indexOf(END);
        assertThat(end).isGreaterThan(begin);
        String map = new RouteMap().markdown();
        if (Boolean.getBoolean("bactrian.write")) {
            Files.writeString(PAGE, page.substring(0, begin) + map + page.substring(end));
            return;
        }

        assertThat(page.substring(begin, end))
                .as("./mvnw test -Dtest=RouteMapTest -Dbactrian.write=true writes it")
                .isEqualTo(map);
    }
}
