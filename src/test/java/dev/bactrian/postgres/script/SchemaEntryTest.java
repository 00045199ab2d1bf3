package dev.bactrian.postgres.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The headers by which the one schema dump is cut. */
class SchemaEntryTest {

    @Test
    void aHeaderNamesTheObjectsPlaceInTheCatalogs() {
        assertThat(SchemaEntry.parse("-- TOC entry 215 (class 1259 OID 4294967295)"))
                .isEqualTo(new SchemaEntry(215, 1259, 4_294_967_295L, List.of()));
    }

    @Test
    void dependenciesFollowOnTheNextLine() {
        SchemaEntry entry = new SchemaEntry(3224, 0, 0, List.of());

        assertThat(entry.withDependencies("-- Dependencies: 217 216").dependencies())
                .containsExactly(217, 216);
        assertThat(entry.withDependencies("-- Dependencies: 6").dependencies()).containsExactly(6);
        assertThat(entry.withDependencies("-- Name: a; Type: TABLE")).isSameAs(entry);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "--",
                "-- Name: a; Type: TABLE; Schema: public; Owner: postgres",
                "-- TOC entry",
                "-- TOC entry x (class 1 OID 2)",
                "-- TOC entry 1 (class 1 OID 2) and more",
                " -- TOC entry 1 (class 1 OID 2)",
            })
    void otherLinesAreNoHeaders(String line) {
        assertThat(SchemaEntry.parse(line)).isNull();
    }
}
