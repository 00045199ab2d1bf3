package dev.bactrian.backup;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.bactrian.archive.ManifestJson;
import dev.bactrian.archive.ManifestTest;
import dev.bactrian.archive.ManifestText;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the store holds decides whether a backup whose process died was good: it is somebody else's input. */
class OutcomesTest {

    private static final String ID = "0b7a2f6e-6a52-4d7c-9f0e-0a8d3f6c1b2a";

    private final ObjectMapper json = ManifestJson.mapper();
    private final Outcomes outcomes = new Outcomes();

    @Test
    void aManifestThatWasLeftTellsTheFigures() throws IOException {
        String manifest = json.writeValueAsString(ManifestTest.sample());

        assertThat(found(manifest))
                .isEqualTo(new Outcomes.Outcome(
                        ID,
                        5_000_000_000L,
                        "cc",
                        null,
                        2,
                        3_000_000_001L,
                        9_876_543_210L,
                        ManifestText.sha256(manifest)));
    }

    @Test
    void noManifestIsNoBackup() {
        assertThat(found(null)).isNull();
    }

    @Test
    void anotherBackupsManifestIsNoBackup() throws IOException {
        String manifest = json.writeValueAsString(ManifestTest.sample());

        assertThat(outcomes.found(manifest, "11111111-6a52-4d7c-9f0e-0a8d3f6c1b2a", Map.of(), manifest))
                .isNull();
    }

    /** The manifest inside the archive says nothing of whether the archive was stored. */
    @Test
    void aManifestWithoutTheArchivesFiguresIsNoBackup() throws IOException {
        String manifest = json.writeValueAsString(ManifestTest.sample().beside(null));

        assertThat(found(manifest)).isNull();
    }

    /** An exception here would come again at every look, and leave the row in_progress for good. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "null",
                "[]",
                "7",
                "\"text\"",
                "{}",
                "not json",
                "{\"backup_id\": \"" + ID + "\", \"archive\": {\"key\": \"k\"",
                "{\"archive\": {\"key\": \"k\", \"size\": 1, \"sha256\": \"aa\"}}",
                "{\"backup_id\": \"" + ID + "\", \"archive\": {\"key\": \"k\", \"size\": 1, \"sha256\": \"aa\"}}",
                "{\"backup_id\": \"" + ID + "\", \"archive\": {\"size\": 1}, \"totals\": {\"tables\": 1}}",
                "{\"backup_id\": \"" + ID + "\", \"archive\": {\"size\": \"much\"}, \"totals\": {\"tables\": 1}}"
            })
    void aManifestThatCannotBeReadIsNoBackupAndNoError(String manifest) {
        assertThat(found(manifest)).isNull();
    }

    @Test
    void halfAManifestIsNoBackupWhereverItWasCut() throws IOException {
        String manifest = json.writeValueAsString(ManifestTest.sample());
        for (int length = 0; length < manifest.length(); length++) {
            assertThat(found(manifest.substring(0, length))).isNull();
        }
    }

    /** A digit of a SHA-256 that came as another one would make of a good archive one that is refused for good. */
    @Test
    void aManifestCountsWhenItIsTheOneThatWasSent() throws IOException {
        String sent = json.writeValueAsString(ManifestTest.sample());
        String damaged = sent.replace("\"cc\"", "\"cd\"");
        Map<String, Object> row = Map.of("manifest_sha256", ManifestText.sha256(sent));

        assertThat(damaged).isNotEqualTo(sent);
        assertThat(outcomes.found(sent, ID, row, null)).isNotNull();
        assertThat(outcomes.found(sent, ID, row, damaged)).isNotNull();
        assertThat(outcomes.found(damaged, ID, row, null)).isNull();
        assertThat(outcomes.found(damaged, ID, row, damaged)).isNull();
    }

    /** An older node has left no SHA-256. */
    @Test
    void orWhenItComesTwiceTheSame() throws IOException {
        String sent = json.writeValueAsString(ManifestTest.sample());
        String damaged = sent.replace("\"cc\"", "\"cd\"");

        assertThat(outcomes.found(sent, ID, Map.of(), null)).isNull();
        assertThat(outcomes.found(damaged, ID, Map.of(), sent)).isNull();
        assertThat(outcomes.found(sent, ID, Map.of(), sent)).isNotNull();
    }

    private Outcomes.Outcome found(String manifest) {
        return outcomes.found(manifest, ID, Map.of(), manifest);
    }
}
