package dev.bactrian.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bactrian.testing.BactrianProcess;
import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.ProjectFolder;
import dev.bactrian.testing.servers.Gate;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import dev.bactrian.testing.stores.S3Gateway;
import dev.bactrian.testing.stores.S3Gateway.Request;
import dev.bactrian.testing.stores.TestStore;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What latest/ names when something comes between a backup's success and that: the newest good backup, in the end. */
class LatestIT {

    private static final String FOLDER = "backups/latest/default/";
    private static final String MANIFEST = FOLDER + "manifest.json";

    private static TestDatabase source;
    private static TestStore store;
    private static S3Gateway gateway;
    private static Scene scene;

    @TempDir
    private Path folder;

    @BeforeAll
    static void start() {
        source = Sources.small();
        store = TestStore.start();
        gateway = S3Gateway.to(store);
        scene = Scene.start(
                Map.of(
                        "DATABASE_URL", source.url(),
                        "BACKUP_MAX_CONCURRENT", "4",
                        "S3_ENDPOINT", gateway.endpoint().toString()),
                PostgresServer.V15.createDatabase(),
                store);
    }

    @AfterAll
    static void stop() {
        scene.close();
        gateway.close();
    }

    @BeforeEach
    void nothingIsWrongYet() {
        scene.steps().reset();
        gateway.refuseNothing();
    }

    /** The slow one has copied its archive, and comes to the manifest when a newer backup is named already. */
    @Test
    void aSlowCopyThatIsOvertakenDoesNotWin() {
        CountDownLatch reached = new CountDownLatch(1);
        Gate slow = held(reached);
        String older = recorded();
        await(reached);

        String newer = success();
        awaitLatest(newer);
        slow.open();

        awaitLatestOnly(newer);
        awaitCompared(older);
    }

    /** It has looked once more already, and only its request to put the manifest is still under way. */
    @Test
    void norWhenItsManifestIsUnderWay() {
        awaitLatestOnly(success());
        CountDownLatch underWay = new CountDownLatch(1);
        Gate slow = new Gate();
        slow.close();
        holdFirst(request -> request.says("if-match"), underWay, slow);
        String older = recorded();
        await(underWay);

        String newer = success();
        awaitLatest(newer);
        slow.open();

        awaitCompared(older);
        awaitLatestOnly(newer);
    }

    /** Then the newer one's manifest is overwritten for a moment, and put again by the one that did it. */
    @Test
    void norWhereTheStoreKnowsNoConditions() {
        awaitLatestOnly(success());
        gateway.refuse(
                request -> request.says("if-match"),
                501,
                "NotImplemented",
                "A header you provided implies " + "functionality that is not implemented.");
        CountDownLatch underWay = new CountDownLatch(1);
        Gate slow = new Gate();
        slow.close();
        holdFirst(request -> !request.says("if-match"), underWay, slow);
        String older = recorded();
        await(underWay);

        String newer = success();
        awaitLatest(newer);
        slow.open();

        awaitCompared(older);
        awaitLatestOnly(newer);
    }

    /** Its deletion finds another one in latest/, and can't know that this one is about to be named. */
    @Test
    void aBackupThatIsDeletedMeanwhileIsNotTheLatest() {
        String before = success();
        awaitLatestOnly(before);
        CountDownLatch reached = new CountDownLatch(1);
        Gate slow = held(reached);
        String deleted = recorded();
        await(reached);

        HttpResponse<String> answer = scene.service().send("DELETE", "/api/backups/" + deleted, null);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        slow.open();

        awaitCompared(deleted);
        awaitLatestOnly(before);
    }

    /** A clock that was set back gives the newer backup the key of an older time; what was made "in the future" isn't the newest. */
    @Test
    void aClockThatWasSetBackKeepsNoBackupFromBeingTheLatest() {
        String before = success();
        awaitLatestOnly(before);
        String key = keyOf(before);
        String ahead = key.replaceFirst("archive/\\d{4}", "archive/2099");
        store.put(ahead, store.get(store.bucket(), key).asByteArray());
        byte[] text = store.text(manifest(key)).replace(key, ahead).getBytes(StandardCharsets.UTF_8);
        store.put(manifest(ahead), text);
        store.put(MANIFEST, text);
        scene.control()
                .jdbc()
                .update(
                        "UPDATE backup_history SET s3_key = ?, created_at = '2099-01-01', started_at = '2099-01-01' WHERE id = ?::uuid",
                        ahead,
                        before);

        String newer = success();

        awaitCompared(newer);
        awaitLatest(newer);
        awaitLatestOnly(newer);
    }

