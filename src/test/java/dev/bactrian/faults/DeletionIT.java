package dev.bactrian.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.bactrian.run.Node;
import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.servers.Gate;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import dev.bactrian.testing.stores.TestStore;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An archive is deleted while a restore of it begins: the row decides which of both goes on, never both. */
class DeletionIT {

    private static final String WAITING =
            "SELECT count(*) FROM pg_stat_activity WHERE datname = ? AND wait_event_type = 'Lock'"
                    + " AND query LIKE '%";

    private static TestDatabase source;
    private static TestDatabase target;
    private static TestStore store;
    private static Scene scene;
    private static Steps steps;

    /** The backup that is to be deleted and restored; another good one is there. */
    private String backup;

    @BeforeAll
    static void start() {
        source = Sources.small();
        target = PostgresServer.V15.createDatabase();
        store = TestStore.start();
        scene = Scene.start(
                Map.of(
                        "DATABASE_URL", source.url(),
                        "DATABASE_URL_TARGET", target.url(),
                        "VERIFY_DATABASE_URL", target.url(),
                        "RESTORE_API_KEY", BactrianService.RESTORE_KEY),
                PostgresServer.V15.createDatabase(),
                store);
        steps = Steps.watch(
                scene.service().app().context(),
                List.of("enter-restore", "mark-archive-read", "mark-deletion-begun", "discard"));
        success();
    }

    @AfterAll
    static void stop() {
        scene.close();
    }

    @BeforeEach
    void backUp() {
        backup = success();
    }

    @AfterEach
    void nothingIsWrong() {
        steps.reset();
    }

    /** The restore has written its row, and nothing else yet. */
    @Test
    void aRestoreThatHasEnteredKeepsItsArchive() {
        Gate gate = held("write-archive-read");
        CompletableFuture<HttpResponse<String>> restore = restoring();
        awaitBegun("write-archive-read");

        assertConflict(delete(), "backup-in-use");

        gate.open();
        assertRestored(restore.join());
    }

    /** The deletion decides and ends between the moment in which the restore found its archive and its own row. */
    @Test
    void aDeletionThatWasFasterRefusesTheRestore() {
        Gate gate = held("insert-restore-row");
        CompletableFuture<HttpResponse<String>> restore = restoring();
        awaitBegun("insert-restore-row");

        assertThat(delete().statusCode()).isEqualTo(200);

        gate.open();
        assertConflict(restore.join(), "no-archive");
        assertThat(restores()).isZero();
    }

    /** Both have asked the history, each saw nothing of the other, and both wait for the row: the deletion is first. */
    @Test
    void ofTwoThatWaitForTheRowTheDeletionComesFirst() throws SQLException {
        CompletableFuture<HttpResponse<String>> deletion;
        CompletableFuture<HttpResponse<String>> restore;
        try (Connection other = scene.control().connect();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("SELECT FROM backup_history WHERE id = '" + backup + "' FOR UPDATE");
            deletion = CompletableFuture.supplyAsync(this::delete);
            awaitWaiting("archive_delete_reason = coalesce");
            restore = restoring();
            awaitWaiting("reads = reads + 1");
            other.commit();
        }

        assertThat(deletion.join().statusCode()).isEqualTo(200);
        assertConflict(restore.join(), "no-archive");
        assertThat(scene.control()
                        .jdbc()
                        .queryForMap(
                                "SELECT status, error_text FROM restore_history WHERE backup_id = ?::uuid", backup))
                .containsEntry("status", "failed")
                .extractingByKey("error_text")
                .asString()
                .contains("deletion began", "Nothing was changed");
    }

    /** The same, but a restore of another node is first: the deletion decided by what was before. */
    @Test
    void ofTwoThatWaitForTheRowTheRestoreComesFirst() throws SQLException {
        CompletableFuture<HttpResponse<String>> deletion;
        try (Connection other = scene.control().connect();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("UPDATE backup_history SET reads = reads + 1 WHERE id = '" + backup + "'");
            deletion = CompletableFuture.supplyAsync(this::delete);
            awaitWaiting("archive_delete_reason = coalesce");
            enter(backup, "elsewhere/1/1");
            other.commit();
        }

        assertConflict(deletion.join(), "backup-in-use");
        assertThat(scene.aftermath().row(backup).get("archive_delete_reason")).isNull();
        scene.control().run("DELETE FROM restore_history");
        assertThat(delete().statusCode()).isEqualTo(200);
    }

