package dev.bactrian.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import dev.bactrian.testing.stores.TestStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.awaitility.Awaitility;

/** A store, a control database and the whole service, on which something goes wrong. */
public final class Scene implements AutoCloseable {

    /** The routes that a backup passes through, as {@link Steps} shows them. */
    static final List<String> STORY = List.of(
            "run-backup",
            "detect",
            "meet-server",
            "find-programs",
            "recognise-project",
            "select-readable",
            "plan-dump",
            "select",
            "apply-rules",
            "dump-and-store",
            "write-archive",
            "dump-definitions",
            "dump-tables",
            "read-group",
            "copy-rows",
            "copy-renamed-tables",
            "copy-extension-tables",
            "confirm-tables",
            "read-again",
            "dump-roles",
            "dump-large-objects",
            "send-archive",
            "store-archive",
            "measure-stored",
            "measure",
            "store-manifest",
            "archives",
            "read-manifest",
            "read-range",
            "read-back",
            "read-stored",
            "prove-backup",
            "mark-manifest",
            "look-for-losses",
            "store-latest",
            "name-in-latest",
            "record-success",
            "mark-phase",
            "mark-success",
            "mark-failed");

    private final TestStore store;
    private final TestDatabase control;
    private final Path workDir;
    private BactrianService service;
    private Steps steps;

    private Scene(TestStore store, TestDatabase control, Path workDir) {
        this.store = store;
        this.control = control;
        this.workDir = workDir;
    }

    /** Starts a service with these settings on top of the usual; its queue is looked at all the time. */
    public static Scene start(Map<String, String> settings) {
        return start(settings, PostgresServer.V15.createDatabase(), TestStore.start());
    }

    static Scene start(Map<String, String> settings, TestDatabase control, TestStore store) {
        Scene scene = new Scene(store, control, BactrianService.temporaryFolder());
        scene.serve(settings);
        return scene;
    }

    /** Starts the service; once more, with other settings, when it has been stopped. */
    void serve(Map<String, String> settings) {
        Map<String, String> all = new HashMap<>(Map.of("WORK_DIR", workDir.toString()));
        all.putAll(settings);
        service = BactrianService.start(all, control, store);
        steps = Steps.watch(service.app().context(), STORY);
        steps.hurry("take-next-backup");
    }

    void stopService() {
        service.close();
    }

    public BactrianService service() {
        return service;
    }

    public Steps steps() {
        return steps;
    }

    public TestStore store() {
        return store;
    }

    TestDatabase control() {
        return control;
    }

    public Aftermath aftermath() {
        return new Aftermath(control, store, workDir);
    }

    /** Asks for a backup of a configured database, and returns its id. */
    public String request(String database) {
        return service.request("{\"database\":\"" + database + "\"}");
    }

    /** Waits for its end, and for what comes after it: its place under latest/, and retention. */
    public void awaitEnd(String id) {
        Awaitility.await("the end of backup " + id)
                .atMost(Duration.ofSeconds(90))
                .pollInterval(Duration.ofMillis(50))
                .until(() -> !"in_progress".equals(aftermath().row(id).get("status"))
                        && !service.app().isAtWork(UUID.fromString(id)));
    }

    /** The next backup fails for a reason that these words are in, and leaves nothing. */
    void assertFails(String database, TestDatabase source, String... words) {
        String id = request(database);
        awaitEnd(id);
        aftermath().assertNothingLeft(id, source, words);
    }

    /** The next backup succeeds: the service is as good as new. */
    String assertSucceeds(String database, TestDatabase source) {
        String id = request(database);
        awaitEnd(id);
        aftermath().assertSucceeded(id, source);
        return id;
    }

    /** Removes what failed backups had to leave in a store out of reach, as the service does every minute. */
    void assertLeftoversVanish(String id, TestDatabase source, String... words) {
        assertThat(aftermath().row(id).get("s3_key"))
                .as("key of what may be left")
                .isNotNull();
        steps.hurry("remove-leftovers");
        Awaitility.await("the removal of what backup " + id + " left")
                .atMost(Duration.ofSeconds(30))
                .until(() -> aftermath().row(id).get("s3_key") == null);
        aftermath().assertNothingLeft(id, source, words);
    }

    @Override
    public void close() {
        try (store) {
            service.close();
        }
    }
}
