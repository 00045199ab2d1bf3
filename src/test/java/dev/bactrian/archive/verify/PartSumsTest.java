package dev.bactrian.archive.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bactrian.archive.DamagedArchiveException;
import dev.bactrian.archive.Manifest;
import dev.bactrian.archive.ManifestText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A manifest may say anything: of a table in parts it must say what it says of the parts. */
class PartSumsTest {

    private static final String MANIFEST = text();

    private static String text() {
        try (var in = PartSumsTest.class.getResourceAsStream("/golden/archive-v2.manifest.json")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void whatIsWrittenFits() throws DamagedArchiveException {
        assertThat(PartSums.fit(table(MANIFEST))).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"rows\" : 81,|\"rows\" : 82,",
                "\"bytes\" : 6615,|\"bytes\" : 6616,",
                "95320a5f9e542ae9|95320a5f9e542aea",
                "95320a5f9e542ae9|no digest",
                "\"entry\" : \"db/shop/tables/order_2026/data.0002.sql\",|\"entry\" : null,",
                "\"data_entries\" : [ {|\"data_entries\" : [ null, {"
            })
    void whatIsSaidOtherwiseDoesNot(String from, String to) throws DamagedArchiveException {
        assertThat(MANIFEST).contains(from);

        assertThat(PartSums.fit(table(MANIFEST.replace(from, to)))).isFalse();
    }

    @Test
    void norDoesATableWithoutAPart() throws DamagedArchiveException {
        int from = MANIFEST.indexOf("\"data_entries\" : [");
        String none = MANIFEST.substring(0, from) + "\"data_entries\" : [ ]"
                + MANIFEST.substring(MANIFEST.indexOf("]", from) + 1);

        assertThat(PartSums.fit(table(none))).isFalse();
    }

    private static Manifest.TablePart table(String manifest) throws DamagedArchiveException {
        return ManifestText.parse(manifest, "here").tables().stream()
                .filter(table -> table.dataEntries() != null)
                .findFirst()
                .orElseThrow();
    }
}
