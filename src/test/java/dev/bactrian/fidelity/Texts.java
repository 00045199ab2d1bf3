package dev.bactrian.fidelity;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** {@code whole/14-texts.sql}. */
interface Texts extends Whole {

    @Test
    default void inheritedColumnsComeBackWithTheirValues() {
        whole().comesBack("SELECT a, q, b, \"B b\", c, \"C\", late FROM ONLY texts.child");
        whole().comesBack("SELECT a, b, c, own, \"C\" FROM texts.grandchild");
    }

    /** Else this script would prove nothing. */
    @Test
    default void theyDoComeInAnotherOrder() {
        String columns = "SELECT string_agg(attname, ',' ORDER BY attnum) FROM pg_attribute"
                + " WHERE attrelid = 'texts.child'::regclass AND attnum > 0 AND NOT attisdropped";
        assertThat(whole().target().jdbc().queryForObject(columns, String.class))
                .isNotEqualTo(whole().source().jdbc().queryForObject(columns, String.class));
    }

    /** So are these. */
    @Test
    default void textsDoDiffer() {
        String view = "SELECT pg_get_viewdef('texts.good'::regclass)";
        assertThat(whole().target().jdbc().queryForObject(view, String.class))
                .isNotEqualTo(whole().source().jdbc().queryForObject(view, String.class));
    }

    @Test
    default void noScratchDatabaseIsLeft() {
        assertThat(whole().target()
                        .jdbc()
                        .queryForList(
                                "SELECT datname FROM pg_database WHERE datname LIKE 'bactrian_verify_%'", String.class))
                .isEmpty();
    }
}
