package dev.bactrian.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.bactrian.archive.ManifestJson;
import dev.bactrian.archive.ManifestText;
import dev.bactrian.backup.FailureText;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import dev.bactrian.testing.stores.S3Gateway;
import dev.bactrian.testing.stores.S3Gateway.Request;
import dev.bactrian.testing.stores.TestStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A backup is stored, its row doesn't say so yet, and the store answers something else than the truth when it is asked. */
class UnknownAnswersIT {

    private static final Predicate<Request> MANIFEST = request -> "GET".equals(request.method())
            && request.path().contains("/archive/")
            && request.path().endsWith("manifest.json");

    private static TestDatabase source;
    private static S3Gateway gateway;
    private static Scene scene;

    @BeforeAll
    static void start() {
        source = Sources.small();
        TestStore store = TestStore.start();
        gateway = S3Gateway.to(store);
        scene = Scene.start(
                Map.of(
                        "DATABASE_URL",
                        source.url(),
                        "BACKUP_READ_BACK",
                        "true",
                        "S3_ENDPOINT",
                        gateway.endpoint().toString()),
                PostgresServer.V15.createDatabase(),
                store);
        scene.steps().watch("read-manifest");
        scene.steps().hurry("find-abandoned-backups");
    }

    @AfterEach
    void nothingIsWrong() {
        gateway.refuseNothing();
        scene.steps().reset();
    }

    @AfterAll
    static void stop() {
        scene.close();
        gateway.close();
    }

    private static Map<String, Consumer<S3Gateway>> answers() {
        Map<String, Consumer<S3Gateway>> answers = new LinkedHashMap<>();
        answers.put("500", to -> to.refuse(MANIFEST, 500, "InternalError", null));
        answers.put("503 SlowDown", to -> to.refuse(MANIFEST, 503, "SlowDown", null));
        answers.put("403", to -> to.refuse(MANIFEST, 403, "AccessDenied", null));
        answers.put("404 of another bucket", to -> to.refuse(MANIFEST, 404, "NoSuchBucket", null));
        answers.put("404 by a proxy", to -> to.answerByPage(MANIFEST, 404, "<html>Not Found</html>"));
        answers.put("404 without a word", to -> to.answerByPage(MANIFEST, 404, ""));
        answers.put("another digit", to -> to.change(MANIFEST, Integer.MAX_VALUE, UnknownAnswersIT::otherDigit));
        answers.put("200 by a proxy", to -> to.answerByPage(MANIFEST, 200, "<html>Back soon</html>"));
        return answers;
    }

    @Test
    void nothingIsRemovedBeforeTheStoreSaysThatThereIsNoManifest() {
        scene.steps().reset();
        String id = storedButNotRecorded();
        String key = String.valueOf(scene.aftermath().row(id).get("s3_key"));
        gateway.refuse(MANIFEST, 500, "InternalError", null);
        silence(id);

        answers().forEach((name, answer) -> {
            gateway.doOnly(answer);
            int before = looks();
            // The one that was under way may have had the answer before.
            await("two looks at " + name).atMost(Duration.ofMinutes(5)).until(() -> looks() >= before + 5);
            assertThat(scene.aftermath().row(id)).as(name).containsEntry("status", "in_progress");
            assertThat(scene.store().keys()).as(name).contains(key, key.replaceFirst("[^/]*$", "manifest.json"));
        });

        gateway.refuseNothing();
        scene.awaitEnd(id);
        scene.aftermath().assertSucceeded(id, source);
    }

    @Test
    void whatIsNotThereIsNoBackup() {
        scene.steps().reset();
        String id = storedButNotRecorded();
        String key = String.valueOf(scene.aftermath().row(id).get("s3_key"));
        scene.store().delete(key.replaceFirst("[^/]*$", "manifest.json"));

        silence(id);

        scene.awaitEnd(id);
        scene.aftermath().assertNothingLeft(id, source, "The service stopped while finishing");
    }

    /** The database waits for its next backup: after an hour it has waited for long enough. */
    @Test
    void afterAnHourOthersMayRun() throws Exception {
        scene.steps().reset();
        String id = storedButNotRecorded();
        gateway.refuse(MANIFEST, 403, "AccessDenied", null);

        settleAfterAnHour(id);

        scene.awaitEnd(id);
        scene.aftermath().assertFailedRow(id);
        gateway.refuseNothing();
        scene.steps().hurry("remove-leftovers");
        await("the removal").until(() -> scene.aftermath().row(id).get("s3_key") == null);
        scene.aftermath().assertStoreHoldsOnlyGoodBackups();
    }

    /** What it said would be refused for good, with the archive: another digit of a SHA-256 is a manifest all the same. */
    @ParameterizedTest(name = "by an older node: {0}")
    @ValueSource(booleans = {false, true})
    void whatIsRecordedIsTheManifestThatIsStored(boolean older) {
        scene.steps().reset();
        String id = storedButNotRecorded();
        if (older) {
            scene.control().jdbc().update("UPDATE backup_history SET manifest_sha256 = NULL WHERE id = ?::uuid", id);
        }
        gateway.change(MANIFEST, 1, UnknownAnswersIT::otherDigit);

        silence(id);

        scene.awaitEnd(id);
        scene.aftermath().assertSucceeded(id, source);
        assertRecorded(id);
    }

