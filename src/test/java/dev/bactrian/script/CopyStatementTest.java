package dev.bactrian.script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bactrian.database.Table;
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
            String quoted = Table.quote(name);

            assertThat(CopyStatement.parse("COPY " + quoted + "." + quoted + " " + columns + " FROM stdin;"))
                    .isEqualTo(new CopyStatement(name, name));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
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
