package dev.bactrian.verify;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.PostgresServer;
import dev.bactrian.testing.TestDatabase;
import dev.bactrian.testing.TestStore;
import java.time.Duration;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** VERIFY_CRON proves the latest backup of every database, and the history says when. */
class ScheduledVerifyIT {

    @Test
    void theLatestBackupIsProvenWhenItsTimeComes() {
        TestDatabase source = PostgresServer.V17
                .createDatabase()
                .run("CREATE TABLE t AS SELECT n FROM generate_series(1, 10) n", "CREATE INDEX t_n ON t (n)");
        TestDatabase server = PostgresServer.V17.createDatabase();
        Map<String, String> settings = Map.of(
                "DATABASE_URL", source.url(),
                "VERIFY_DATABASE_URL", server.url(),
                "VERIFY_CRON", "*/2 * * * * ?");
        try (TestStore store = TestStore.start();
                BactrianService service = BactrianService.start(settings, PostgresServer.V17.createDatabase(), store)) {
            JsonNode row = service.goodBackUp();

            JsonNode proven = Awaitility.await("a verification")
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> service.backup(row.path("id").asText()), backup -> !backup.path("verified_at")
                            .isNull());

            assertThat(proven.path("verified_at").asText()).startsWith("20").endsWith("Z");
        }
    }
}
