package dev.bactrian.postgres.script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bactrian.selection.Relation;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which table the rows that follow belong to. */
class CopyStatementTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "t",
                "a.b",
                "a\"b",
                "\"",
                "\"\"",
                "a\nb",
                " ",
                "FROM stdin;",
                "\".\"",
                "a\" (\"b",
                "it's",
                "ä€",
                "\\."
            })
    void aTableIsFoundWhateverItsName(String name) throws IOException {
        for (String columns : new String[] {"(\"id\", \"x\"\"y\")", "", "(\"a) FROM stdin;\")", "(\"a\nb\")"}) {
            String quoted = Relation.quote(name);

            assertThat(CopyStatement.parse("COPY " + quoted + "." + quoted + " " + columns + " FROM stdin;"))
                    .satisfies(copy -> assertThat(copy.schema()).isEqualTo(name))
                    .satisfies(copy -> assertThat(copy.table()).isEqualTo(name));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "a\"b", ", ", "\", \"", "a)", "(b", "x FROM stdin;", "a\nb"})
    void columnsAreFoundWhateverTheirNames(String name) throws IOException {
        assertThat(CopyStatement.parse("COPY \"s\".\"t\" (" + Relation.quote(name) + ", \"b\") FROM stdin;")
                        .columns())
                .containsExactly(name, "b");
        assertThat(CopyStatement.parse("COPY \"s\".\"t\"  FROM stdin;").columns())
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "COPY \"s\".\"t\" FROM PROGRAM 'touch x'; COPY \"s\".\"t\" FROM stdin;",
                "COPY \"s\".\"t\" (\"a\") FROM PROGRAM 'x' (\"b\") FROM stdin;",
                "COPY \"s\".\"t\" (\"a\" , \"b\") FROM stdin;",
                "COPY public.t (id) FROM stdin;",
                "COPY \"t\" (\"id\") FROM stdin;",
                "COPY \"s\".\"t\" (\"id\") TO stdout;",
                "COPY \"s\".\"t\" (\"id\") FROM stdin",
                "COPY \"s\".\"t (\"id\") FROM stdin;",
                "copy \"s\".\"t\" (\"id\") FROM stdin;",
                " COPY \"s\".\"t\" (\"id\") FROM stdin;",
                ""
            })
    void anotherFormIsAnErrorAndNotAGuess(String statement) {
        assertThatThrownBy(() -> CopyStatement.parse(statement)).isInstanceOf(IOException.class);
    }

    @Test
    void namesThatDifferInCapitalsAreTwoTables() throws IOException {
        assertThat(CopyStatement.parse("COPY \"s\".\"T\" (\"id\") FROM stdin;"))
                .isNotEqualTo(CopyStatement.parse("COPY \"s\".\"t\" (\"id\") FROM stdin;"));
    }
}
