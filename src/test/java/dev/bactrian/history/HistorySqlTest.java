package dev.bactrian.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Relations of the history get their schema, and nothing else of a statement changes. */
class HistorySqlTest {

    private static final HistorySchema SCHEMA = new HistorySchema("own");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "SELECT * FROM backup_history | SELECT * FROM \"own\".backup_history",
                "SELECT * FROM a, backup_history b, restore_history WHERE x IN (1, backup_history)"
                        + " | SELECT * FROM a, \"own\".backup_history b, \"own\".restore_history WHERE x IN (1, backup_history)",
                "SELECT backup_history.id, backup_history FROM backup_history"
                        + " | SELECT backup_history.id, backup_history FROM \"own\".backup_history",
                "UPDATE \"backup_history\" SET a = 1 | UPDATE \"own\".\"backup_history\" SET a = 1",
                "UPDATE ONLY backup_history SET a = 1 | UPDATE ONLY \"own\".backup_history SET a = 1",
                "INSERT INTO backup_dispatches (a) VALUES ('FROM backup_history')"
                        + " | INSERT INTO \"own\".backup_dispatches (a) VALUES ('FROM backup_history')",
                "DELETE FROM backup_history USING restore_history r | DELETE FROM \"own\".backup_history USING \"own\".restore_history r",
                "SELECT 1 FROM backup_history b FOR UPDATE OF backup_history | SELECT 1 FROM \"own\".backup_history b FOR UPDATE OF backup_history",
                "INSERT INTO system_settings_kv VALUES (1) ON CONFLICT (key) DO UPDATE SET value = 2"
                        + " | INSERT INTO \"own\".system_settings_kv VALUES (1) ON CONFLICT (key) DO UPDATE SET value = 2",
                "SELECT $$ FROM backup_history $$, $a$ FROM backup_history $a$, E'\\' FROM backup_history'"
                        + " | SELECT $$ FROM backup_history $$, $a$ FROM backup_history $a$, E'\\' FROM backup_history'",
                "SELECT /* FROM backup_history */ 1 -- FROM backup_history | SELECT /* FROM backup_history */ 1 -- FROM backup_history",
                "SELECT extract(epoch FROM now()), (SELECT 1 FROM backup_history), 2"
                        + " | SELECT extract(epoch FROM now()), (SELECT 1 FROM \"own\".backup_history), 2",
                "CREATE UNIQUE INDEX IF NOT EXISTS backup_history_x ON backup_history (x)"
                        + " | CREATE UNIQUE INDEX IF NOT EXISTS backup_history_x ON \"own\".backup_history (x)",
                "DROP INDEX IF EXISTS backup_history_x | DROP INDEX IF EXISTS \"own\".backup_history_x",
                "ALTER TABLE backup_history ADD CONSTRAINT backup_history_x CHECK (a), DROP CONSTRAINT backup_history_y"
                        + " | ALTER TABLE \"own\".backup_history ADD CONSTRAINT backup_history_x CHECK (a), DROP CONSTRAINT backup_history_y",
                "LOCK TABLE backup_history, restore_history | LOCK TABLE \"own\".backup_history, \"own\".restore_history",
                "CREATE TRIGGER backup_history_t BEFORE INSERT ON backup_history FOR EACH ROW EXECUTE FUNCTION backup_history_f()"
                        + " | CREATE TRIGGER backup_history_t BEFORE INSERT ON \"own\".backup_history FOR EACH ROW EXECUTE FUNCTION \"own\".backup_history_f()",
            })
    void aRelationOfTheHistoryGetsItsSchema(String sql, String qualified) {
        assertThat(SCHEMA.in(sql)).isEqualTo(qualified);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT * FROM public.backup_history",
                "SELECT * FROM \"public\".\"backup_history\"",
                "SELECT * FROM my_backup_history",
                "SELECT a AS backup_history FROM b",
            })
    void whatHasASchemaOrIsNoneOfTheHistorysStaysAsItIs(String sql) {
        assertThat(SCHEMA.in(sql)).isEqualTo(sql);
    }

    /** Each name of a relation in the project's own SQL: as many with the schema as there are by a plain search. */
    @Test
    void everyFileOfTheProjectIsUnderstood() throws IOException {
        Pattern named = Pattern.compile(
                "(?i)\\b(?:FROM|JOIN|INTO|UPDATE|TABLE(?: IF NOT EXISTS)?|REFERENCES|ON|DROP INDEX(?: IF EXISTS)?"
                        + "|FUNCTION) (?:" + String.join("|", HistorySchema.NAMES) + ")\\w*");
        int all = 0;
        for (Path file : files()) {
            String sql = Files.readString(file).replaceAll("(?m)(^|\\s)--\\s.*$", "");
            String qualified = SCHEMA.in(sql);
            long count = named.matcher(sql).results().count();
            assertThat(Pattern.compile("\"own\"\\.")
                            .matcher(qualified)
                            .results()
                            .count())
                    .as(file.toString())
                    .isEqualTo(count);
            assertThat(qualified.replace("\"own\".", "")).as(file.toString()).isEqualTo(sql);
            all += (int) count;
        }
        assertThat(all).isGreaterThan(100);
    }

    /** A table that nothing qualifies would be looked for in pg_catalog alone. */
    @Test
    void everyTableThatAMigrationMakesIsKnown() throws IOException {
        for (Path file : files()) {
            assertThat(Pattern.compile("CREATE TABLE (?:IF NOT EXISTS )?(\\w+)")
                            .matcher(Files.readString(file))
                            .results()
                            .map(found -> found.group(1)))
                    .allSatisfy(table -> assertThat(HistorySchema.NAMES).anyMatch(table::startsWith));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "pg_mine", "information_schema", "a b", "a\"b", "1a", "a.b", "a-b"})
    void anotherNameThanThatOfAPlainSchemaIsRefused(String name) {
        assertThatThrownBy(() -> HistorySchema.parse(name))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("letters, digits and underscores");
    }

    private static List<Path> files() throws IOException {
        try (Stream<Path> queries = Files.walk(Path.of("sql")).filter(Files::isRegularFile);
                Stream<Path> migrations = Files.list(Path.of("src/main/resources/db/migration"))) {
            return Stream.concat(queries, migrations).sorted().toList();
        }
    }
}
