package dev.bactrian.dump.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bactrian.problem.ProblemException;
import dev.bactrian.selection.Relation;
import dev.bactrian.selection.Relation.Named;
import dev.bactrian.selection.Selection;
import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The real pg_dump leaves out exactly the names it is given, however they look and however many they are. */
class SelectionArgumentsIT {

    private static final List<String> ODD = List.of(
            "a", "A", "a.b", "a\"b", "a$b", "a*", "a|b", "(a)", "[a]", "a\\b", "a b", "{a}", "^a", "a?", "a+", "ä",
            "-a");

    @Test
    void oddNamesAreMeantLiterally() throws Exception {
        TestDatabase database = PostgresServer.V17.createDatabase().run("CREATE SCHEMA \"o.\"\"d|d\"");
        for (String name : ODD) {
            database.run("CREATE TABLE \"o.\"\"d|d\"." + Relation.quote(name) + " ()");
        }
        for (String out : ODD) {
            assertThat(tables(database, selection(Set.of(), Set.of(new Named("o.\"d|d", out)))))
                    .as(out)
                    .hasSize(ODD.size() - 1)
                    .noneMatch(
                            line -> line.contains(" " + Relation.quote(out) + " ") || line.contains("." + out + " "));
        }
        assertThat(tables(database, selection(Set.of("o.\"d|d"), Set.of()))).isEmpty();
    }

    @Test
    void thousandsOfNamesAreNoTrouble() throws Exception {
        TestDatabase database = PostgresServer.V17
                .createDatabase()
                .run(
                        "DO $$ BEGIN FOR n IN 1..3000 LOOP EXECUTE format('CREATE TABLE %I ()', 'a table with a long name ' || n);"
                                + " IF n % 500 = 0 THEN COMMIT; END IF; END LOOP; END $$");
        Set<Named> out = IntStream.rangeClosed(2, 3000)
                .mapToObj(n -> new Named("public", "a table with a long name " + n))
                .collect(Collectors.toSet());

        assertThat(tables(database, selection(Set.of(), out))).hasSize(1);
    }

    @Test
    void whatDoesNotFitOnACommandLineIsToldBefore() {
        Set<String> schemas = IntStream.range(0, 50_000)
                .mapToObj(n -> "a schema with a long name " + n)
                .collect(Collectors.toSet());

        assertThatThrownBy(() -> SelectionArguments.refuseTooLong(selection(schemas, Set.of())))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("1500000");
    }

    private static Selection selection(Set<String> schemas, Set<Named> relations) {
        return new Selection(schemas, relations, Set.of(), Set.of(), true, List.of(), List.of(), List.of());
    }

    private static List<String> tables(TestDatabase database, Selection selection) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                BactrianService.pg17().resolve("pg_dump").toString(),
                "-d",
                database.url(),
                "--schema-only",
                "--encoding=UTF8"));
        command.addAll(SelectionArguments.of(selection));
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        Process process = builder.start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isZero();
        return text.lines().filter(line -> line.startsWith("CREATE TABLE")).toList();
    }
}
