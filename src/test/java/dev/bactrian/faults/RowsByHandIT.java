package dev.bactrian.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bactrian.restore.RestoreRequest.Option;
import dev.bactrian.restore.steps.RestoreView.Outcome;
import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.Restoring;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import dev.bactrian.testing.stores.TestStore;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import org.apache.camel.Exchange;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What docs/troubleshooting.md says may be done to rows by hand, and what follows. */
class RowsByHandIT {

    private static final String MANIFEST = "backups/latest/default/manifest.json";

    private static TestDatabase source;
    private static TestDatabase big;
    private static TestDatabase target;
    private static TestStore store;
    private static Scene scene;

    @BeforeAll
    static void start() {
        source = Sources.small();
        big = Sources.tooBigForTheBuffers();
        target = PostgresServer.V15.createDatabase();
        store = TestStore.start();
        scene = Scene.start(
                Map.of(
                        "DATABASE_URL",
                        source.url(),
                        "DATABASE_URL_BIG",
                        big.url(),
                        "DATABASE_URL_RENAMED",
                        source.url(),
                        "DATABASE_URL_TARGET",
                        target.url(),
                        "RESTORE_API_KEY",
                        BactrianService.RESTORE_KEY,
                        "BACKUP_KEEP_LAST",
                        "50"),
                PostgresServer.V15.createDatabase(),
                store);
    }

    @AfterAll
    static void stop() {
        scene.close();
    }

