package dev.bactrian.archive;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
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

        assertThat(outcomes.found(manifest, ID))
                .isEqualTo(new Outcomes.Outcome(
                        ID, 5_000_000_000L, "cc", 2, 3_000_000_001L, 9_876_543_210L, ManifestText.sha256(manifest)));
    }

    @Test
    void noManifestIsNoBackup() {
        assertThat(outcomes.found(null, ID)).isNull();
    }

    @Test
    void anotherBackupsManifestIsNoBackup() throws IOException {
        String manifest = json.writeValueAsString(ManifestTest.sample());

        assertThat(outcomes.found(manifest, "11111111-6a52-4d7c-9f0e-0a8d3f6c1b2a"))
                .isNull();
    }

    /** The manifest inside the archive says nothing of whether the archive was stored. */
    @Test
    void aManifestWithoutTheArchivesFiguresIsNoBackup() throws IOException {
        String manifest = json.writeValueAsString(ManifestTest.sample().beside(null));

        assertThat(outcomes.found(manifest, ID)).isNull();
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
        assertThat(outcomes.found(manifest, ID)).isNull();
    }

    @Test
    void halfAManifestIsNoBackupWhereverItWasCut() throws IOException {
        String manifest = json.writeValueAsString(ManifestTest.sample());
        for (int length = 0; length < manifest.length(); length++) {
            assertThat(outcomes.found(manifest.substring(0, length), ID)).isNull();
        }
    }
}
