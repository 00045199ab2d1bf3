package dev.bactrian.fidelity;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code whole/22-views-by-text.sql}. */
interface ViewsByText extends Whole {

    @ParameterizedTest
    @ValueSource(strings = {"words", "last", "middle", "\"First\""})
    default void viewsThatNeedEachOtherAreFilled(String view) {
        whole().comesBack("SELECT t::text FROM \"Views \"\"V\"\"\".%s t ORDER BY 1".formatted(view));
    }
}
