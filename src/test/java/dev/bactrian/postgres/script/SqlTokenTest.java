package dev.bactrian.postgres.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where elements of SQL begin and end. */
class SqlTokenTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '\0',
            value = {
                "a.b                       ~ WORD a, SYMBOL ., WORD b",
                "\"a\"\"b\".\"c.d\"        ~ QUOTED \"a\"\"b\", SYMBOL ., QUOTED \"c.d\"",
                "x::s.t                    ~ WORD x, SYMBOL ::, WORD s, SYMBOL ., WORD t",
                "'it''s'||'b'              ~ STRING 'it''s', SYMBOL |, SYMBOL |, STRING 'b'",
                "'a\\'b                    ~ STRING 'a\\', WORD b",
                "E'a\\'b' c                ~ STRING E'a\\'b', WORD c",
                "U&'a' U&\"b\"             ~ STRING U&'a', WORD U, SYMBOL &, QUOTED \"b\"",
                "b'1' e.x n                ~ STRING b'1', WORD e, SYMBOL ., WORD x, WORD n",
                "$$a'b$$ $x$ $$ $x$        ~ BODY $$a'b$$, BODY $x$ $$ $x$",
                "a$b$c $1                  ~ WORD a$b$c, SYMBOL $, NUMBER 1",
                "1.5-2 -- it's             ~ NUMBER 1.5, SYMBOL -, NUMBER 2",
                "a /* ' /* \" */ ' */ b    ~ WORD a, WORD b",
                "Größe_1                   ~ WORD Größe_1",
                "a 'b                      ~ WORD a, BROKEN 'b",
                "a /* /* */                ~ WORD a, BROKEN /* /* */",
                "$x$ $y$                   ~ BROKEN $x$ $y$",
            })
    void elementsAreToldApart(String sql, String elements) {
        assertThat(String.join(
                        ", ",
                        SqlToken.all(sql).stream()
                                .map(token -> token.kind() + " " + token.text())
                                .toList()))
                .isEqualTo(elements);
    }

    @Test
    void eachElementKnowsItsPlace() {
        String sql = "SELECT  \"a\" --x\n, $$b$$";

        assertThat(SqlToken.all(sql)).hasSize(4).allSatisfy(token -> assertThat(
                        sql.substring(token.start(), token.end()))
                .isEqualTo(token.text()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"'", "\"", "--", "a", "a.", "'' ", "/*", "(", "1."})
    void sizeIsNoDanger(String piece) {
        List<SqlToken> tokens = SqlToken.all(piece.repeat(50_000));

        assertThat(tokens).allSatisfy(token -> assertThat(token.text()).isNotEmpty());
    }

    @Test
    void namesWithoutQuotesAreFolded() {
        assertThat(SqlToken.all("Abc \"Abc\"\"d\" 'It''s'").stream().map(SqlToken::value))
                .containsExactly("abc", "Abc\"d", "It's");
    }
}
