package dev.bactrian.unchanged;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.bactrian.archive.ManifestJson;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a state is worth that comes back from a manifest, and what differs between two. */
class SourceStateTest {

    private static final ServerFacts SERVER = new ServerFacts(
            "7714028030565938463",
            "5 731",
            "00000001",
            "0/2000000",
            170_011,
            "UTF8",
            "C",
            "hex",
            Map.of("plpgsql", "1.0"));
    private static final long XMIN = (1L << 32) + 1000;
    private static final SourceState STATE = new SourceState(
            SERVER,
            XMIN,
            XMIN + 5,
            witnesses(XMIN + 5, 64),
            Map.of(16_384L, "ab"),
            Map.of(16_390L, "it is foreign"),
            null);

    private static Witnesses witnesses(long first, int number) {
        List<Long> all = LongStream.range(first, first + number).boxed().toList();
        return new Witnesses("0/1FFFF00", all.subList(0, number / 2), all.subList(number / 2, number));
    }

    @Test
    void itComesBackAsItWas() throws Exception {
        String json = ManifestJson.write(STATE);

        assertThat(ManifestJson.mapper().readValue(json, SourceState.class)).isEqualTo(STATE);
        assertThat(STATE.gap()).isNull();
        assertThat(json).contains("\"system_identifier\"", "\"rolled_back\"").doesNotContain("unprovable");
        SourceState none = SourceState.unprovable("it is a standby");
        assertThat(ManifestJson.mapper().readValue(ManifestJson.write(none), SourceState.class))
                .isEqualTo(none);
    }

    /** A manifest of 5,000 tables grows by less than 150 bytes for each. */
    @Test
    void itIsSmall() {
        Map<Long, String> identities = IntStream.range(0, 5000)
                .boxed()
                .collect(Collectors.toMap(i -> 4_000_000_000L + i, i -> "a".repeat(64)));
        SourceState large = new SourceState(SERVER, XMIN, XMIN + 5, STATE.witnesses(), identities, Map.of(), null);

        assertThat(ManifestJson.write(large).length()).isLessThan(5000 * 150);
    }

    /** Whatever is wrong in a manifest, it can be read, and nothing is proved by it. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "/xmin | null",
                "/xmin | -1",
                "/xmin | 0",
                "/xmin | 4294967297",
                "/xmin | 9223372036854775807",
                "/xmin | 1e300",
                "/xmin | \"1; DROP TABLE t\"",
                "/xmin | {}",
                "/xmax | 1",
                "/xmax | 99999999999",
                "/server | null",
                "/server | []",
                "/server | \"x\"",
                "/server/system_identifier | null",
                "/server/system_identifier | \"'\"",
                "/server/insert_lsn | \"0/0'; DROP TABLE t; --\"",
                "/server/insert_lsn | \"FFFFFFFFF/0\"",
                "/server/timeline | \"\"",
                "/server/database | \"\"",
                "/server/version_number | \"x\"",
                "/server/extensions | null",
                "/server/extensions | {\"plpgsql\": null}",
                "/witnesses | null",
                "/witnesses/lsn | \"'; DROP TABLE t; --\"",
                "/witnesses/lsn | null",
                "/witnesses/committed | []",
                "/witnesses/committed | null",
                "/witnesses/committed | [null]",
                "/witnesses/committed | [\"1); DROP TABLE t; --\"]",
                "/witnesses/committed | {\"a\": 1}",
                "/witnesses/rolled_back | [1, 1, 1]",
                "/identities | null",
                "/identities | {\"x\": \"y\"}",
                "/identities | {\"16384\": null}",
                "/identities | []",
                "/unprovable | \"x\"",
            })
    void nonsenseProvesNothing(String path, String value) throws Exception {
        ObjectNode tree = (ObjectNode) ManifestJson.mapper().readTree(ManifestJson.write(STATE));
        int slash = path.lastIndexOf('/');
        JsonNode parent = tree.at(path.substring(0, slash));
        ((ObjectNode) parent)
                .set(path.substring(slash + 1), ManifestJson.mapper().readTree(value));

        SourceState read = ManifestJson.mapper().treeToValue(tree, SourceState.class);

        assertThat(read.gap()).isNotNull();
        assertThat(Unchanged.judge(read, STATE, unused()).candidates()).isEmpty();
        assertThat(Unchanged.judge(read, STATE, unused()).all()).isNotBlank();
    }

    @Test
    void textAndNumbersOfAnotherKindProveNothing() throws Exception {
        for (String json : List.of("1", "\"x\"", "[]", "{}", "true")) {
            assertThat(ManifestJson.mapper().readValue(json, SourceState.class).gap())
                    .isNotNull();
        }
    }

    @Test
    void witnessesFromBeforeTheSnapshotProveNothing() {
        SourceState early = new SourceState(SERVER, XMIN, XMIN + 5, witnesses(XMIN - 60, 64), Map.of(), Map.of(), null);

        assertThat(early.gap()).contains("before the snapshot");
    }

    @ParameterizedTest
    @CsvSource({
        "systemIdentifier, another server",
        "database, another database",
        "timeline, point in time",
        "insertLsn, set back",
        "versionNumber, another version",
        "encoding, encoding",
        "moneyLocale, lc_monetary",
        "byteaOutput, bytea_output",
        "extensions, extension plpgsql",
        "moreExtensions, extension vector",
        "xminAhead, fewer than before",
        "xminBehind, fewer than before",
        "xminLongAgo, too many transactions",
        "unprovable, standby",
    })
    void aServerThatDiffersProvesNothing(String what, String reason) throws Exception {
        ServerFacts other = new ServerFacts(
                what.equals("systemIdentifier") ? "1" : SERVER.systemIdentifier(),
                what.equals("database") ? "5 732" : SERVER.database(),
                what.equals("timeline") ? "00000002" : SERVER.timeline(),
                what.equals("insertLsn") ? "0/1FFFFFF" : "1/0",
                what.equals("versionNumber") ? 170_012 : SERVER.versionNumber(),
                what.equals("encoding") ? "LATIN1" : SERVER.encoding(),
                what.equals("moneyLocale") ? "de_DE" : SERVER.moneyLocale(),
                what.equals("byteaOutput") ? "escape" : SERVER.byteaOutput(),
                what.equals("extensions")
                        ? Map.of("plpgsql", "1.1")
                        : what.equals("moreExtensions")
                                ? Map.of("plpgsql", "1.0", "vector", "0.8")
                                : SERVER.extensions());
        long xmin =
                what.matches("xmin(Ahead|Behind)") ? XMIN - 1 : XMIN + (what.equals("xminLongAgo") ? 1L << 31 : 100);
        long xmax = what.equals("xminBehind") ? XMIN + 200 : xmin;
        SourceState now = what.equals("unprovable")
                ? SourceState.unprovable("it is a standby")
                : new SourceState(other, xmin, xmax, witnesses(xmax, 64), STATE.identities(), Map.of(), null);

        Judgement judgement = Unchanged.judge(STATE, now, unused());

        assertThat(judgement.all()).contains(reason);
        assertThat(judgement.candidates()).isEmpty();
    }

    /** A connection that nothing is asked of. */
    private static Connection unused() {
        return (Connection) Proxy.newProxyInstance(
                SourceStateTest.class.getClassLoader(),
                new Class<?>[] {Connection.class},
                (proxy, method, arguments) -> {
                    throw new SQLException("was asked");
                });
    }
}
