package dev.bactrian.selection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bactrian.selection.Relation.Named;
import dev.bactrian.selection.Rule.Effect;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SelectorTest {

    private static final String SETTING = "A_SETTING";

    private final List<Rule> rules = new ArrayList<>();
    private final List<Map<String, Object>> matches = new ArrayList<>();
    private final List<Relation> relations = List.of(
            relation("a", "plain", "r", null),
            relation("a", "plain_id_seq", "S", named("a", "plain")),
            relation("a", "whole", "p", null),
            relation("a", "part1", "r", named("a", "whole")),
            relation("b", "part2", "p", named("a", "whole")),
            relation("b", "part2_1", "r", named("b", "part2")),
            relation("b", "view", "v", null));

    @Test
    void withoutRulesEverythingIsIn() {
        assertThat(select()).isEqualTo(Selection.everything());
    }

    @Test
    void theSequenceOfAColumnGoesWithItsTable() {
        rule(Effect.EXCLUDE_TABLES, SETTING, "a.plain").matching("a", "plain");

        Selection selection = select();

        assertThat(selection.relations()).containsExactlyInAnyOrder(named("a", "plain"), named("a", "plain_id_seq"));
        assertThat(selection.leftOut()).containsExactly(new LeftOut("table", "\"a\".\"plain\"", "A_SETTING: a.plain"));
    }

    @Test
    void theSequenceOfAColumnStaysWithItsTable() {
        rule(Effect.EXCLUDE_TABLES, SETTING, "a.*_seq").matching("a", "plain_id_seq");

        assertThat(select().relations()).isEmpty();
    }

    @Test
    void partsOfAnyDepthGoWithTheirPartitionedTable() {
        rule(Effect.EXCLUDE_TABLES, SETTING, "a.whole").matching("a", "whole");

        Selection selection = select();

        assertThat(selection.relations())
                .containsExactlyInAnyOrder(
                        named("a", "whole"), named("a", "part1"), named("b", "part2"), named("b", "part2_1"));
        assertThat(selection.leftOut())
                .contains(
                        new LeftOut("table", "\"b\".\"part2_1\"", "partition of \"a\".\"whole\", A_SETTING: a.whole"));
    }

    @Test
    void anAskedForPartitionedTableComesWithItsParts() {
        rule(Effect.INCLUDE_TABLES, SelectionRequest.SOURCE + "tables", "a.whole")
                .matching("a", "whole");

        Selection selection = select();

        assertThat(selection.holds("b", "part2_1")).isTrue();
        assertThat(selection.relations())
                .containsExactlyInAnyOrder(named("a", "plain"), named("a", "plain_id_seq"), named("b", "view"));
        assertThat(selection.largeObjects()).isFalse();
        assertThat(selection.isIncomplete("a", "whole")).isFalse();
    }

    @Test
    void aPartLessMakesThePartitionedTableIncomplete() {
        rule(Effect.EXCLUDE_SCHEMAS, SETTING, "b").matching("b");

        Selection selection = select();

        assertThat(selection.schemas()).containsExactly("b");
        assertThat(selection.isIncomplete("a", "whole")).isTrue();
        assertThat(selection.leftOut()).containsExactly(new LeftOut("schema", "\"b\"", "A_SETTING: b"));
    }

    @Test
    void rowsOfAPartitionedTableAreThoseOfItsParts() {
        rule(Effect.EXCLUDE_TABLE_DATA, SETTING, "*.*").matching("a", "whole").matching("b", "view");

        Selection selection = select();

        assertThat(selection.withoutData())
                .containsExactlyInAnyOrder(
                        named("a", "whole"), named("a", "part1"), named("b", "part2"), named("b", "part2_1"));
        assertThat(selection.relations()).isEmpty();
    }

    @Test
    void schemasWithoutAnAskedForTableGo() {
        rule(Effect.INCLUDE_TABLES, SelectionRequest.SOURCE + "tables", "a.plain")
                .matching("a", "plain");

        Selection selection = select();

        assertThat(selection.schemas()).containsExactly("b");
        assertThat(selection.leftOut())
                .contains(new LeftOut("schema", "\"b\"", "not among the request's tables: a.plain"));
    }

    @Test
    void aRequestNeverIncludesWhatASettingExcludes() {
        rule(Effect.EXCLUDE_SCHEMAS, SETTING, "b").matching("b");
        rule(Effect.INCLUDE_SCHEMAS, SelectionRequest.SOURCE + "schemas", "b").matching("b");
        rule(Effect.INCLUDE_TABLES, SelectionRequest.SOURCE + "tables", "*.plain")
                .matching("a", "plain");

        Selector selector = selector();

        assertThat(selector.inVain())
                .extracting(Rule::why)
                .containsExactlyInAnyOrder("the request's schemas: b", "the request's tables: *.plain");
        assertThat(selector.select(List.of(), 0).schemas()).containsExactlyInAnyOrder("a", "b");
    }

    @Test
    void settingsAndRequestEachHaveToInclude() {
        rule(Effect.INCLUDE_SCHEMAS, SETTING, "a").matching("a");
        rule(Effect.INCLUDE_SCHEMAS, SelectionRequest.SOURCE + "schemas", "*")
                .matching("a")
                .matching("b");

        Selector selector = selector();

        assertThat(selector.inVain()).isEmpty();
        assertThat(selector.select(List.of(), 0).schemas()).containsExactly("b");
    }

    @Test
    void whatMatchesNothingIsWarnedOf() {
        rule(Effect.EXCLUDE_TABLES, SETTING, "tpyo");

        assertThat(select().warnings()).singleElement().asString().contains(SETTING, "tpyo");
        assertThat(select().isPartial()).isFalse();
    }

    @Test
    void whatIsNeededIsTold() {
        rule(Effect.EXCLUDE_SCHEMAS, SETTING, "b").matching("b");
        rule(Effect.EXCLUDE_TABLE_DATA, SETTING, "a.whole").matching("a", "whole");

        Selection selection = selector()
                .select(
                        List.of(
                                edge("table", "a", "plain", "table", "b", "part2", "foreign key f"),
                                edge("table", "b", "part2", "table", "b", "view", "of no interest"),
                                edge("table", "a", "plain", "table", "a", "whole", "foreign key g"),
                                edge("table", "a", "plain", "table", "a", "whole", "inheritance"),
                                edge("table", "a", "plain", "type", "b", "kind", "column")),
                        0);

        assertThat(selection.missing())
                .containsExactly(
                        new MissingDependency("table \"b\".\"part2\"", "table \"a\".\"plain\"", "foreign key f"),
                        new MissingDependency(
                                "the rows of table \"a\".\"whole\"", "table \"a\".\"plain\"", "foreign key g"),
                        new MissingDependency("type \"b\".\"kind\"", "table \"a\".\"plain\"", "column"));
    }

    private Selection select() {
        return selector().select(List.of(), 0);
    }

    private Selector selector() {
        return new Selector(new Matches(rules, matches), List.of("a", "b"), relations);
    }

    private Given rule(Effect effect, String source, String pattern) {
        rules.add(Rule.of(effect, source, pattern));
        return new Given(rules.size() - 1);
    }

    /** What the server finds for a rule. */
    private final class Given {
        private final int n;

        Given(int n) {
            this.n = n;
        }

        Given matching(String schema) {
            matches.add(Map.of("n", n, "schema", schema));
            return this;
        }

        Given matching(String schema, String name) {
            matches.add(Map.of("n", n, "schema", schema, "name", name));
            return this;
        }
    }

    private static Map<String, Object> edge(
            String byKind, String bySchema, String by, String kind, String schema, String name, String how) {
        return Map.of(
                "by_kind",
                byKind,
                "by_schema",
                bySchema,
                "by_name",
                by,
                "needs_kind",
                kind,
                "needs_schema",
                schema,
                "needs_name",
                name,
                "how",
                how);
    }

    private static Relation relation(String schema, String name, String kind, Named belongsTo) {
        return new Relation(named(schema, name), kind, belongsTo);
    }

    private static Named named(String schema, String name) {
        return new Named(schema, name);
    }
}
