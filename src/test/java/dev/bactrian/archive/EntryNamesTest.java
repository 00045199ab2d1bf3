package dev.bactrian.archive;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bactrian.postgres.Table;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** PostgreSQL takes any character in a name: none may leave the folder, hide a file, or make two tables one entry. */
class EntryNamesTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "orders        | orders",
                "Orders_2-b    | Orders_2-b",
                "v1.2          | v1.2",
                "..            | %2E.",
                ".             | %2E",
                ".hidden       | %2Ehidden",
                "../etc/passwd | %2E.%2Fetc%2Fpasswd",
                "a/../../b     | a%2F..%2F..%2Fb",
                "a\\b          | a%5Cb",
                "C:x           | C%3Ax",
                "a%2Fb         | a%252Fb",
                "a\"b          | a%22b",
                "it's          | it%27s",
                "a b           | a%20b",
                "päckchen      | p%C3%A4ckchen",
                "€             | %E2%82%AC",
                "😀            | %F0%9F%98%80",
                "*?<>          | %2A%3F%3C%3E",
                "$(rm)         | %24%28rm%29",
                "~             | %7E",
            })
    void oddCharactersAreEncoded(String name, String encoded) {
        assertThat(EntryNames.encode(name)).isEqualTo(encoded);
    }

    @Test
    void lineBreaksCannotForgeAnotherName() {
        assertThat(EntryNames.encode("a\nb\r\u0000\u007F")).isEqualTo("a%0Ab%0D%00%7F");
    }

    @Test
    void theLongestNamesFit() {
        String name = "\u20AC".repeat(21);
        assertThat(name.getBytes(StandardCharsets.UTF_8))
                .as("PostgreSQL's longest")
                .hasSize(63);

        assertThat(EntryNames.encode(name)).hasSize(3 * 63).matches("[%0-9A-F]+");
        assertThat(EntryNames.encode("t".repeat(63))).hasSize(63);
    }

    @Test
    void aTableHasAFolderOfItsOwnBelowItsSchema() {
        Table table = table("Sch.1", "we\"ird/../name");

        assertThat(EntryNames.schemaSql(table)).isEqualTo("db/Sch.1/tables/we%22ird%2F..%2Fname/schema.sql");
        assertThat(EntryNames.dataSql(table)).isEqualTo("db/Sch.1/tables/we%22ird%2F..%2Fname/data.sql");
    }

    @Test
    void aSchemasDumpIsNamedBySchemaAndInstant() {
        Instant at = Instant.parse("2026-11-20T18:27:04.999Z");

        assertThat(EntryNames.schemaFormatDump("public", at)).isEqualTo("db/public/public_schema_20261120_182704.dump");
        assertThat(EntryNames.schemaFormatDump("a/b", at)).isEqualTo("db/a%2Fb/a%2Fb_schema_20261120_182704.dump");
    }

    /** Unpacking would fail at a folder where there is a file. */
    @Test
    void aSchemaNamedAsAFileHasAnotherFolder() {
        assertThat(EntryNames.dataSql(table("roles.sql", "t"))).isEqualTo("db/roles%2Esql/tables/t/data.sql");
        assertThat(EntryNames.dataSql(table("data-files.txt", "t"))).startsWith("db/data-files%2Etxt/");
    }

    /** A property, over names made of the characters that could go wrong; the seed makes a failure repeatable. */
    @Test
    void noTwoTablesShareAnEntryAndNoneLeavesItsFolder() {
        Random random = new Random(20_261_120);
        String alphabet = "ab.%2FE/\\-_ \"'\n\u00e4\u20ac";
        Map<String, Table> seen = new HashMap<>();
        for (int i = 0; i < 20_000; i++) {
            Table table = table(name(random, alphabet), name(random, alphabet));

            String entry = EntryNames.dataSql(table);

            assertThat(entry)
                    .matches("db/[A-Za-z0-9_%-][A-Za-z0-9._%-]*/tables/[A-Za-z0-9_%-][A-Za-z0-9._%-]*/data\\.sql");
            assertThat(Path.of(entry).normalize()).isEqualTo(Path.of(entry)).hasToString(entry);
            Table other = seen.put(entry, table);
            assertThat(other == null || other.equals(table))
                    .as("%s and %s", other, table)
                    .isTrue();
            String[] parts = entry.split("/", -1);
            assertThat(URLDecoder.decode(parts[1], StandardCharsets.UTF_8)).isEqualTo(table.schema());
            assertThat(URLDecoder.decode(parts[3], StandardCharsets.UTF_8)).isEqualTo(table.name());
        }
    }

    private static String name(Random random, String alphabet) {
        StringBuilder name = new StringBuilder();
        for (int length = 1 + random.nextInt(4); length > 0; length--) {
            name.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return name.toString();
    }

    private static Table table(String schema, String name) {
        return new Table(1, schema, name, "r", "p", 0, null, null);
    }
}
