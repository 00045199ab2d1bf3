package dev.bactrian.dump.instant;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.bactrian.restore.RestoreRequest;
import dev.bactrian.restore.RestoreRequest.Option;
import dev.bactrian.restore.steps.RestoreView.Outcome;
import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.Restoring;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import dev.bactrian.testing.stores.TestStore;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A backup of a database and a restore into it keep out of each other's way, in whichever processes they run. */
class BackupAndRestoreIT {

    private static final PostgresServer SERVER = PostgresServer.V17;
    /** An index can't be built as long as somebody holds this advisory lock. */
    private static final long GATE = 4711;

    private static TestStore store;
    private static String programs;
    private static String key;
    private TestDatabase database;

    @BeforeAll
    static void start() {
        store = TestStore.start();
        programs = DumpGate.programs(SERVER).toString();
        TestDatabase source = sample();
        key = BactrianService.backUp(SERVER, source, store);
    }

    @AfterAll
    static void stop() {
        store.close();
    }

    @BeforeEach
    void newDatabase() {
        database = sample();
    }

    private static TestDatabase sample() {
        return SERVER.createDatabase()
                .run(
                        "CREATE FUNCTION gate(int) RETURNS int IMMUTABLE LANGUAGE plpgsql AS"
                                + " 'BEGIN PERFORM pg_advisory_xact_lock_shared(" + GATE + "); RETURN $1; END'",
                        "CREATE TABLE item AS SELECT n FROM generate_series(1, 1000) n");
    }

    private BactrianService service(Map<String, String> own) {
        Map<String, String> settings = new HashMap<>(Map.of("DATABASE_URL", database.url(), "PG_BIN", programs));
        settings.putAll(own);
        return BactrianService.start(settings, SERVER.createDatabase(), store);
    }

    @Test
    void aRestoreIntoADatabaseThatIsBackedUpIsRefused() {
        try (BactrianService service = service(Map.of());
                Restoring restoring = Restoring.into(database, store)) {
            String id;
            try (DumpGate gate = DumpGate.close(database)) {
                id = service.request("{}");
                gate.awaitHeld();
                RestoreRequest over = Restoring.everything(key, Option.DATA_ONLY, Option.TRUNCATE);

                Restoring.Result result = restoring.run(over);

                assertThat(result.outcome()).isEqualTo(Outcome.FAILED);
                assertThat(result.told())
                        .contains("A backup of " + database.url().replace(":any@", ":***@") + " is running")
                        .contains("Nothing was changed")
                        .contains("Wait until it has ended, or cancel it");
                // What writes nothing there isn't kept out, nor what goes to another database of the server.
                assertThat(restoring
                                .run(Restoring.everything(key, Option.DATA_ONLY, Option.TRUNCATE, Option.DRY_RUN))
                                .outcome())
                        .isEqualTo(Outcome.DRY_RUN);
                Restoring.Result elsewhere = restoring.run(new RestoreRequest(
                        UUID.randomUUID(),
                        key,
                        "target",
                        database.name() + "_copy",
                        List.of(),
                        List.of(),
                        null,
                        EnumSet.of(Option.NO_OWNER)));
                assertThat(elsewhere.outcome()).as(elsewhere.told()).isEqualTo(Outcome.SUCCESS);
            }
            assertThat(service.awaitEnd(id).path("status").asText()).isEqualTo("success");
            assertThat(service.manifest(id).totals().rows()).isEqualTo(1000);
            Restoring.Result afterwards = restoring.run(Restoring.everything(key, Option.DATA_ONLY, Option.TRUNCATE));
            assertThat(afterwards.outcome()).as(afterwards.told()).isEqualTo(Outcome.SUCCESS);
        }
    }

    @Test
    void aBackupWaitsForTheEndOfARestore() throws Exception {
        inTheMiddleOfARestore(Map.of(), (service, restore) -> {
            String id = service.request("{}");
            awaitWaiting();
            restore.run();

            JsonNode row = service.awaitEnd(id);
            assertThat(row.path("status").asText()).as(row.toString()).isEqualTo("success");
            assertThat(service.manifest(id).totals().rows()).isEqualTo(1000);
        });
    }

