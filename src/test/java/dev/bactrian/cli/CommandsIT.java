package dev.bactrian.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.Run;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import dev.bactrian.testing.stores.TestStore;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The commands as people run them, judged by what they print and their exit code: each exit code by a process of its own,
 * whatever else they print by {@link Run#bactrian}.
 */
class CommandsIT {

    private static final String PASSWORD = "canary-of-the-commands";

    private TestDatabase database;
    private TestDatabase control;
    private TestStore store;
    private Map<String, String> settings;

    @BeforeEach
    void start() {
        database = PostgresServer.V17
                .createDatabase()
                .run(
                        "CREATE SCHEMA app",
                        "CREATE TABLE app.item (id int PRIMARY KEY)",
                        "INSERT INTO app.item SELECT generate_series(1, 5000)");
        control = PostgresServer.V17.createDatabase();
        store = TestStore.start();
        settings = new HashMap<>(store.settings());
        settings.put("DATABASE_URL_PROD", database.backupRole("commands_backup", PASSWORD));
        settings.put("CONTROL_DATABASE_URL", control.url());
        settings.put("WORK_DIR", BactrianService.temporaryFolder().toString());
        settings.put("PG_BIN", BactrianService.pg17().toString());
    }

    @AfterEach
    void stop() {
        store.close();
    }

    @Test
    void backupEndsWithASummaryAndExitCodeZero() {
        Run run = Run.ofItsOwn(settings, "backup", "prod");

        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(run.out())
                .containsPattern("Timestamp +\\d{4}-\\d\\d-\\d\\dT")
                .containsPattern("Environment +prod")
                .containsPattern("Connection +postgresql://commands_backup:\\*\\*\\*@127.0.0.1")
                .containsPattern("Server +PostgreSQL 17")
                .containsPattern("Database size +\\d+\\.\\d MB")
                .containsPattern("Tables +1 with 5000 rows")
                .containsPattern("app +1 table +5000 rows")
                .containsPattern("Archive size +\\d")
                .containsPattern("Key +backups/archive/.*\\.zip")
                .containsPattern("Duration +\\d+\\.\\d s")
                .containsPattern("Status +success");
        assertThat(run.out() + run.err()).doesNotContain(PASSWORD);
        assertThat(store.keys()).anyMatch(key -> key.endsWith(".zip"));
        assertThat(control.jdbc().queryForObject("SELECT trigger FROM backup_history", String.class))
                .isEqualTo("manual");
    }

    @Test
    void aPartIsAskedForByOptionsAndTold() {
        database.run(
                "CREATE SCHEMA other", "CREATE TABLE other.thing (item int CONSTRAINT thing_item REFERENCES app.item)");
        settings.put("BACKUP_EXCLUDE_TABLES_PROD", "app.tpyo");

        Run run = Run.bactrian(
                settings, "backup", "prod", "--exclude-schema", "app", "--exclude-table-data", "other.thing");

        assertThat(run.exit()).as(run.out() + run.err()).isZero();
        assertThat(run.out())
                .containsPattern("Left out +schema \"app\" \\(the request's exclude_schemas: app\\)")
                .containsPattern(" +data \"other\"\\.\"thing\" \\(the request's exclude_table_data: other\\.thing\\)")
                .containsPattern("Missing +table \"app\"\\.\"item\" \\(foreign key thing_item of table \"other\"")
                .containsPattern("Warnings +BACKUP_EXCLUDE_TABLES_PROD has the pattern app.tpyo");

        Run wrong = Run.bactrian(settings, "backup", "prod", "--schema", "a.b");
        assertThat(wrong.exit()).isEqualTo(2);
        assertThat(wrong.err()).contains("The pattern a.b has a dot");

        Run json = Run.bactrian(settings, "backup", "prod", "--json", "--schema", "app", "--table", "app.item");
        assertThat(json.exit()).as(json.err()).isZero();
        JsonNode result = BactrianService.json(json.out());
        assertThat(result.path("left_out").findValuesAsText("name")).contains("\"other\"", "\"public\"");
        assertThat(result.at("/selection/tables/0").asText()).isEqualTo("app.item");

        Run check = Run.bactrian(settings, "check");
        assertThat(check.out()).containsPattern("OK +database prod: everything readable: 2 tables.*app.tpyo");
    }

    @Test
    void severalDatabasesAreBackedUpByOneCommand() {
        settings.put("DATABASE_URL_DEV", PostgresServer.V15.createDatabase().url());
        settings.put("DATABASE_URL_GONE", "postgresql://nobody:none@127.0.0.1:1/none");

        Run run = Run.bactrian(settings, "backup", "prod", "dev", "--json");
        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(BactrianService.json(run.out()).findValuesAsText("database")).containsExactly("prod", "dev");
        assertThat(BactrianService.json(run.out()).findValuesAsText("status")).containsOnly("success");

        Run one = Run.bactrian(settings, "backup", "gone", "prod");
        assertThat(one.exit()).isEqualTo(1);
        assertThat(one.out())
                .containsPattern("Environment +gone")
                .containsPattern("Status +failed")
                .containsPattern("Environment +prod")
                .containsPattern("Status +success");

        Run none = Run.bactrian(settings, "backup", "prod", "test");
        assertThat(none.exit()).isEqualTo(2);
        assertThat(none.err()).contains("There is no database test.");
        assertThat(control.jdbc().queryForObject("SELECT count(*) FROM backup_history", Integer.class))
                .isEqualTo(4);
    }

    @Test
    void jsonIsForScripts() {
        Run run = Run.bactrian(settings, "backup", "prod", "--json");
        assertThat(run.exit()).as(run.err()).isZero();
        JsonNode result = BactrianService.json(run.out());
        assertThat(result.path("status").asText()).isEqualTo("success");
        assertThat(result.path("totals").path("rows").asLong()).isEqualTo(5000);

        Run list = Run.bactrian(settings, "list", "--json");
        assertThat(list.exit()).isZero();
        assertThat(BactrianService.json(list.out()).get(0).path("id")).isEqualTo(result.path("id"));
        assertThat(Run.bactrian(settings, "list").out())
                .contains("success")
                .contains(result.path("s3_key").asText());
    }

    @Test
    void aFailedBackupSaysWhyAndExitsWithOne() {
        database.run("CREATE TABLE secret (id int)", "ALTER TABLE secret ENABLE ROW LEVEL SECURITY");
        database.run("ALTER ROLE commands_backup NOBYPASSRLS");

        Run run = Run.ofItsOwn(settings, "backup", "prod");

        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.out())
                .containsPattern("Status +failed")
                .contains("BYPASSRLS")
                .contains("\"public\".\"secret\"");
        assertThat(store.keys()).isEmpty();
    }

    @Test
    void everyErrorOfTheConfigurationIsToldAtOnceAndExitsWithTwo() {
        settings.put("DATABASE_URL_PROD", "postgresql://postgres:[YOUR-PASSWORD]@db.abc.supabase.co:5432/postgres");
        settings.put("HTTP_PORT", "eighty");
        settings.remove("S3_BUCKET");

        Run run = Run.ofItsOwn(settings, "serve");

        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err())
                .contains("DATABASE_URL_PROD")
                .contains("[YOUR-PASSWORD]")
                .contains("HTTP_PORT")
                .contains("S3_BUCKET")
                .contains("BACKUP_API_KEY");
    }

    @Test
    void anUnknownDatabaseExitsWithTwoAndNamesTheKnownOnes() {
        Run run = Run.bactrian(settings, "backup", "staging");
        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err()).contains("staging").contains("prod");
    }

    @Test
    void disabledBackupsExitWithThree() {
        settings.put("BACKUP_ENABLED", "false");
        Run run = Run.ofItsOwn(settings, "backup", "prod");
        assertThat(run.exit()).isEqualTo(3);
        assertThat(run.err()).contains("BACKUP_ENABLED");
        assertThat(store.keys()).isEmpty();
    }

    @Test
    void checkPrintsALinePerPrecondition() {
        Run run = Run.bactrian(settings, "check");

        assertThat(run.exit()).as(run.out() + run.err()).isZero();
        assertThat(run.out().lines()).allMatch(line -> line.startsWith("OK ")).hasSizeGreaterThan(9);
        assertThat(run.out())
                .contains("address: not a Supabase address: postgresql://")
                .contains("session mode")
                .contains("reachable")
                .containsPattern("connections: up to [0-9]+ at once, of [0-9]+ allowed; the server has [0-9]+ now")
                .contains("encryption: sslmode")
                .contains("encryption of archives: off")
                .contains("pg_dump")
                .contains("snapshot")
                .contains("everything readable")
                .contains("write")
                .contains("ranged read")
                .contains("delete")
                .contains("control database")
                .contains("work folder");
        assertThat(store.keys()).as("check leaves nothing behind").isEmpty();
    }

    @Test
    void checkSaysWhatToDoWhereSomethingIsMissing() {
        database.run("REVOKE pg_read_all_data FROM commands_backup", "REVOKE ALL ON SCHEMA app FROM PUBLIC");
        settings.put("AWS_SECRET_ACCESS_KEY", "wrong-secret");

        Run run = Run.bactrian(settings, "check");

        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.out())
                .containsPattern(
                        "FAILED +database prod: everything readable: .*GRANT pg_read_all_data TO \"commands_backup\"")
                .containsPattern("FAILED +bucket .*: write: .*AWS_SECRET_ACCESS_KEY");
        assertThat(run.out() + run.err()).doesNotContain(PASSWORD).doesNotContain("wrong-secret");
    }

    @Test
    void helpHelps() {
        Run run = Run.ofItsOwn(Map.of(), "--help");
        assertThat(run.exit()).isZero();
        assertThat(run.out()).contains("serve", "backup", "list", "check", "demo", "Exit codes");
        assertThat(Run.ofItsOwn(Map.of(), "nonsense").exit()).isEqualTo(2);
        assertThat(Run.ofItsOwn(Map.of(), "--version").out()).startsWith("Bactrian ");
    }

    @Test
    void listShowsWhenTheNextBackupsAreDueWithoutAService() {
        settings.put("DATABASE_URL_DEV", settings.get("DATABASE_URL_PROD"));
        settings.put("BACKUP_CRON", "0 0 0 1 1 ? 2098");

        Run configured = Run.bactrian(settings, "list");
        assertThat(configured.exit()).as(configured.err()).isZero();
        assertThat(configured.out())
                .contains("There is no backup yet.")
                .containsPattern("DATABASE +NEXT BACKUP \\(UTC\\) +SCHEDULE")
                .containsPattern("dev +2098-01-01T00:00:00Z +0 0 0 1 1 \\? 2098 in UTC, by the configuration");

        control.run(
                "INSERT INTO system_settings_kv (key, value) VALUES ('backup_enabled', 'false'), "
                        + "('schedule.dev', 'null'), ('schedule.prod', '\"0 0 0 1 1 ? 2097\"'), ('timezone', '\"Asia/Tokyo\"')");
        Run changed = Run.bactrian(settings, "list");
        assertThat(changed.out())
                .containsPattern("dev +- +none")
                .containsPattern("prod +2096-12-31T15:00:00Z +0 0 0 1 1 \\? 2097 in Asia/Tokyo, set at 20")
                .contains("Backups are switched off: scheduled ones are skipped.");
        assertThat(Run.bactrian(settings, "list", "--json").out().strip()).isEqualTo("[ ]");
    }
}
