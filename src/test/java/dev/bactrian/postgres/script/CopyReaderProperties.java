package dev.bactrian.postgres.script;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bactrian.selection.Relation;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Whatever pg_dump can print, and however a pipe portions it: the same tables, rows and digests come out again. */
class CopyReaderProperties {

    private static final int BUFFER = 1 << 17;
    private static final byte[] END = {'\\', '.', '\n'};

    /** Rows are kept as ISO 8859-1, which holds every byte: a server's encoding may be any. */
    record Dumped(String schema, String name, String columns, List<String> rows) {

        String copy() {
            return "COPY " + quoted(schema) + "." + quoted(name) + " " + columns + " FROM stdin;";
        }

        byte[] data() {
            return bytes(rows);
        }
    }

    @Property(tries = 300)
    void everyTableComesBackAsItWas(
            @ForAll("tables") @Size(max = 6) List<Dumped> tables,
            @ForAll @Size(min = 1, max = 8) List<@IntRange(min = 1, max = 300) Integer> portions)
            throws IOException {
        assertSame(tables, portioned(output(tables), portions));
    }

    /** Around the end of the buffer, and beyond it. */
    @Property(tries = 60)
    void longRowsComeBackAsTheyWere(
            @ForAll("tables") @Size(min = 1, max = 2) List<Dumped> tables,
            @ForAll @IntRange(min = -200, max = 200) int around,
            @ForAll @IntRange(min = 1, max = 2) int buffers,
            @ForAll @Size(min = 1, max = 3) List<@IntRange(min = 1_000, max = 200_000) Integer> portions)
            throws IOException {
        List<Dumped> longer = new ArrayList<>();
        for (Dumped table : tables) {
            List<String> rows = new ArrayList<>(table.rows());
            rows.add(rows.size() / 2, "x".repeat(buffers * BUFFER + around));
            longer.add(new Dumped(table.schema(), table.name(), table.columns(), rows));
        }

        assertSame(longer, portioned(output(longer), portions));
    }

    @Property
    void theOrderOfRowsDoesNotMatter(@ForAll("rowsAndShuffled") List<List<String>> both) {
        assertThat(digest(both.get(1))).isEqualTo(digest(both.get(0)));
    }

    @Property
    void oneRowLostDoubledOrChangedIsFound(
            @ForAll("rows") @Size(min = 1) List<String> rows,
            @ForAll @IntRange(max = 1_000) int which,
            @ForAll("row") String other) {
        int index = which % rows.size();
        List<String> lost = new ArrayList<>(rows);
        String row = lost.remove(index);
        List<String> doubled = new ArrayList<>(rows);
        doubled.add(row);
        List<String> changed = new ArrayList<>(rows);
        changed.set(index, other.equals(row) ? other + "x" : other);

        assertThat(List.of(digest(lost), digest(doubled), digest(changed))).doesNotContain(digest(rows));
    }

    @Provide
    Arbitrary<List<Dumped>> tables() {
        // pg_dump prints names as UTF-8, with any character but NUL; quotes are doubled, line breaks stay.
        Arbitrary<String> name = Arbitraries.of(
                        "\"",
                        "\n",
                        "\\.",
                        " ",
                        ".",
                        ";",
                        "--",
                        "FROM stdin;",
                        "a",
                        "B",
                        "ä",
                        "€",
                        "(",
                        ",",
                        "'",
                        "\t",
                        "%",
                        "/")
                .list()
                .ofMinSize(1)
                .ofMaxSize(8)
                .map(parts -> String.join("", parts));
        Arbitrary<String> columns =
                name.list().ofMaxSize(3).map(all -> all.isEmpty() ? "" : "(" + String.join(", ", quotedAll(all)) + ")");
        return Combinators.combine(name, name, columns, rows())
                .as(CopyReaderProperties::dumped)
                .list();
    }

    @Provide
    Arbitrary<List<String>> rows() {
        return row().list().ofMaxSize(12);
    }