    @Test
    void aBackupThatWaitsCanBeCancelled() throws Exception {
        inTheMiddleOfARestore(Map.of(), (service, restore) -> {
            String id = service.request("{}");
            awaitWaiting();

            service.send("POST", "/api/backups/" + id + "/cancel", null);

            assertThat(service.awaitEnd(id).path("status").asText()).isEqualTo("cancelled");
            Awaitility.await("the end of its session").until(() -> waiting() == 0);
            restore.run();
        });
    }

    @Test
    void aBackupWaitsNoLongerThanItMay() throws Exception {
        inTheMiddleOfARestore(Map.of("BACKUP_RESTORE_WAIT", "100ms"), (service, restore) -> {
            JsonNode row = service.backUp();

            assertThat(row.path("status").asText()).isEqualTo("failed");
            assertThat(row.path("error_text").asText())
                    .contains("A restore into")
                    .contains("BACKUP_RESTORE_WAIT")
                    .contains("nothing was stored")
                    .contains("Start the backup again when the restore has ended");
            restore.run();
            assertThat(service.backUp().path("status").asText()).isEqualTo("success");
        });
    }

    @Test
    void whatAnUnfinishedRestoreLeftIsNoBackup() {
        database.run(
                "CREATE SCHEMA bactrian_restore",
                "CREATE TABLE bactrian_restore.unfinished (what text, started_at int)");
        try (BactrianService service = service(Map.of())) {
            JsonNode row = service.backUp();

            assertThat(row.path("status").asText()).isEqualTo("failed");
            assertThat(row.path("error_text").asText())
                    .contains("began and never ended")
                    .contains("is incomplete")
                    .contains("DROP SCHEMA bactrian_restore CASCADE;");
            database.run("DROP SCHEMA bactrian_restore CASCADE");
            assertThat(service.backUp().path("status").asText()).isEqualTo("success");
        }
    }

    @FunctionalInterface
    private interface Meanwhile {
        /**
         * Does something in the middle.
         *
         * @param end lets the restore go on, and awaits its end
         */
        void run(BactrianService service, Runnable end) throws Exception;
    }

    /** A restore with rows in the target, that can't go on: its index waits. */
    private void inTheMiddleOfARestore(Map<String, String> settings, Meanwhile meanwhile) throws Exception {
        TestDatabase gated = sample().run("CREATE INDEX gated ON item (gate(n))");
        String archive = BactrianService.backUp(SERVER, gated, store);
        database = SERVER.createDatabase();
        try (BactrianService service = service(settings);
                Restoring restoring = Restoring.into(database, store);
                Connection gate = closeGate()) {
            CompletableFuture<Restoring.Result> running =
                    CompletableFuture.supplyAsync(() -> restoring.run(Restoring.everything(archive)));
            Awaitility.await("an index that waits")
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> database.jdbc()
                                    .queryForObject(
                                            "SELECT count(*) FROM pg_locks l JOIN pg_database d ON d.oid = l.database"
                                                    + " WHERE d.datname = current_database() AND locktype = 'advisory' AND NOT granted",
                                            Integer.class)
                            > 0);
            meanwhile.run(service, () -> {
                try {
                    gate.close();
                } catch (SQLException e) {
                    throw new IllegalStateException(e);
                }
                Restoring.Result result = running.join();
                assertThat(result.outcome()).as(result.told()).isEqualTo(Outcome.SUCCESS);
            });
        }
    }

    private Connection closeGate() throws SQLException {
        Connection connection = database.connect();
        try (Statement statement = connection.createStatement()) {
            statement.execute("SELECT pg_advisory_lock(" + GATE + ")");
        }
        return connection;
    }

    private int waiting() {
        return database.jdbc()
                .queryForObject(
                        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state = 'idle'"
                                + " AND query LIKE '%pg_try_advisory_lock_shared%'",
                        Integer.class);
    }

    private void awaitWaiting() {
        Awaitility.await("a backup that waits").atMost(Duration.ofSeconds(30)).until(() -> waiting() > 0);
    }
}
