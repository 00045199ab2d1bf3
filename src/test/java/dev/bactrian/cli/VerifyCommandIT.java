package dev.bactrian.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.Run;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import dev.bactrian.testing.stores.TestStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code bactrian verify} as people run it, with nothing but the store's credentials, or a file. */
class VerifyCommandIT {

    private static final Path GOLDEN =
            Path.of("src/test/resources/golden/archive-v1.zip").toAbsolutePath();

    private static TestStore store;
    private static String key;
    private static String id;
    private static Map<String, String> settings;

    @TempDir
    private Path folder;

    @BeforeAll
    static void backUp() {
        TestDatabase source = PostgresServer.V17
                .createDatabase()
                .run("CREATE TABLE item (id int)", "INSERT INTO item SELECT generate_series(1, 1234)");
        store = TestStore.start();
        try (BactrianService service = BactrianService.start(
                PostgresServer.V17.settings(source), PostgresServer.V17.createDatabase(), store)) {
            JsonNode row = service.goodBackUp();
            key = row.path("s3_key").asText();
            id = row.path("id").asText();
        }
        settings = new HashMap<>(store.settings());
        settings.put("WORK_DIR", BactrianService.temporaryFolder().toString());
    }

    @AfterAll
    static void stop() {
        store.close();
    }

    @Test
    void aBackupInTheStoreIsFoundByKeyByIdAndAsTheLatest() {
        for (String backup : new String[] {key, id, "latest"}) {
            Run run = Run.bactrian(settings, "verify", backup, "--archive-only");

            assertThat(run.exit()).as(run.out() + run.err()).isZero();
            assertThat(run.out())
                    .containsPattern("Archive +" + key)
                    .containsPattern("Size +\\d+\\.\\d KB")
                    .containsPattern("Entries +\\d+")
                    .containsPattern("Tables +1 with 1234 rows")
                    .containsPattern("Result +intact")
                    .doesNotContain("DIFFERENT", "Not compared");
        }
    }

    @Test
    void whatIsNotThereIsSaidSo() {
        Run missing = Run.bactrian(settings, "verify", "backups/archive/x/y.zip", "--archive-only");
        assertThat(missing.exit()).isEqualTo(1);
        assertThat(missing.err()).contains("doesn't return backups/archive/x/y.zip", "Nothing was verified");

        Run unknown = Run.bactrian(settings, "verify", "latest:nobody", "--archive-only");
        assertThat(unknown.exit()).isEqualTo(1);
        assertThat(unknown.err()).contains("no latest backup of nobody");

        Run usage = Run.bactrian(settings, "verify", "latest");
        assertThat(usage.exit()).isEqualTo(2);
        assertThat(usage.err()).contains("--archive-only");
    }

    @Test
    void aFileIsReadWithoutAStore() throws IOException {
        Map<String, String> nothing =
                Map.of("WORK_DIR", BactrianService.temporaryFolder().toString());
        Run golden = Run.bactrian(nothing, "verify", GOLDEN.toString(), "--archive-only");
        assertThat(golden.exit()).as(golden.out() + golden.err()).isZero();
        assertThat(golden.out()).containsPattern("Tables +7 with 254 rows").doesNotContain("Not compared");

        Path alone = Files.copy(GOLDEN, folder.resolve("alone.zip"));
        Files.writeString(folder.resolve("manifest.json"), "{\"archive\": {\"key\": \"backups/other.zip\"}}");
        Run unnamed = Run.bactrian(nothing, "verify", alone.toString(), "--archive-only");
        assertThat(unnamed.exit()).as(unnamed.out() + unnamed.err()).isZero();
        assertThat(unnamed.out()).contains("Not compared");

        byte[] bytes = Files.readAllBytes(GOLDEN);
        bytes[bytes.length / 2] ^= 1;
        Path damaged = Files.write(folder.resolve("damaged.zip"), bytes);
        Run run = Run.bactrian(nothing, "verify", damaged.toString(), "--archive-only");
        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.out()).contains("DIFFERENT  ").containsPattern("Result +not what its manifest says");
    }
}
