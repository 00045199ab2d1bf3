package dev.bactrian.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import dev.bactrian.testing.stores.TestStore;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Where a hand-made system kept a history, Bactrian goes on with it: dashboards that read the table keep working. */
class HistoryMigrationIT {

    @Test
    void theHistoryOfAHandMadeSystemIsTakenOver() {
        TestDatabase control = PostgresServer.V15
                .createDatabase()
                .run(
                        """
                        CREATE TABLE backup_history (
                            id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
                            dispatch_id uuid,
                            s3_key text,
                            status text NOT NULL CHECK (status IN ('success', 'failed', 'cancelled', 'in_progress')),
                            size_bytes bigint,
                            created_at timestamptz DEFAULT now(),
                            finished_at timestamptz,
                            error_text text,
                            workflow_run_id text)""",
                        "CREATE TABLE somebody_elses (id int)",
                        "INSERT INTO backup_history (dispatch_id, s3_key, status, size_bytes) VALUES "
                                + "(gen_random_uuid(), 'backups/old.zip', 'success', 7), "
                                + "(gen_random_uuid(), NULL, 'in_progress', NULL)");
        TestDatabase database = PostgresServer.V15.createDatabase().run("CREATE TABLE a (id int)");
        try (TestStore store = TestStore.start();
                BactrianService service = BactrianService.start(database.url(), control, store)) {

            assertThat(service.backUp().path("status").asText()).isEqualTo("success");

            Map<String, Object> old = control.jdbc()
                    .queryForMap("SELECT status, size_bytes FROM backup_history WHERE s3_key = 'backups/old.zip'");
            assertThat(old).containsEntry("status", "success").containsEntry("size_bytes", 7L);
            assertThat(control.jdbc()
                            .queryForList(
                                    "SELECT error_text FROM backup_history WHERE status = 'failed'", String.class))
                    .as("what nobody would ever end")
                    .singleElement()
                    .asString()
                    .contains("unfinished")
                    .contains("Make a new backup");
            assertThat(service.send("GET", "/api/backups", null).body()).contains("backups/old.zip");
        }
    }
    /** While services are replaced one by one, an older one is started on tables that a newer one has made. */
    @Test
    void theHistoryOfANewerVersionIsLeftAsItIs() {
        TestDatabase control = PostgresServer.V15.createDatabase();
        TestDatabase database = PostgresServer.V15.createDatabase().run("CREATE TABLE a (id int)");
        try (TestStore store = TestStore.start()) {
            try (BactrianService service = BactrianService.start(database.url(), control, store)) {
                assertThat(service.backUp().path("status").asText()).isEqualTo("success");
            }
            control.run(
                    "ALTER TABLE backup_history ADD COLUMN of_the_future integer NOT NULL DEFAULT 7",
                    "INSERT INTO bactrian_schema_history SELECT installed_rank + 1, '9999', 'of the future', type, "
                            + "'V9999__of_the_future.sql', 1, installed_by, now(), 1, true FROM bactrian_schema_history "
                            + "ORDER BY installed_rank DESC LIMIT 1");

            try (BactrianService service = BactrianService.start(database.url(), control, store)) {
                assertThat(service.backUp().path("status").asText()).isEqualTo("success");
            }
            assertThat(control.jdbc().queryForList("SELECT of_the_future FROM backup_history", Integer.class))
                    .containsExactly(7, 7);
        }
    }

    /** What a service of the version before writes: nothing into the columns that it doesn't know. */
    @Test
    void rowsOfAnOlderVersionAreAsGood() {
        TestDatabase control = PostgresServer.V15.createDatabase();
        TestDatabase database = PostgresServer.V15.createDatabase().run("CREATE TABLE a (id int)");
        try (TestStore store = TestStore.start();
                BactrianService service = BactrianService.start(database.url(), control, store)) {
            String id = service.backUp().path("id").asText();
            control.run("UPDATE backup_history SET latest_at = DEFAULT, reads = DEFAULT, node = 'older/1/1'");

            assertThat(service.backUp().path("status").asText()).isEqualTo("success");
            assertThat(service.send("DELETE", "/api/backups/" + id, null).statusCode())
                    .isEqualTo(200);
        }
    }
}
