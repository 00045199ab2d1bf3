package dev.bactrian.faults;

import static dev.bactrian.testing.stores.FaultyBlobStore.Operation.GET_OBJECT;
import static dev.bactrian.testing.stores.FaultyBlobStore.Operation.HEAD_OBJECT;
import static dev.bactrian.testing.stores.FaultyBlobStore.Operation.PUT_OBJECT;
import static dev.bactrian.testing.stores.FaultyBlobStore.Operation.UPLOAD_PART;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import dev.bactrian.testing.stores.FaultyBlobStore.Operation;
import dev.bactrian.testing.stores.TestStore;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A store that gets more requests than it takes: backups and restores wait for it, and can be ended while they wait. */
class ThrottledStoreIT {

    /** One more than the SDK asks by itself, the first time included. */
    private static final int REFUSALS = 5;

    private static TestDatabase source;
    private static TestDatabase target;
    private static TestStore store;
    private static Scene scene;

    @BeforeAll
    static void start() {
        source = Sources.ofTwoParts();
        target = PostgresServer.V15.createDatabase();
        store = TestStore.start();
        scene = Scene.start(
                Map.of(
                        "DATABASE_URL", source.url(),
                        "DATABASE_URL_TARGET", target.url(),
                        "RESTORE_API_KEY", BactrianService.RESTORE_KEY),
                PostgresServer.V15.createDatabase(),
                store);
    }

    @AfterEach
    void nothingIsWrongAnyMore() {
        store.faults().clear();
    }

    @AfterAll
    static void stop() {
        scene.close();
    }

    @Test
    void aBackupWaitsForIt() {
        store.faults().fail(UPLOAD_PART, 503, "SlowDown", REFUSALS);
        store.faults().fail(HEAD_OBJECT, 503, "SlowDown", REFUSALS);
        scene.steps().once("put-manifest", () -> store.faults().fail(PUT_OBJECT, 429, "TooManyRequests", REFUSALS));

        scene.assertSucceeds("default", source);

        store.faults().requireMet();
    }

    @Test
    void aRestoreWaitsForIt() {
        String backup = scene.assertSucceeds("default", source);
        store.faults().fail(GET_OBJECT, 503, "ServiceUnavailable", REFUSALS);

        JsonNode row = scene.service()
                .restored("{\"backup\":\"" + backup + "\",\"database\":\"target\",\"confirm\":\"" + target.name()
                        + "\",\"tables\":[\"public.item\"]}");

        assertThat(row.path("status").asText()).as(row.toString()).isEqualTo("success");
        assertThat(target.jdbc().queryForObject("SELECT count(*) FROM item", Integer.class))
                .isEqualTo(100);
        store.faults().requireMet();
    }

    @ParameterizedTest
    @EnumSource(
            value = Operation.class,
            names = {"UPLOAD_PART", "HEAD_OBJECT"})
    void aBackupThatWaitsForItIsCancelledAtOnce(Operation operation) {
        int before = store.faults().met(operation);
        store.faults().failForGood(operation, 503, "SlowDown");
        String id = scene.request("default");
        Awaitility.await("a backup that waits")
                .atMost(Duration.ofSeconds(60))
                .until(() -> store.faults().met(operation) > before + REFUSALS - 1);
        Instant asked = Instant.now();

        scene.service().send("POST", "/api/backups/" + id + "/cancel", "{}");

        Awaitility.await("a free service")
                .atMost(Duration.ofSeconds(20))
                .until(() -> scene.aftermath().workFiles().isEmpty());
        assertThat(Duration.between(asked, Instant.now())).isLessThan(Duration.ofSeconds(20));
        assertThat(scene.aftermath().row(id).get("status")).isEqualTo("cancelled");
        scene.aftermath().assertNothingRuns(source);
        store.faults().clear();
        scene.assertSucceeds("default", source);
    }
}
