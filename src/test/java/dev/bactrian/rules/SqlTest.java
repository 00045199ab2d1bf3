package dev.bactrian.rules;

import static dev.bactrian.rules.SourceFiles.all;
import static dev.bactrian.rules.SourceFiles.files;
import static dev.bactrian.rules.SourceFiles.routeFiles;
import static dev.bactrian.rules.SourceFiles.text;
import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The rules of the house for queries: which routes write which table, and that each query is used. */
class SqlTest {

    private static final Pattern WRITING_SQL =
            Pattern.compile("sql/(?:[a-z]+/)+(?:insert|mark|claim|forget|cancel)-[a-z-]+\\.sql");

    /** No table follows the UPDATE of FOR UPDATE and of DO UPDATE. */
    private static final Pattern WRITTEN_TABLE =
            Pattern.compile("\\b(?:INSERT INTO|(?<!FOR |DO )UPDATE|DELETE FROM) (\\w+)");

    @Test
    void eachTableIsWrittenByRoutesOfItsOwn() {
        Map<String, String> writers = Map.of(
                "routes/control/status.camel.yaml", "backup_history",
                "routes/control/queue.camel.yaml", "backup_history",
                "routes/control/request.camel.yaml", "backup_dispatches",
                // Only its own columns, which say who was told.
                "routes/control/notify.camel.yaml", "backup_history",
                "routes/control/status-external.camel.yaml", "backup_history",
                // What comes after a backup's end: other columns.
                "routes/retention/archive-status.camel.yaml", "backup_history",
                "routes/control/restore-status.camel.yaml", "restore_history",
                "routes/settings/settings.camel.yaml", "system_settings_kv");
        for (Path file : routeFiles()) {
            Set<String> written = new TreeSet<>();
            WRITING_SQL.matcher(text(file)).results().forEach(found -> WRITTEN_TABLE
                    .matcher(text(Path.of(found.group())).replaceAll("--[^\n]*", ""))
                    .results()
                    .forEach(table -> written.add(table.group(1))));
            String own = writers.get(file.toString());
            assertThat(written).as(file.toString()).isEqualTo(own == null ? Set.of() : Set.of(own));
            assertThat(text(file))
                    .as(file.toString())
                    .doesNotContainPattern("(?i)\\b(INSERT INTO|UPDATE backup|UPDATE restore|DELETE FROM)\\b");
        }
    }

    @Test
    void aQueryThatWritesIsNamedForIt() {
        for (Path file : files("sql", ".sql")) {
            String statements = text(file).replaceAll("--[^\n]*", "");
            boolean writes = Pattern.compile("(?i)\\b(INSERT INTO|UPDATE \\w+|DELETE FROM|TRUNCATE)\\b")
                    .matcher(statements.replaceAll("(?i)FOR UPDATE", ""))
                    .find();
            assertThat(WRITING_SQL.matcher(file.toString()).matches())
                    .as(file.toString())
                    .isEqualTo(writes);
        }
    }

    @Test
    void noJavaWritesTheHistory() {
        assertThat(files("src/main/java", ".java")).allSatisfy(file -> assertThat(text(file))
                .as(file.toString())
                .doesNotContainPattern("(?i)(INSERT INTO|UPDATE|DELETE FROM) (backup|restore)_history"));
    }

    @Test
    void everyQueryIsUsedAndEveryUsedQueryIsThere() {
        String users = all(routeFiles()) + all(files("src/main/java", ".java"));
        Set<String> there = files("sql", ".sql").stream().map(Path::toString).collect(toCollection(TreeSet::new));

        assertThat(there).isNotEmpty().allSatisfy(file -> assertThat(users)
                .contains(Path.of(file).getFileName().toString()));
        assertThat(Pattern.compile("file:(sql/[a-z0-9/-]+\\.sql)")
                        .matcher(users)
                        .results()
                        .map(found -> found.group(1)))
                .isNotEmpty()
                .allSatisfy(file -> assertThat(there).contains(file));
    }
}
