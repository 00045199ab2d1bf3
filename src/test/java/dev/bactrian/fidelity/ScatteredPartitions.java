package dev.bactrian.fidelity;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code whole/21-scattered-partitions.sql}. */
interface ScatteredPartitions extends Whole {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "plain",
                "\"Several \"\"K\"\"\"",
                "deep",
                "deep_old",
                "by_domain",
                "by_array",
                "by_row",
                "by_range",
                "by_name",
                "steady",
                "steady_0",
                "steady_1"
            })
    default void rowsOfPartitionsThatAreDealtOutAnewComeBack(String table) {
        whole().comesBack("SELECT t::text FROM %s t ORDER BY 1".formatted("\"Scattered \"\"S\"\"\"." + table));
    }
}
