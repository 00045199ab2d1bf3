package dev.bactrian.selection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The regular expressions that psql and pg_dump make of patterns; PatternsIT compares their effect. */
class NamePatternTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "users         | ^(users)$",
                "Users         | ^(users)$",
                "\"Users\"     | ^(Users)$",
                "log_*         | ^(log_.*)$",
                "log_2?        | ^(log_2.)$",
                "\"a*b\"       | ^(a\\*b)$",
                "\"a.b\"       | ^(a\\.b)$",
                "a\"\"b        | ^(ab)$",
                "\"a\"\"b\"    | ^(a\"b)$",
                "cash$         | ^(cash\\$)$",
                "\"cash$\"     | ^(cash\\$)$",
                "t[0-9]+       | ^(t[0-9]+)$",
                "t[]           | ^(t\\[])$",
                "\"t[0]\"      | ^(t\\[0\\])$",
                "Fo\"O B\"aR   | ^(foO Bar)$",
                "ÄÖ            | ^(ÄÖ)$",
                "back\\d       | ^(back\\d)$"
            })
    void aNameBecomesARegularExpression(String pattern, String expression) {
        assertThat(NamePattern.ofTables(pattern)).isEqualTo(new NamePattern(pattern, null, expression));
        assertThat(NamePattern.ofSchemas(pattern)).isEqualTo(new NamePattern(pattern, null, expression));
    }

    @Test
    void aDotOutsideQuotesParts() {
        assertThat(NamePattern.ofTables("Pub*.\"T.x\""))
                .isEqualTo(new NamePattern("Pub*.\"T.x\"", "^(pub.*)$", "^(T\\.x)$"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\"open", "a.b.c", ".a", "a.", "a\nb", "\"\""})
    void whatIsNoPatternIsRefusedWithAReason(String text) {
        assertThatThrownBy(() -> NamePattern.ofTables(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("The pattern ")
                .hasMessageNotContaining("\n");
    }

    @Test
    void aSchemaHasNoDot() {
        assertThatThrownBy(() -> NamePattern.ofSchemas("a.b")).hasMessageContaining("dot");
        assertThatThrownBy(() -> NamePattern.ofSchemas("a".repeat(257))).hasMessageContaining("256");
    }

    @Test
    void commasPartPatternsButNotInsideQuotesOrBrackets() {
        assertThat(NamePattern.split(" a , \"b,\"\"c\" ,, t[,;]{1,2}, (x|y,z) "))
                .containsExactly("a", "\"b,\"\"c\"", "t[,;]{1,2}", "(x|y,z)");
        assertThat(NamePattern.split(",")).isEmpty();
    }
}