    /** Something answered 200 in the store's place: the manifest there still names the former copy. */
    @Test
    void whatWasNotNamedRemovesNothing() {
        String before = success();
        awaitLatestOnly(before);
        gateway.answerByPage(
                request -> "PUT".equals(request.method()) && request.path().endsWith(MANIFEST), 200, "<html></html>");

        String unnamed = success();

        awaitCompared(unnamed);
        assertThat(store.text(MANIFEST)).contains(before);
        assertThat(store.keys()).contains(FOLDER + keyOf(before).substring("backups/archive/".length()));
        gateway.refuseNothing();
        String newest = success();
        awaitCompared(newest);
        awaitLatestOnly(newest);
    }

    @Test
    void aProcessThatIsKilledBeforeItIsCaughtUpByTheNext() {
        ProjectFolder.copyTo(folder);
        ProjectFolder.holdAfter(
                folder.resolve("routes/store/latest-store.camel.yaml"),
                "filter: { simple: \"'{{S3_LATEST",
                "${exchangeProperty.database} == 'killed'");
        TestDatabase control = PostgresServer.V15.createDatabase();
        Map<String, String> settings = new HashMap<>(store.settings());
        settings.putAll(Map.of(
                "DATABASE_URL_KILLED", source.url(),
                "CONTROL_DATABASE_URL", control.url(),
                "WORK_DIR", BactrianService.temporaryFolder().toString(),
                "PG_BIN", BactrianService.pg17().toString()));
        String id;
        try (BactrianProcess process = BactrianProcess.serveFrom(folder, settings)) {
            id = process.request("killed");
            Awaitility.await("the copy of backup " + id)
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> store.keys().stream().anyMatch(key -> key.startsWith("backups/latest/killed/")));
            process.kill();
        }
        String named = "backups/latest/killed/manifest.json";
        assertThat(control.jdbc().queryForObject("SELECT status FROM backup_history", String.class))
                .isEqualTo("success");
        assertThat(store.keys()).doesNotContain(named);

        try (BactrianService next =
                BactrianService.start(Map.of("DATABASE_URL_KILLED", source.url()), control, store)) {
            Awaitility.await("its name as the latest")
                    .atMost(Duration.ofSeconds(30))
                    .until(() ->
                            store.keys().contains(named) && store.text(named).contains(id));
            assertThat(next.backup(id).path("status").asText()).isEqualTo("success");
        }
    }

    /** The first that puts the manifest so waits for the gate on its way. */
    private static void holdFirst(Predicate<Request> which, CountDownLatch underWay, Gate gate) {
        gateway.refuse(
                request -> {
                    if ("PUT".equals(request.method())
                            && request.path().endsWith(MANIFEST)
                            && which.test(request)
                            && underWay.getCount() > 0) {
                        underWay.countDown();
                        gate.pass();
                    }
                    return false;
                },
                500,
                "never",
                null);
    }

    /** The next backup that comes to the manifest of latest/ waits for the gate. */
    private static Gate held(CountDownLatch reached) {
        Gate gate = new Gate();
        gate.close();
        scene.steps().once("put-latest", () -> {
            reached.countDown();
            gate.pass();
        });
        return gate;
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static String success() {
        String id = scene.request("default");
        scene.awaitEnd(id);
        assertThat(scene.aftermath().row(id)).containsEntry("status", "success");
        return id;
    }

    /** As {@link #success}, without what comes after its end: that is held. */
    private static String recorded() {
        String id = scene.request("default");
        Awaitility.await("the success of backup " + id)
                .atMost(Duration.ofSeconds(60))
                .until(() -> "success".equals(scene.aftermath().row(id).get("status")));
        return id;
    }

    private static void awaitLatest(String id) {
        Awaitility.await("backup " + id + " as the latest")
                .atMost(Duration.ofSeconds(30))
                .until(() ->
                        store.keys().contains(MANIFEST) && store.text(MANIFEST).contains(id));
    }

    /** It is named, its copy lies there, and no other does. */
    private static void awaitLatestOnly(String id) {
        String key = keyOf(id);
        Awaitility.await("backup " + id + " alone under latest/")
                .atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> {
                    assertThat(store.keys())
                            .filteredOn(name -> name.startsWith(FOLDER))
                            .containsExactlyInAnyOrder(MANIFEST, FOLDER + key.substring("backups/archive/".length()));
                    assertThat(store.text(MANIFEST)).contains(id);
                });
    }

    private static void awaitCompared(String id) {
        Awaitility.await("the end of backup " + id + "'s work on latest/")
                .atMost(Duration.ofSeconds(60))
                .until(() -> scene.aftermath().row(id).get("latest_at") != null);
    }

    private static String keyOf(String id) {
        return String.valueOf(scene.aftermath().row(id).get("s3_key"));
    }

    private static String manifest(String key) {
        return key.replaceFirst("[^/]*$", "manifest.json");
    }
}
