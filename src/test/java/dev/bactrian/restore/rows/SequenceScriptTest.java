package dev.bactrian.restore.rows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The script that dump/SequenceValues writes, and nothing but it. */
class SequenceScriptTest {

    private static final String HEAD =
            "SET standard_conforming_strings = on;\n" + "SELECT pg_catalog.set_config('search_path', '', false);\n\n";

    @Test
    void everySequenceHasItsValue() throws IOException {
        String script = HEAD + "SELECT pg_catalog.setval('\"app\".\"orders_id_seq\"', 12, true);\n"
                + "SELECT pg_catalog.setval('\"app\".\"down\"', -9223372036854775808, false);\n"
                + "SELECT pg_catalog.setval('\"app\".\"up\"', 9223372036854775807, true);\n";

        assertThat(SequenceScript.parse(script))
                .containsExactly(
                        new SequenceScript.Value("app", "orders_id_seq", 12, true),
                        new SequenceScript.Value("app", "down", Long.MIN_VALUE, false),
                        new SequenceScript.Value("app", "up", Long.MAX_VALUE, true));
    }

    @Test
    void namesHoldWhateverNamesMayHold() throws IOException {
        String script = HEAD
                + "SELECT pg_catalog.setval('\"it''s; \"\"Größe\"\"\n-- \\\"', 1, false);\n"
                        .replace("-- \\\"'", "-- \\\".\"a.b'', 1, true);\nSELECT 1;\"'");

        assertThat(SequenceScript.parse(script))
                .containsExactly(
                        new SequenceScript.Value("it's; \"Größe\"\n-- \\", "a.b', 1, true);\nSELECT 1;", 1, false));
    }

    @Test
    void aScriptWithoutSequencesIsEmpty() throws IOException {
        assertThat(SequenceScript.parse(HEAD)).isEmpty();
        assertThat(SequenceScript.parse("")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "DROP TABLE t;",
                "SELECT 1;",
                "SET standard_conforming_strings = off;",
                "SELECT pg_catalog.set_config('search_path', 'evil', false);",
                "SELECT pg_catalog.set_config('session_preload_libraries', '', false);",
                "SELECT pg_catalog.setval('\"s\".\"n\"', 12, true)",
                "SELECT pg_catalog.setval('\"s\".\"n\"', 12, true), evil();",
                "SELECT pg_catalog.setval('\"s\".\"n\"', 12, true) FROM evil();",
                "SELECT pg_catalog.setval('\"s\".\"n\"', 12.5, true);",
                "SELECT pg_catalog.setval('\"s\".\"n\"', 9223372036854775808, true);",
                "SELECT pg_catalog.setval('\"s\".\"n\"', (SELECT 1), true);",
                "SELECT pg_catalog.setval('\"s\".\"n\"', 12);",
                "SELECT pg_catalog.setval('\"s\".\"n\"', 12, maybe);",
                "SELECT pg_catalog.setval('\"n\"', 12, true);",
                "SELECT pg_catalog.setval('s.n', 12, true);",
                "SELECT pg_catalog.setval('\"s\".\"n\".\"x\"', 12, true);",
                "SELECT pg_catalog.setval('\"s\".\"n', 12, true);",
                "SELECT pg_catalog.setval(E'\"s\".\"n\"', 12, true);",
                "SELECT evil.setval('\"s\".\"n\"', 12, true);",
                "SELECT pg_catalog.setval('\"s\".\"n\"', 12, true);;",
                "SELECT pg_catalog.setval('\"s\".\"n",
                "\\! rm x",
            })
    void anythingElseIsRefused(String statement) {
        assertThatThrownBy(() -> SequenceScript.parse(HEAD + statement))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("db/sequences.sql contains a statement that Bactrian doesn't write there");
    }
}
