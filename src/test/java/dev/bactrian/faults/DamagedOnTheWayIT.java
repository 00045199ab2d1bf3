package dev.bactrian.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import dev.bactrian.testing.stores.TestStore;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A byte changes between here and a store that ignores the checksums that it is sent. */
class DamagedOnTheWayIT {

    private static final String[] OTHER_BYTES = {"The store has different bytes under", "than were sent"};

    private static TestDatabase small;
    private static TestDatabase twoParts;
    private static TestStore store;
    private static Scene scene;
    private static Scene reading;

    @BeforeAll
    static void start() {
        small = Sources.small();
        twoParts = Sources.ofTwoParts();
        store = TestStore.start();
        Map<String, String> settings =
                new HashMap<>(Map.of("DATABASE_URL", small.url(), "DATABASE_URL_BIG", twoParts.url()));
        scene = Scene.start(settings, PostgresServer.V15.createDatabase(), store);
        settings.put("BACKUP_READ_BACK", "true");
        reading = Scene.start(settings, PostgresServer.V15.createDatabase(), TestStore.start());
    }

    @AfterAll
    static void stop() {
        scene.close();
        reading.close();
    }

    @BeforeEach
    @AfterEach
    void nothingIsWrong() {
        for (Scene each : new Scene[] {scene, reading}) {
            each.steps().reset();
            each.store().faults().damage("none", 0);
            each.store().faults().makeETagsOdd(false);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"default", "big"})
    void anArchiveWithAnotherByteIsNoSuccess(String database) {
        store.faults().damage(".zip", 1);

        scene.assertFails(database, source(database), OTHER_BYTES);

        scene.assertSucceeds(database, source(database));
    }

    /** Whatever is sent there, to find out by what the store can be asked, is damaged as well. */
    @ParameterizedTest
    @ValueSource(strings = {"default", "big"})
    void aStoreThatDamagesEverythingIsFoundOutToo(String database) {
        store.faults().damage("", 1000);

        scene.assertFails(database, source(database), OTHER_BYTES);
    }

    @Test
    void aManifestWithAnotherByteIsNoSuccess() {
        store.faults().damage("/manifest.json", 1);

        scene.assertFails("default", small, "The store has a different manifest", "than was sent");

        scene.assertSucceeds("default", small);
    }

    /** Without the setting that goes unnoticed; check says so. */
    @ParameterizedTest
    @ValueSource(strings = {"default", "big"})
    void whereTheStoreTellsNothingTheArchiveIsReadBack(String database) {
        reading.store().faults().makeETagsOdd(true);
        reading.store().faults().damage(".zip", 1);

        reading.assertFails(
                database, source(database), "The store returns different bytes for backups/archive/", "than were sent");

        String id = reading.request(database);
        reading.awaitEnd(id);
        assertThat(reading.aftermath().row(id)).containsEntry("status", "success");
    }

    @Test
    void aStoreThatTellsNothingFailsNoGoodBackup() {
        store.faults().makeETagsOdd(true);

        scene.assertSucceeds("big", twoParts);

        assertThat(checks()).contains("by nothing: neither its ETags nor its checksums", "BACKUP_READ_BACK=true");
    }

    @Test
    void theCheckSaysByWhatIsCompared() {
        assertThat(checks()).contains("by the MD5 that its ETags are made of").doesNotContain("BACKUP_READ_BACK");
    }

    private static String checks() {
        return BactrianService.json(
                        scene.service().send("POST", "/api/checks", null).body())
                .toString();
    }

    private static TestDatabase source(String database) {
        return "big".equals(database) ? twoParts : small;
    }
}
