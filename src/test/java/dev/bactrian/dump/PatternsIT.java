package dev.bactrian.dump;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bactrian.dump.plan.ObjectSelection;
import dev.bactrian.postgres.Snapshot;
import dev.bactrian.postgres.url.DatabaseUrl;
import dev.bactrian.selection.Rule;
import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.Run;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.JdbcTemplate;

/** A pattern means what it means to the real pg_dump. */
class PatternsIT {

    private static final Pattern OBJECT =
            Pattern.compile("(?m)^-- Name: (.*); Type: (TABLE|VIEW|MATERIALIZED VIEW|SCHEMA); Schema: (.*); Owner: ");

    private static TestDatabase database;

    @BeforeAll
    static void create() {
        database = PostgresServer.V17.createDatabase();
        database.run("ALTER DATABASE " + database.name() + " SET search_path = shop, \"$user\", public");
        String tables = "a, b, log, log_1, log_12, log_1x, \"Log\", \"LOG_1\", \"a.b\", \"a\"\"b\", \"a$b\", \"a*b\", "
                + "\"a b\", \"[]\", \"x[]\", users, users2, \"ä\", \"Ä\", \"back\\slash\", \"a|b\"";
        for (String schema : List.of("public", "shop", "\"Odd.Schema\"", "shop2", "\"$user$\"")) {
            database.run("CREATE SCHEMA IF NOT EXISTS " + schema);
            for (String table : tables.split(", ", -1)) {
                database.run("CREATE TABLE " + schema + "." + table + " ()");
            }
        }
        database.run("CREATE TABLE public.only_public ()", "CREATE VIEW shop2.log_view AS SELECT 1 AS x");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a",
                "A",
                "log",
                "Log",
                "\"Log\"",
                "log*",
                "LOG*",
                "\"LOG\"*",
                "log_?",
                "log_[0-9]",
                "log_[0-9]+",
                "log_1(2|x)",
                "log_1.?",
                "*",
                "shop.*",
                "*.a",
                "shop*.log_1",
                "shop?.log_1",
                "SHOP.LOG",
                "\"Odd.Schema\".*",
                "odd*.a",
                "\"Odd\"*.a",
                "public.only_public",
                "only_public",
                "shop.only_public",
                "\"a.b\"",
                "*.\"a.b\"",
                "\"a\"\"b\"",
                "a$b",
                "\"a$b\"",
                "\"a*b\"",
                "a*b",
                "\"a b\"",
                "a b",
                "[]",
                "x[]",
                "\"x[]\"",
                "users|log",
                "(users|log)",
                "\"a|b\"",
                "ä",
                "Ä",
                "shop.[[:alpha:]]",
                "shop.\\w",
                "\"back\\slash\"",
                "$user$.a",
                "\"$user$\".*",
                "nothing_like_it",
                "*.*",
                "shop.[^a]",
                "shop.log_(?=1)*"
            })
    void aPatternForTablesMeansWhatPgDumpTakesItFor(String pattern) throws Exception {
        assertThat(found(Rule.Effect.EXCLUDE_TABLES, pattern)).isEqualTo(dumped("--table=" + pattern));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "shop",
                "shop*",
                "SHOP",
                "shop?",
                "\"Odd.Schema\"",
                "odd*",
                "\"O\"*",
                "*",
                "$*",
                "(shop|shop2)",
                "s[h]op2?"
            })
    void aPatternForSchemasMeansWhatPgDumpTakesItFor(String pattern) throws Exception {
        Set<String> found = found(Rule.Effect.EXCLUDE_SCHEMAS, pattern);
        // It is there in every database: pg_dump doesn't always say that it creates it.
        found.remove("public");

        assertThat(found)
                .isEqualTo(dumped("--schema=" + pattern).stream()
                        .filter(name -> !name.contains("\t") && !"public".equals(name))
                        .collect(Collectors.toSet()));
    }

    private static Set<String> found(Rule.Effect effect, String pattern) throws Exception {
        String query =
                Files.readString(Path.of("sql/backup/match-patterns.sql")).replaceAll(":#\\$\\{[^}]*}", "?");
        try (Snapshot snapshot = Snapshot.export(DatabaseUrl.parse(database.url()))) {
            JdbcTemplate jdbc = new JdbcTemplate(snapshot.dataSource());
            jdbc.queryForList(Files.readString(Path.of("sql/backup/use-search-path.sql")));
            Set<String> names = new TreeSet<>();
            jdbc.queryForList(query, new ObjectSelection().patterns(List.of(Rule.of(effect, "TEST", pattern))))
                    .forEach(row -> names.add(
                            row.get("name") == null
                                    ? "" + row.get("schema")
                                    : row.get("schema") + "\t" + row.get("name")));
            jdbc.queryForList(Files.readString(Path.of("sql/backup/drop-search-path.sql")));
            assertThat(jdbc.queryForObject("SHOW search_path", String.class)).isEqualTo("pg_catalog, pg_temp");
            return names;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Set<String> dumped(String option) {
        Run run = Run.shell(
                Path.of("."),
                Map.of("URL", database.url(), "OPTION", option, "LANG", "C.UTF-8"),
                BactrianService.pg17() + "/pg_dump -d \"$URL\" --schema-only --encoding=UTF8 \"$OPTION\"");
        assertThat(run.exit() == 0 || run.err().contains("no matching "))
                .as(run.err())
                .isTrue();
        return OBJECT.matcher(run.out())
                .results()
                .map(object ->
                        "SCHEMA".equals(object.group(2)) ? object.group(1) : object.group(3) + "\t" + object.group(1))
                // PostgreSQL's own are never saved, which pg_dump leaves to whoever writes the pattern.
                .filter(name -> !name.matches("(pg_catalog|pg_toast|information_schema)(\t.*)?"))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
