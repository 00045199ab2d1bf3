package dev.bactrian.fidelity;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code partly/17-objects.sql}: each is one part that couldn't be restored, and ends nothing. */
interface SingleObjects extends Partly {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "FUNCTION one.by_library()",
                "rows of materialized view \"one\".\"of_another_server\"",
                "rows of materialized view \"one\".\"unsupported\"",
                "rows of materialized view \"one\".\"without_file\"",
                "rows of materialized view \"one\".\"beyond_a_limit\""
            })
    default void whatConcernsOneObjectIsNamed(String what) {
        assertThat(partly().restore().exit())
                .as(RestoredDatabase.said(partly().restore()))
                .isEqualTo(3);
        assertThat(partly().restore().out()).contains(what);
    }

    @Test
    default void theOthersComeBack() {
        partly().comesBack("SELECT x FROM one.untouched");
    }
}
