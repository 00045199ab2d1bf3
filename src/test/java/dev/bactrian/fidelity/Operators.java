package dev.bactrian.fidelity;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code whole/06-operators.sql}. */
interface Operators extends Whole {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT a::text, id, is_x FROM meaning.joined ORDER BY id",
                "SELECT id, less, differs, kept::text FROM meaning.compared ORDER BY id",
                "SELECT id, kept::text FROM meaning.by_key ORDER BY id",
                "SELECT a::text, n FROM meaning.filled ORDER BY 1",
                "SELECT id, different::text, fallback::text FROM meaning.word ORDER BY id",
                "SELECT meaning.joined_words()",
                "SELECT tableoid::regclass::text, a::text FROM meaning.parted",
                "SELECT kept::text FROM meaning.already_text ORDER BY 1",
                "SELECT kept FROM meaning.of_text",
                "SELECT same FROM meaning.same_pairs",
                "SELECT id, one FROM meaning.with_one",
                "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = 'has_one'",
                "SELECT pg_get_indexdef('meaning.numbers_with_one'::regclass)",
            })
    default void whatUsesOperatorsAnswersAsItDid(String query) {
        whole().comesBack(query);
    }

    @Test
    default void theseAnswersAreThoseOfTheExtension() {
        assertThat(whole().source().jdbc().queryForList("SELECT id FROM meaning.joined", Integer.class))
                .containsExactlyInAnyOrder(1, 2);
        assertThat(whole().source().jdbc().queryForObject("SELECT kept FROM meaning.of_text", String.class))
                .isEqualTo("x");
    }

    /** Every definition of this script is recorded as using the same, there and here. */
    @Test
    default void definitionsDependOnTheSameOperators() {
        whole().comesBack("SELECT d.classid::regclass::text AS catalog, o.oprname, o.oprleft::regtype::text AS l,"
                + " o.oprright::regtype::text AS r, count(DISTINCT (d.classid, d.objid)) AS definitions"
                + " FROM pg_depend d JOIN pg_operator o ON d.refclassid = 'pg_operator'::regclass AND d.refobjid = o.oid"
                + " LEFT JOIN pg_depend e ON e.classid = d.classid AND e.objid = d.objid AND e.deptype = 'e'"
                + " WHERE e.objid IS NULL AND o.oid >= 16384 AND d.classid::regclass::text IN ('pg_rewrite', 'pg_constraint',"
                + " 'pg_attrdef', 'pg_policy', 'pg_trigger', 'pg_class', 'pg_statistic_ext', 'pg_type', 'pg_proc')"
                + " GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4");
    }

    @Test
    default void whatCallsFunctionsThatDoNotQualifyNamesComesBack() {
        whole().comesBack("SELECT name, slug FROM public.slugs");
        whole().comesBack("SELECT id FROM public.a_user_of_ids");
    }

    @Test
    default void whatNeededPublicIsReported() {
        assertThat(whole().restore().out())
                .contains("TABLE public.slugs could be restored only with \"public\" in the search path")
                .contains("rows of \"public\".\"a_user_of_ids\" could be restored only with \"public\" in the search "
                        + "path");
    }
}
