package dev.bactrian.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.ProjectFolder;
import dev.bactrian.testing.Run;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.stores.TestStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A user's own route of a backup may call what otherwise only a verification needs: then that is loaded, too. */
class OwnRouteIT {

    private static final String OWN =
            """
            - route:
                id: verify-afterwards
                description: What a user may want after a backup
                from:
                  uri: direct:verify-afterwards
                  steps:
                    - to: direct:run-recorded-verify
            """;

    @TempDir
    private Path folder;

    @Test
    void aBackupByCommandLoadsWhatAUsersRouteCalls() throws IOException {
        ProjectFolder.copyTo(folder);
        Files.writeString(folder.resolve("routes/backup/verify-afterwards.camel.yaml"), OWN);
        try (TestStore store = TestStore.start()) {
            Map<String, String> settings = new HashMap<>(store.settings());
            settings.putAll(Map.of(
                    "DATABASE_URL", PostgresServer.V15.createDatabase().url(),
                    "CONTROL_DATABASE_URL", PostgresServer.V15.createDatabase().url(),
                    "PG_BIN", BactrianService.pg17().toString()));

            Run run = Run.bactrianFrom(folder, settings, "backup");

            assertThat(run.exit()).as(run.err()).isZero();
        }
    }
}