    /** A deletion that broke off half way is no reason to restore what is left. */
    @Test
    void whatIsBeingDeletedIsNeitherRestoredNorVerified() {
        steps.once("delete-manifest", () -> {
            throw new IllegalStateException(Steps.SCRIPTED);
        });
        assertThat(delete().statusCode()).isEqualTo(500);

        assertConflict(restoring().join(), "no-archive");
        assertConflict(scene.service().send("POST", "/api/backups/" + backup + "/verify", null), "no-archive");
        // Named by its key, no row of it is looked at before.
        assertConflict(post(String.valueOf(scene.aftermath().row(backup).get("s3_key"))), "is being deleted");

        assertThat(delete().statusCode()).isEqualTo(200);
        assertThat(scene.aftermath().row(backup).get("archive_deleted_at")).isNotNull();
    }

    /** What a dead process was restoring is in nobody's way, once its row says so. */
    @Test
    void aRestoreWhoseProcessIsGoneKeepsItsArchiveUntilItsRowSaysSo() {
        long pid = 4_000_000;
        while (ProcessHandle.of(pid).isPresent()) {
            pid++;
        }
        String restore = enter(backup, new Node().getName().replaceFirst("/\\d+/", "/" + pid + "/"));
        assertConflict(delete(), "backup-in-use");

        Awaitility.await("the end of the dead process's restore")
                .atMost(Duration.ofSeconds(30))
                .until(() -> "failed"
                        .equals(scene.control()
                                .jdbc()
                                .queryForObject(
                                        "SELECT status FROM restore_history WHERE id = ?::uuid",
                                        String.class,
                                        restore)));
        assertThat(delete().statusCode()).isEqualTo(200);
    }

    private static String success() {
        String id = scene.request("default");
        scene.awaitEnd(id);
        assertThat(scene.aftermath().row(id)).containsEntry("status", "success");
        return id;
    }

    private HttpResponse<String> delete() {
        return scene.service().send("DELETE", "/api/backups/" + backup, null);
    }

    private CompletableFuture<HttpResponse<String>> restoring() {
        return CompletableFuture.supplyAsync(() -> post(backup));
    }

    private static HttpResponse<String> post(String backup) {
        return scene.service()
                .send(
                        BactrianService.RESTORE_KEY,
                        "POST",
                        "/api/restores",
                        "{\"backup\": \"" + backup + "\", \"database\": \"target\", \"confirm\": \"" + target.name()
                                + "\", \"dry_run\": true}");
    }

    /** A restore's row, as another node writes it. */
    private static String enter(String backup, String node) {
        String id = UUID.randomUUID().toString();
        scene.control()
                .jdbc()
                .update(
                        "INSERT INTO restore_history (id, backup_id, backup, database, target, request, phase, node, heartbeat_at)"
                                + " VALUES (?::uuid, ?::uuid, 'k', 'default', ?, '{}', 'rows', ?, now())",
                        id,
                        backup,
                        "elsewhere:1/" + id,
                        node);
        return id;
    }

    private static int restores() {
        return scene.control()
                .jdbc()
                .queryForObject("SELECT count(*) FROM restore_history WHERE status = 'in_progress'", Integer.class);
    }

    private static void assertRestored(HttpResponse<String> accepted) {
        assertThat(accepted.statusCode()).as(accepted.body()).isEqualTo(202);
        JsonNode row = scene.service()
                .awaitRestore(BactrianService.json(accepted.body()).path("id").asText());
        assertThat(row.path("status").asText()).as(row.toString()).isEqualTo("success");
    }

    private static void assertConflict(HttpResponse<String> answer, String words) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(409);
        assertThat(answer.body()).contains(words);
    }

    private static Gate held(String step) {
        Gate gate = new Gate();
        gate.close();
        steps.once(step, gate::pass);
        return gate;
    }

    private static void awaitBegun(String step) {
        Awaitility.await("the step " + step).atMost(Duration.ofSeconds(30)).until(() -> steps.begun(step) > 0);
    }

    private static void awaitWaiting(String statement) {
        Awaitility.await("a statement that waits for the row")
                .atMost(Duration.ofSeconds(30))
                .until(() -> scene.control()
                                .jdbc()
                                .queryForObject(
                                        WAITING + statement + "%' AND pid <> pg_backend_pid()",
                                        Integer.class,
                                        scene.control().name())
                        > 0);
    }
}
