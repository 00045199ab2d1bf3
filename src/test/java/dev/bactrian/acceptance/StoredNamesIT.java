package dev.bactrian.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import dev.bactrian.testing.stores.TestStore;
import java.util.Map;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Names in the store, whatever stands in a row. */
class StoredNamesIT {

    private final TestDatabase database = PostgresServer.V15.createDatabase().run("CREATE TABLE a (id int)");
    private final TestDatabase control = PostgresServer.V15.createDatabase();

    @Test
    void whoeverWroteTheRowItsKeyHasPlainCharactersOnly() {
        try (TestStore store = TestStore.start();
                BactrianService service = BactrianService.start(database.url(), control, store)) {
            service.goodBackUp();
            String id = UUID.randomUUID().toString();
            control.jdbc()
                    .update(
                            "INSERT INTO backup_history (id, database, target, phase, trigger, source_repo, source_event, source_sha)"
                                    + " SELECT ?::uuid, database, target, 'queued', 'push', ?, ?, ? FROM backup_history",
                            id,
                            "acme/../shop \u00e4\n" + "x".repeat(200),
                            "",
                            "AB/?&%cdef0123");
            JsonNode row = service.awaitEnd(id);

            assertThat(row.path("status").asText()).as(row.toString()).isEqualTo("success");
            assertThat(row.path("s3_key").asText())
                    .matches("backups/archive/[0-9TZ-]+--acme-\\.\\.-shop-x{67}--AB-cdef/backup-[0-9-]+-UTC\\.zip");
            assertThat(store.keys()).contains(row.path("s3_key").asText());
        }
    }

    @Test
    void whereLatestIsAPointerNothingIsCopied() {
        try (TestStore store = TestStore.start();
                BactrianService service = BactrianService.start(
                        Map.of("DATABASE_URL", database.url(), "S3_LATEST", "pointer"), control, store)) {
            JsonNode row = service.goodBackUp();
            Awaitility.await().until(() -> store.keys().contains("backups/latest/default/manifest.json"));

            assertThat(store.keys()).hasSize(3);
            assertThat(store.text("backups/latest/default/manifest.json"))
                    .contains(row.path("s3_key").asText());
        }
    }
}
