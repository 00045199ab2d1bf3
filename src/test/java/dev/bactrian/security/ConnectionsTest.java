package dev.bactrian.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Where the service connects to a database. Each place gives its sessions a path of the server's own before anything is
 * asked there, or asks nothing that needs one; {@code SearchPathIT} sees it. A new one belongs on this list, and into a flow
 * of that test.
 */
class ConnectionsTest {

    private static final Pattern CONNECTS = Pattern.compile(
            "DriverManager\\s*\\.getConnection\\(|new Hikari(?:Config|DataSource)\\(|new PGSimpleDataSource\\(");

    private static final Map<String, String> PLACES = new TreeMap<>(Map.of(
            "history/ControlDatabase.java", "SessionSettings.ofHistory()",
            "postgres/FreshSession.java", "SessionSettings.ofSession()",
            "postgres/Snapshot.java", "SessionSettings.ofSession()",
            "supabase/storage/StorageFiles.java", "SessionSettings.ofSession()",
            "restore/Target.java", "SessionSettings.ofRestore(",
            // Values of settings, each by a function with its schema.
            "dump/ProgramSettings.java", "SessionSettings.deviations(",
            // The proof that it is a session: nothing may be set there.
            "postgres/SessionProof.java", "pg_catalog.concat_ws(",
            // Whether it can be connected to.
            "postgres/PoolerErrors.java", ".close();",
            "dump/RolesDatabase.java", ".close();"));

    @Test
    void everySessionIsGivenItsPathFirst() throws IOException {
        Map<String, String> found = new TreeMap<>();
        Path main = Path.of("src/main/java/dev/bactrian");
        try (Stream<Path> files = Files.walk(main)) {
            // Those of the demo are servers of its own.
            for (Path file : files.filter(Files::isRegularFile)
                    .filter(file -> !file.startsWith(main.resolve("demo")))
                    .toList()) {
                String code = Files.readString(file);
                String name = main.relativize(file).toString();
                if (CONNECTS.matcher(code).find()) {
                    String expected = PLACES.getOrDefault(name, "a place that isn't known here");
                    found.put(name, code.contains(expected) ? expected : "without " + expected);
                }
            }
        }
        assertThat(found).isEqualTo(PLACES);
    }

    /** While the path is the role's own, for what {@code pg_dump} finds by it, one query runs. */
    @Test
    void theQueryThatRunsUnderAnotherPathNamesEverythingWithItsSchema() throws IOException {
        String query =
                Files.readString(Path.of("sql/backup/match-patterns.sql")).replaceAll("(?m)^--.*$", "");
        String rest = query.replace("SELECT *", "SELECT")
                .replaceAll("'[^']*'", "''")
                .replaceAll("OPERATOR\\(pg_catalog\\.[^)]*\\)", " ")
                .replaceAll(":#\\$\\{[^}]*}", "1");

        assertThat(rest).doesNotContainPattern("[=<>~|+*/!-]|\\bIN \\(");
        assertThat(Pattern.compile("(?<![.\\w])(\\w+)\\s*\\(")
                        .matcher(rest)
                        .results()
                        .map(found -> found.group(1)))
                .containsOnly("AS", "ANY", "p");
        assertThat(Pattern.compile("::\\s*(\\S+)").matcher(rest).results().map(found -> found.group(1)))
                .allMatch(type -> type.startsWith("pg_catalog."));
        assertThat(Files.readString(Path.of("sql/backup/drop-search-path.sql")))
                .contains("SELECT pg_catalog.set_config(");
    }
}
