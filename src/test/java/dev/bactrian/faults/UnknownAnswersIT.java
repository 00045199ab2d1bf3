package dev.bactrian.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.bactrian.testing.PostgresServer;
import dev.bactrian.testing.S3Gateway;
import dev.bactrian.testing.S3Gateway.Request;
import dev.bactrian.testing.TestDatabase;
import dev.bactrian.testing.TestStore;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

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
                        "S3_ENDPOINT",
                        gateway.endpoint().toString()),
                PostgresServer.V15.createDatabase(),
                store);
        scene.steps().watch("fetch-manifest");
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

    static Stream<Arguments> answers() {
        return Stream.of(
                answer("500", to -> to.refuse(MANIFEST, 500, "InternalError", null)),
                answer("503 SlowDown", to -> to.refuse(MANIFEST, 503, "SlowDown", null)),
                answer("403", to -> to.refuse(MANIFEST, 403, "AccessDenied", null)),
                answer("404 of another bucket", to -> to.refuse(MANIFEST, 404, "NoSuchBucket", null)),
                answer("404 by a proxy", to -> to.answerByPage(MANIFEST, 404, "<html>Not Found</html>")),
                answer("404 without a word", to -> to.answerByPage(MANIFEST, 404, "")),
                answer("200 by a proxy", to -> to.answerByPage(MANIFEST, 200, "<html>Back soon</html>")));
    }

    private static Arguments answer(String name, Consumer<S3Gateway> script) {
        return Arguments.of(name, script);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("answers")
    void nothingIsRemovedBeforeTheStoreSaysThatThereIsNoManifest(String name, Consumer<S3Gateway> answer) {
        scene.steps().reset();
        String id = storedButNotRecorded();
        String key = String.valueOf(scene.aftermath().row(id).get("s3_key"));
        answer.accept(gateway);

        silence(id);

        await("two looks").atMost(Duration.ofSeconds(60)).until(() -> looks() >= 2);
        assertThat(scene.aftermath().row(id)).containsEntry("status", "in_progress");
        assertThat(scene.store().keys()).contains(key, key.replaceFirst("[^/]*$", "manifest.json"));

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
    void afterAnHourOthersMayRun() {
        scene.steps().reset();
        String id = storedButNotRecorded();
        gateway.refuse(MANIFEST, 403, "AccessDenied", null);

        scene.control()
                .jdbc()
                .update("UPDATE backup_history SET heartbeat_at = now() - interval '2 hours' WHERE id = ?::uuid", id);

        scene.awaitEnd(id);
        scene.aftermath().assertFailedRow(id);
        gateway.refuseNothing();
        scene.steps().hurry("remove-leftovers");
        await("the removal").until(() -> scene.aftermath().row(id).get("s3_key") == null);
        scene.aftermath().assertStoreHoldsOnlyGoodBackups();
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
