package dev.bactrian.postgres.script;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows are cut out of pg_dump's output as it arrives: none may be lost, split, joined or taken for the end. */
public class CopyReaderTest {

    private static final int BUFFER = 1 << 17;

    /** Every oddity of the text format, as pg_dump 15 and 17 print it. */
    public static final String OUTPUT =
            """
            --
            -- PostgreSQL database dump
            --

            \\restrict OEb9GFsQyiQ8W5kJ5Yu5xwUq6VpdgSGHExDPffsLA2QoaRqtowVxNAwkJ0jlKNI

            -- Dumped by pg_dump version 17.6

            SET statement_timeout = 0;
            SET client_encoding = 'UTF8';
            SELECT pg_catalog.set_config('search_path', '', false);
            SET row_security = off;

            --
            -- Data for Name: a; Type: TABLE DATA; Schema: public; Owner: postgres
            --

            COPY "public"."a" ("id", "t") FROM stdin;
            1\tx
            2\t\\N
            3\t\\\\.
            \\\\.
            \\\\.\\\\.

            -- no comment
            COPY "public"."b" ("id") FROM stdin;
            SELECT
            \\N
            äöü €
            \\.


            --
            -- Data for Name: we"ird name; Type: TABLE DATA; Schema: public; Owner: postgres
            --

            COPY "public"."we""ird
            name" ("col""
            x") FROM stdin;
            a\\nb
            \\.


            COPY "public"."empty" ("id") FROM stdin;
            \\.


            COPY "public"."zero"  FROM stdin;


            \\.


            SELECT pg_catalog.setval('"public"."lone"', 1, false);


            --
            -- PostgreSQL database dump complete
            --

            \\unrestrict OEb9GFsQyiQ8W5kJ5Yu5xwUq6VpdgSGHExDPffsLA2QoaRqtowVxNAwkJ0jlKNI

            """;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 64, 1_000_000})
    void everyRowArrivesHoweverTheOutputIsPortioned(int portion) throws IOException {
        Map<String, String> tables = read(portions(OUTPUT.getBytes(UTF_8), portion));

        assertThat(tables)
                .containsExactly(
                        Map.entry(
                                "COPY \"public\".\"a\" (\"id\", \"t\") FROM stdin;",
                                "11 rows\n1\tx\n2\t\\N\n3\t\\\\.\n\\\\.\n\\\\.\\\\.\n\n-- no comment\n"
                                        + "COPY \"public\".\"b\" (\"id\") FROM stdin;\nSELECT\n\\N\näöü €\n"),
                        Map.entry(
                                "COPY \"public\".\"we\"\"ird\nname\" (\"col\"\"\nx\") FROM stdin;", "1 rows\na\\nb\n"),
                        Map.entry("COPY \"public\".\"empty\" (\"id\") FROM stdin;", "0 rows\n"),
                        Map.entry("COPY \"public\".\"zero\"  FROM stdin;", "2 rows\n\n\n"));
    }

    /** The end mark, and every row's end, at each place around the end of the buffer. */
    @Test
    void theEndMarkIsFoundAcrossTheEndOfTheBuffer() throws IOException {
        String copy = "COPY \"s\".\"t\" (\"a\") FROM stdin;\n";
        for (int shift = -8; shift <= 8; shift++) {
            String filler = "x".repeat(BUFFER - copy.length() + shift - 4);
            for (String last : new String[] {"", "\\\\.\n", "\\\\\n"}) {
                String rows = filler + "\n" + last;

                Map<String, String> tables = read(new ByteArrayInputStream(
                        (copy + rows + "\\.\n\n" + copy.replace("t", "u") + "y\n\\.\n").getBytes(UTF_8)));

                assertThat(tables.get(copy.strip()))
                        .as("shift %s", shift)
                        .endsWith(rows)
                        .hasSize(rows.length() + 7);
                assertThat(tables.get(copy.replace("t", "u").strip())).isEqualTo("1 rows\ny\n");
            }
        }
    }

    @Test
    void aRowLargerThanTheBufferStaysOneRow() throws IOException {
        Random random = new Random(3);
        for (int length : new int[] {BUFFER - 1, BUFFER, BUFFER + 1, 3 * BUFFER + 17}) {
            StringBuilder row = new StringBuilder();
            while (row.length() < length) {
                row.append((char) ('a' + random.nextInt(26)));
            }
            String rows = "before\n" + row + "\nafter\n";

            Map<String, String> tables = read(new ByteArrayInputStream(
                    ("COPY \"s\".\"t\" (\"a\") FROM stdin;\n" + rows + "\\.\n").getBytes(UTF_8)));

            assertThat(tables.values()).containsExactly("3 rows\n" + rows);
        }
    }

    /** A process that dies in the middle must never look as if its table had ended. */
    @Test
    void outputThatEndsWithinATableIsAnErrorAtEveryByte() {
        byte[] output = "COPY \"s\".\"t\" (\"a\") FROM stdin;\n1\n\\\\.\n\n\\.\n".getBytes(UTF_8);
        int rowsBegin = new String(output, UTF_8).indexOf('\n') + 1;
        for (int length = rowsBegin - 1; length < output.length; length++) {
            for (int portion : new int[] {1, 1000}) {
                InputStream cut = portions(java.util.Arrays.copyOf(output, length), portion);

                assertThatThrownBy(() -> read(cut))
                        .as("%s of %s bytes", length, output.length)
                        .isInstanceOf(IOException.class)
                        .hasMessageContaining("ended in the middle of a table");
            }
        }
    }

    @Test
    void outputThatEndsWithinAStatementIsAnError() {
        assertThatThrownBy(() -> read(stream("COPY \"s\".\"t")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("ended in the middle of a statement");
        assertThatThrownBy(() -> read(stream("SET client_enc")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("something unexpected");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "INSERT INTO t VALUES (1);",
                "1\t2",
                "\\.",
                "SELECT 1;",
                "SELECT pg_catalog.lo_create('1');",
                "ALTER TABLE t DISABLE TRIGGER ALL;",
                "pg_dump: warning: something",
                " COPY \"s\".\"t\" (\"a\") FROM stdin;",
                "set x = 1;",
                "SET x = 1",
                "\\connect other",
            })
    void aLineThatNobodyExpectsIsAnErrorAndNotIgnored(String line) {
        assertThatThrownBy(() -> read(stream("SET a = 1;\n" + line + "\nSET b = 1;\n")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("something unexpected between two tables")
                .hasMessageContaining(line.strip());
    }

    @Test
    void anEndlessLineOutsideATableDoesNotFillTheMemory() {
        InputStream endless = new InputStream() {
            @Override
            public int read() {
                return 'x';
            }
        };

        assertThatThrownBy(() -> new CopyReader(endless).nextCopy())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("more than a megabyte");
    }

    @Test
    void anEndlessStatementDoesNotFillTheMemory() {
        byte[] text = "COPY \"\n".getBytes(UTF_8);
        InputStream endless = new InputStream() {
            private long at;

            @Override
            public int read() {
                return at < text.length ? text[(int) at++] : at++ % 50_000 == 0 ? '\n' : 'x';
            }
        };

        assertThatThrownBy(() -> new CopyReader(endless).nextCopy())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("middle of a statement");
    }

    @Test
    void anErrorOutOfTheProcessIsNotTheEnd() {
        InputStream failing = new InputStream() {
            private final InputStream text = stream("COPY \"s\".\"t\" (\"a\") FROM stdin;\n1\n");

            @Override
            public int read() throws IOException {
                int next = text.read();
                if (next < 0) {
                    throw new IOException("pg_dump failed with exit code 1");
                }
                return next;
            }

            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                bytes[offset] = (byte) read();
                return 1;
            }
        };

        assertThatThrownBy(() -> read(failing)).hasMessage("pg_dump failed with exit code 1");
    }

    @Test
    void anEmptyOutputHasNoTables() throws IOException {
        assertThat(read(stream(""))).isEmpty();
        assertThat(read(stream("\n\n--\n-- no line break at the end"))).isEmpty();
    }

    private static Map<String, String> read(InputStream in) throws IOException {
        Map<String, String> tables = new LinkedHashMap<>();
        CopyReader reader = new CopyReader(in);
        for (String copy = reader.nextCopy(); copy != null; copy = reader.nextCopy()) {
            ByteArrayOutputStream rows = new ByteArrayOutputStream();
            RowDigest digest = new RowDigest();
            reader.copyRows(rows, digest);
            tables.put(copy, digest.rows() + " rows\n" + rows.toString(UTF_8));
        }
        return tables;
    }

    private static InputStream stream(String text) {
        return new ByteArrayInputStream(text.getBytes(UTF_8));
    }

    /** Gives at most so many bytes at once, as a pipe does. */
    static InputStream portions(byte[] bytes, int portion) {
        return new ByteArrayInputStream(bytes) {
            @Override
            public int read(byte[] target, int offset, int length) {
                return super.read(target, offset, Math.min(length, portion));
            }
        };
    }
}
