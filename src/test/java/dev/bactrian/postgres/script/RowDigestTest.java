package dev.bactrian.postgres.script;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The digest tells whether a restored table has the rows that were saved, in whatever order it returns them. */
class RowDigestTest {

    private final Random random = new Random(17);
    private final List<String> rows = rows(500);

    /** XXH3-64 with seed 0 of no bytes and of "a", as its reference implementation gives them. */
    @Test
    void theHashIsXxh3AndStaysSo() {
        assertThat(digest(List.of(""))).isEqualTo("2d06800538d394c2");
        assertThat(digest(List.of("a"))).isEqualTo("e6c632b61e964e1f");
        assertThat(digest(List.of())).isEqualTo("0000000000000000");
        assertThat(RowDigest.NAME).isEqualTo("sum-xxh3-64");
    }

    @Test
    void theOrderOfRowsDoesNotMatter() {
        String before = digest(rows);
        Collections.shuffle(rows, random);

        assertThat(digest(rows)).isEqualTo(before);
    }

    @Test
    void theCutsOfBuffersDoNotMatter() {
        String whole = digest(rows);
        for (int round = 0; round < 20; round++) {
            RowDigest digest = new RowDigest();
            for (String row : rows) {
                byte[] bytes = ("??" + row + "??").getBytes(UTF_8);
                int at = 2;
                int end = bytes.length - 2;
                while (random.nextBoolean()) {
                    int length = random.nextInt(end - at + 1);
                    digest.part(bytes, at, length);
                    at += length;
                }
                digest.row(bytes, at, end - at);
            }
            assertThat(digest.hex()).isEqualTo(whole);
            assertThat(digest.rows()).isEqualTo(rows.size());
        }
    }

    @Test
    void aLostRowIsSeen() {
        for (int i = 0; i < rows.size(); i += 50) {
            List<String> others = new ArrayList<>(rows);
            others.remove(i);
            assertThat(digest(others)).isNotEqualTo(digest(rows));
        }
    }

    @Test
    void aRowThatIsThereTwiceIsSeen() {
        List<String> others = new ArrayList<>(rows);
        others.add(rows.get(7));
        assertThat(digest(others)).isNotEqualTo(digest(rows));

        others.add(rows.get(7));
        assertThat(digest(others)).as("a pair doesn't cancel itself out").isNotEqualTo(digest(rows));
    }

    @Test
    void anEmptyRowIsSeen() {
        List<String> others = new ArrayList<>(rows);
        others.add("");

        assertThat(digest(others)).isNotEqualTo(digest(rows));
    }

    @Test
    void aChangedCharacterIsSeen() {
        for (int i = 0; i < rows.size(); i += 50) {
            List<String> others = new ArrayList<>(rows);
            others.set(i, rows.get(i) + " ");
            assertThat(digest(others)).isNotEqualTo(digest(rows));
        }
    }

    @Test
    void valuesThatChangePlacesBetweenRowsAreSeen() {
        assertThat(digest(List.of("1\ta", "2\tb"))).isNotEqualTo(digest(List.of("1\tb", "2\ta")));
        assertThat(digest(List.of("ab", "c"))).isNotEqualTo(digest(List.of("a", "bc")));
    }

    @Test
    void rowsAreCounted() {
        RowDigest digest = new RowDigest();
        digest.part(new byte[5], 0, 5);
        assertThat(digest.rows()).isZero();
        digest.row(new byte[5], 0, 5);
        assertThat(digest.rows()).isEqualTo(1);
    }

    private List<String> rows(int count) {
        List<String> made = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            made.add(i + "\t" + "x".repeat(random.nextInt(600)) + "\t" + random.nextLong());
        }
        return made;
    }

    private static String digest(List<String> rows) {
        RowDigest digest = new RowDigest();
        rows.forEach(row -> {
            byte[] bytes = row.getBytes(UTF_8);
            digest.row(bytes, 0, bytes.length);
        });
        return digest.hex();
    }
}
