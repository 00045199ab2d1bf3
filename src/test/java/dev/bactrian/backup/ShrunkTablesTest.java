package dev.bactrian.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.bactrian.archive.ManifestJson;
import dev.bactrian.archive.ManifestTest;
import dev.bactrian.config.ShrinkSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What was lost is told, and nothing else: a warning that comes every night is read by nobody. */
class ShrunkTablesTest {

    private final ObjectMapper json = ManifestJson.mapper();

    private record Rows(String table, String kind, Long rows) {}

    private static Rows rows(String table, long rows) {
        return new Rows(table, "table", rows);
    }

    private String manifest(Rows... tables) throws IOException {
        ObjectNode manifest = json.valueToTree(ManifestTest.sample());
        ArrayNode parts = manifest.putArray("tables");
        for (Rows table : tables) {
            ObjectNode part = parts.addObject()
                    .put("schema", "app")
                    .put("name", table.table())
                    .put("kind", table.kind());
            if (table.rows() != null) {
                part.put("rows", table.rows());
            }
        }
        return manifest.toString();
    }

    private List<ShrunkTable> told(int percent, String before, String now) {
        ShrunkTables tables = new ShrunkTables(new ShrinkSettings(percent, List.of()));
        String losses = tables.losses(before, now);
        return losses == null ? List.of() : ShrunkTable.fromJson(tables.warnings(rows(losses)));
    }

    /** As the control database gives them back. */
    private List<Map<String, Object>> rows(String losses) {
        try {
            return json.readValue(losses, new TypeReference<>() {});
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "90, 1000, 100, true",
        "90, 1000, 101, false",
        "90, 10, 1, true",
        "90, 9, 0, false",
        "90, 1000, 2000, false",
        "100, 1000, 1, false",
        "100, 1000, 0, true",
        "1, 100, 99, true",
        "1, 101, 100, false",
        "0, 1000, 0, false",
        "90, 9000000000000, 10, true"
    })
    void aLossIsToldFromItsShareOn(int percent, long before, long now, boolean isTold) throws IOException {
        List<ShrunkTable> told = told(percent, manifest(rows("orders", before)), manifest(rows("orders", now)));

        assertThat(told).isEqualTo(isTold ? List.of(new ShrunkTable("app.orders", now, before)) : List.of());
    }

    @Test
    void whatIsInOneBackupAloneIsNoLoss() throws IOException {
        assertThat(told(
                        90,
                        manifest(rows("dropped", 1000), new Rows("left_out_now", "table", 1000L)),
                        manifest(rows("made", 0), new Rows("left_out_now", "table", null))))
                .isEmpty();
    }

    @Test
    void partitionsSpeakForThemselves() throws IOException {
        assertThat(told(
                        90,
                        manifest(
                                new Rows("logs", "partitioned table", 1000L), rows("logs_1", 500), rows("logs_2", 500)),
                        manifest(new Rows("logs", "partitioned table", 0L), rows("logs_1", 0))))
                .extracting(ShrunkTable::table)
                .containsExactly("app.logs_1");
    }

    @Test
    void theLargestLossesComeFirstAndNotAllOfThem() throws IOException {
        List<Rows> before = new ArrayList<>();
        List<Rows> now = new ArrayList<>();
        for (int i = 1; i <= 150; i++) {
            before.add(rows("t" + i, i * 100L));
            now.add(rows("t" + i, 0));
        }

        List<ShrunkTable> told = told(90, manifest(before.toArray(new Rows[0])), manifest(now.toArray(new Rows[0])));

        assertThat(told).hasSize(ShrunkTables.MOST_TOLD);
        assertThat(told.get(0)).isEqualTo(new ShrunkTable("app.t150", 0, 15_000));
    }

    @Test
    void oddNamesAreQuoted() throws IOException {
        assertThat(told(90, manifest(rows("Big\"T", 100)), manifest(rows("Big\"T", 1)))
                        .get(0)
                        .text())
                .isEqualTo("Table app.\"Big\"\"T\" has 1 row, 100 before");
    }

    @Test
    void whatCannotBeReadIsAnError() throws IOException {
        String good = manifest(rows("orders", 1));
        for (String bad :
                new String[] {null, "", "{", "[]", "7", "null", "{}", "{\"tables\": null}", "{\"tables\": [null]}"}) {
            assertThatThrownBy(() -> told(90, bad, good)).as(bad).isInstanceOf(Exception.class);
        }
    }
}