    @Provide
    Arbitrary<List<List<String>>> rowsAndShuffled() {
        return rows().flatMap(rows -> Arbitraries.shuffle(rows).map(shuffled -> List.of(rows, shuffled)));
    }

    /** Any bytes but those that COPY escapes, and the escapes; never the end mark, which no row can look like. */
    @Provide
    Arbitrary<String> row() {
        Arbitrary<String> piece = Arbitraries.oneOf(
                Arbitraries.of("\\N", "\\\\", "\\n", "\\r", "\\t", "\\b", "\\f", "\\v", "\t", "\\\\.", "."),
                Arbitraries.of("COPY \"a\".\"b\" (\"c\") FROM stdin;", "--", "SELECT 1;", "\\\\restrict x", "\""),
                Arbitraries.chars()
                        .range((char) 1, (char) 255)
                        .filter(c -> c != '\n'
                                && c != '\r'
                                && c != '\t'
                                && c != '\\'
                                && c != '\b'
                                && c != '\f'
                                && c != '\u000b')
                        .map(String::valueOf));
        return piece.list().ofMaxSize(20).map(parts -> String.join("", parts));
    }

    private static Dumped dumped(String schema, String name, String columns, List<String> rows) {
        // A row of a table without columns is an empty line.
        return new Dumped(
                schema,
                name,
                columns,
                columns.isEmpty() ? rows.stream().map(row -> "").toList() : rows);
    }

    private static void assertSame(List<Dumped> tables, InputStream in) throws IOException {
        CopyReader reader = new CopyReader(in);
        for (Dumped table : tables) {
            String copy = reader.nextCopy();
            assertThat(copy).isEqualTo(table.copy());
            assertThat(CopyStatement.parse(copy).target()).isEqualTo(new Relation.Named(table.schema(), table.name()));
            ByteArrayOutputStream rows = new ByteArrayOutputStream();
            RowDigest digest = new RowDigest();
            reader.copyRows(rows, digest);
            assertThat(rows.toByteArray()).isEqualTo(table.data());
            assertThat(digest.rows()).isEqualTo(table.rows().size());
            assertThat(digest.hex()).isEqualTo(digest(table.rows()));
        }
        assertThat(reader.nextCopy()).isNull();
    }

    private static byte[] output(List<Dumped> tables) {
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        output.writeBytes("--\n-- PostgreSQL database dump\n--\n\n\\restrict x\n\nSET a = 1;\n\n".getBytes(UTF_8));
        for (Dumped table : tables) {
            // Newlines of names are blanks in pg_dump's comments.
            output.writeBytes(
                    ("--\n-- Data for Name: " + table.name().replace('\n', ' ') + "\n--\n\n").getBytes(UTF_8));
            output.writeBytes((table.copy() + "\n").getBytes(UTF_8));
            output.writeBytes(table.data());
            output.writeBytes(END);
            output.writeBytes("\n\n".getBytes(UTF_8));
        }
        output.writeBytes("\\unrestrict x\n\n".getBytes(UTF_8));
        return output.toByteArray();
    }

    /** Gives so many bytes at once, in turn. */
    private static InputStream portioned(byte[] bytes, List<Integer> portions) {
        return new ByteArrayInputStream(bytes) {
            private int turn;

            @Override
            public int read(byte[] target, int offset, int length) {
                return super.read(target, offset, Math.min(length, portions.get(turn++ % portions.size())));
            }
        };
    }

    /** The digest of whole rows, without a reader. */
    private static String digest(List<String> rows) {
        RowDigest digest = new RowDigest();
        rows.forEach(row -> digest.row(row.getBytes(ISO_8859_1), 0, row.length()));
        return digest.hex();
    }

    private static byte[] bytes(List<String> rows) {
        StringBuilder text = new StringBuilder();
        rows.forEach(row -> text.append(row).append('\n'));
        return text.toString().getBytes(ISO_8859_1);
    }

    private static List<String> quotedAll(List<String> names) {
        return names.stream().map(CopyReaderProperties::quoted).toList();
    }

    private static String quoted(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }
}