    @BeforeEach
    void nothingIsHeld() {
        store.faults().releaseUploads();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "UPDATE backup_history SET status = 'failed', phase = NULL, finished_at = now(), error_text = 'by hand: nothing was stored'",
                "DELETE FROM backup_history"
            })
    void aRunningBackupWhoseRowIsEndedOrDeletedStopsAndKeepsNothing(String statement) {
        store.faults().holdUploads();
        String id = scene.request("big");
        Sources.awaitHeldMidDump(big);

        scene.control().run(statement + " WHERE id = '" + id + "' AND status = 'in_progress'");
        store.faults().releaseUploads();

        Awaitility.await("the end of what ran").atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
            scene.aftermath().assertNothingRuns(big);
            assertThat(store.danglingUploads()).isEmpty();
            assertThat(store.keys()).noneMatch(key -> key.contains("/big/"));
        });
        scene.control().run("DELETE FROM backup_history WHERE id = '" + id + "'");
    }

    /** A half-told row isn't taken. */
    @Test
    void aStatusAndItsPhaseGoTogether() {
        String id = success();

        assertThatThrownBy(() -> change(id, "status = 'in_progress'"))
                .hasStackTraceContaining("backup_history_phase_while_in_progress");
        assertThat(scene.aftermath().row(id)).containsEntry("status", "success");
    }

    /** Its archive is nobody's from then on: it isn't deleted, and can be restored by its key. */
    @Test
    void aGoodBackupWhoseRowIsDeletedStaysInTheStore() {
        String before = success();
        String id = success();
        String key = key(id);
        awaitLatest(id);

        scene.control().run("DELETE FROM backup_history WHERE id = '" + id + "'");
        retention();

        assertThat(send("GET", "/api/backups/" + id).statusCode()).isEqualTo(404);
        assertThat(store.keys()).contains(key, key.replaceFirst("[^/]*$", "manifest.json"));
        // What another history may have made stays the latest, until there is a newer one.
        scene.control().run("UPDATE backup_history SET latest_at = NULL WHERE id = '" + before + "'");
        Awaitility.await("the comparison of latest/")
                .atMost(Duration.ofSeconds(30))
                .until(() -> scene.aftermath().row(before).get("latest_at") != null);
        awaitLatest(id);
        awaitLatest(success());
    }

    /** It was good, and its archive may be wanted again: what is removed of failed backups isn't this. */
    @Test
    void aGoodBackupThatIsSetToFailedKeepsItsArchive() {
        String id = success();
        String key = key(id);
        change(id, "status = 'failed', error_text = 'not wanted'");

        scene.steps().hurry("remove-leftovers");
        Awaitility.await("looks for leftovers").until(() -> scene.steps().begun("find-leftovers") > 3);

        assertThat(store.keys()).contains(key);
        assertThat(send("POST", "/api/backups/" + id + "/download-url").body()).contains("no-archive");
        change(id, "status = 'success', error_text = NULL");
        assertThat(send("GET", "/api/backups/" + id + "/manifest").statusCode()).isEqualTo(200);
    }

    @Test
    void aFailedBackupThatIsSetToSuccessHasNoArchive() {
        scene.control()
                .run("INSERT INTO backup_history (id, status, error_text, finished_at) VALUES "
                        + "('33333333-3333-4333-8333-333333333333', 'failed', 'why', now())");
        String id = "33333333-3333-4333-8333-333333333333";
        change(id, "status = 'success', error_text = NULL");

        for (String path : new String[] {"/download-url", "/verify"}) {
            HttpResponse<String> answer = send("POST", "/api/backups/" + id + path);
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(409);
            assertThat(answer.body()).contains("no-archive");
        }
        assertThat(send("GET", "/api/backups/" + id + "/manifest").body()).contains("no-archive");
        scene.control().run("DELETE FROM backup_history WHERE id = '" + id + "'");
    }

    @Test
    void aReasonToDeleteDeletesTheArchiveAtTheNextRunOfRetention() {
        success();
        String id = success();
        String key = key(id);
        success();
        change(id, "archive_delete_reason = 'by hand'");

        retention();

        assertThat(store.keys()).doesNotContain(key);
        assertThat(scene.aftermath().row(id).get("archive_deleted_at")).isNotNull();
        // An archive that is gone isn't there again because its row says so.
        change(id, "archive_delete_reason = NULL, archive_deleted_at = NULL");
        assertThat(send("GET", "/api/backups/" + id + "/manifest").statusCode()).isEqualTo(404);
        scene.control().run("DELETE FROM backup_history WHERE id = '" + id + "'");
    }

    /** The objects aren't found by it, and none is deleted. */
    @Test
    void anotherKeyFindsNothingAndDeletesNothing() {
        success();
        String id = success();
        String key = key(id);
        change(id, "s3_key = 'backups/archive/elsewhere/backup.zip'");

        assertThat(send("GET", "/api/backups/" + id + "/manifest").statusCode()).isEqualTo(404);
        assertThat(send("DELETE", "/api/backups/" + id).body()).contains("foreign-archive");
        assertThat(store.keys()).contains(key);

        change(id, "s3_key = '" + key + "'");
        assertThat(send("GET", "/api/backups/" + id + "/manifest").statusCode()).isEqualTo(200);
        awaitLatest(success());
    }

    /** The manifests of a renamed database's backups have the former name; the history's word counts, where it has the backup. */
    @Test
    void theLatestOfARenamedDatabaseIsRestoredUnderItsNewName() {
        String id = success();
        change(id, "database = 'renamed', latest_at = NULL");
        Awaitility.await("the latest of the new name")
                .atMost(Duration.ofSeconds(30))
                .until(() -> store.keys().contains("backups/latest/renamed/manifest.json"));

        try (Restoring command = Restoring.into(
                target, store, Map.of("CONTROL_DATABASE_URL", scene.control().url()))) {
            Restoring.Result result = command.run(Restoring.everything("latest:renamed", Option.DRY_RUN));
            assertThat(result.outcome()).as(result.told()).isEqualTo(Outcome.DRY_RUN);
            HttpResponse<String> answer = restoreLatest();
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
            assertThat(scene.service()
                            .awaitRestore(BactrianService.json(answer.body())
                                    .path("id")
                                    .asText())
                            .path("status")
                            .asText())
                    .isEqualTo("success");
            target.run("DROP TABLE item");

            // What the history doesn't have as a backup of the database is one by its manifest alone.
            for (String other : new String[] {"database = 'default'", "manifest_sha256 = repeat('0', 64)"}) {
                String before = String.valueOf(scene.aftermath().row(id).get("manifest_sha256"));
                change(id, other);
                assertThat(command.run(Restoring.everything("latest:renamed", Option.DRY_RUN))
                                .told())
                        .contains("latest/ in the store names isn't a backup of renamed");
                assertThat(restoreLatest().body()).contains("latest/ in the store names isn't a backup of renamed");
                change(id, "database = 'renamed', manifest_sha256 = '" + before + "'");
            }
        }
        scene.control().run("DELETE FROM backup_history WHERE id = '" + id + "'");
    }

    private static HttpResponse<String> restoreLatest() {
        return scene.service()
                .send(
                        BactrianService.RESTORE_KEY,
                        "POST",
                        "/api/restores",
                        "{\"backup\": \"latest:renamed\", \"database\": \"target\", \"confirm\": \"" + target.name()
                                + "\"}");
    }

    private static void change(String id, String what) {
        scene.control().run("UPDATE backup_history SET " + what + " WHERE id = '" + id + "'");
    }

    private static void retention() {
        try {
            Exchange answer = scene.service().app().producer().request("direct:apply-retention", exchange -> {});
            assertThat(answer.getException()).isNull();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static HttpResponse<String> send(String method, String path) {
        return scene.service().send(BactrianService.API_KEY, method, path, null);
    }

    private static String success() {
        String id = scene.request("default");
        scene.awaitEnd(id);
        assertThat(scene.aftermath().row(id)).containsEntry("status", "success");
        return id;
    }

    private static String key(String id) {
        return String.valueOf(scene.aftermath().row(id).get("s3_key"));
    }

    private static void awaitLatest(String id) {
        Awaitility.await("backup " + id + " as the latest")
                .atMost(Duration.ofSeconds(30))
                .until(() ->
                        store.keys().contains(MANIFEST) && store.text(MANIFEST).contains(id));
    }
}