    @Test
    void aManifestThatComesBackDamagedOnceFailsNoGoodBackup() {
        gateway.change(MANIFEST, 1, UnknownAnswersIT::otherDigit);

        assertRecorded(scene.assertSucceeds("default", source));
    }

    @Test
    void norDoesOneThatComesBackByHalf() {
        gateway.change(MANIFEST, 1, content -> Arrays.copyOf(content, content.length / 2));

        assertRecorded(scene.assertSucceeds("default", source));
    }

    @Test
    void norDoesAnArchiveThatIsReadBackDamagedOnce() {
        gateway.change(
                request -> "GET".equals(request.method()) && request.path().endsWith(".zip"), 1, content -> {
                    content[content.length / 2] ^= 1;
                    return content;
                });

        scene.assertSucceeds("default", source);
    }

    /** The row says where the archive lies, and doesn't blame the routes. */
    @Test
    void aManifestThatAProxyTookAndAnArchiveThatCannotBeRemoved() {
        gateway.answerByPage(
                request -> "PUT".equals(request.method()) && request.path().endsWith("manifest.json"),
                200,
                "<html>Back soon</html>");
        gateway.refuse(request -> "DELETE".equals(request.method()), 403, "AccessDenied", null);

        String id = scene.request("default");
        scene.awaitEnd(id);

        String key = String.valueOf(scene.aftermath().row(id).get("s3_key"));
        assertThat(scene.store().keys()).contains(key);
        scene.aftermath()
                .assertFailedRow(
                        id,
                        "The store has no manifest next to " + key,
                        "something between this machine and the store",
                        "What it left under " + key + " couldn't be removed yet",
                        "403");
        assertThat(String.valueOf(scene.aftermath().row(id).get("error_text")))
                .doesNotContain(FailureText.NOTHING_STORED);
        gateway.refuseNothing();
        scene.assertLeftoversVanish(id, source, "The store has no manifest");
    }

    /** Else it would run on until BACKUP_STALL_TIMEOUT, and be failed for that. */
    @Test
    void aBackupWhoseRouteHasLostItsFailureHandlerFailsAllTheSame() throws IOException {
        String whole = Files.readString(Path.of("routes/backup/backup.camel.yaml"));
        EditedRoutes.Cut cut = new EditedRoutes.Cut(
                "backup",
                "routeConfigurationId",
                whole.replace("    routeConfigurationId: backup-failure\n", ""),
                whole);
        assertThat(cut.without()).isNotEqualTo(whole);
        assertThat(cut.use(scene.service().app().context())).isTrue();
        try {
            scene.steps().fail("confirm-snapshot");
            scene.assertFails("default", source, "While finishing", Steps.SCRIPTED);
        } finally {
            cut.restore(scene.service().app().context());
        }
    }

    /** The first digit of the archive's SHA-256 becomes another one. */
    private static byte[] otherDigit(byte[] content) {
        String manifest = new String(content, StandardCharsets.UTF_8);
        String sha256 = ManifestJson.text(manifest, "/archive/sha256");
        String other = (sha256.startsWith("0") ? "1" : "0") + sha256.substring(1);
        return manifest.replace(sha256, other).getBytes(StandardCharsets.UTF_8);
    }

    private static void assertRecorded(String id) {
        Map<String, Object> row = scene.aftermath().row(id);
        String manifest = scene.store().text(String.valueOf(row.get("s3_key")).replaceFirst("[^/]*$", "manifest.json"));
        assertThat(row)
                .containsEntry("manifest_sha256", ManifestText.sha256(manifest))
                .containsEntry("sha256", ManifestJson.text(manifest, "/archive/sha256"));
    }

    /** As the watchdog does after an hour of looks. */
    private static void settleAfterAnHour(String id) throws Exception {
        Map<String, Object> row = new HashMap<>(scene.aftermath().row(id));
        row.put("hour_silent", true);
        scene.service().app().producer().send("direct:settle-abandoned", exchange -> {
            exchange.setProperty("backupId", id);
            exchange.setProperty("key", row.get("s3_key"));
            exchange.setProperty("row", row);
            exchange.setProperty("reason", "Its process is gone. " + FailureText.NOTHING_STORED);
        });
    }

    private static int looks() {
        return scene.steps().begun("get-manifest");
    }

    /** Its process lost sight of it in the moment in which it was to write the success. */
    private static String storedButNotRecorded() {
        scene.steps().once("write-success", () -> {
            throw new IllegalStateException(Steps.SCRIPTED);
        });
        String id = scene.request("default");
        await("the end of its run")
                .atMost(Duration.ofSeconds(30))
                .until(() -> scene.steps().begun("forget-run") > 0);
        assertThat(scene.aftermath().row(id)).containsEntry("status", "in_progress");
        scene.steps().reset();
        return id;
    }

    private static void silence(String id) {
        scene.control()
                .jdbc()
                .update("UPDATE backup_history SET heartbeat_at = now() - interval '1 minute' WHERE id = ?::uuid", id);
    }
}
