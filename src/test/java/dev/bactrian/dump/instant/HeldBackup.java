package dev.bactrian.dump.instant;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bactrian.dump.instant.Change.Moment;
import dev.bactrian.dump.instant.Gates.Part;
import dev.bactrian.faults.Scene;
import dev.bactrian.faults.Steps;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;

/**
 * Backups of one database that stand still at a moment, while something is changed by another session. Either such a
 * backup ends as a success that is restored to exactly what its snapshot saw, or it fails, names what was changed, and
 * leaves nothing.
 */
final class HeldBackup implements AutoCloseable {

    private static final PostgresServer SERVER = PostgresServer.V17;

    /** What cases change; the first table to be dumped, because it is the largest; the last, because it is empty. */
    private static final List<String> TABLES = List.of(
            "CREATE TABLE small (id int PRIMARY KEY, name text, amount numeric, status text)",
            "INSERT INTO small SELECT n, 'row ' || n, n * 1.5, 'old' FROM generate_series(1, 1000) n",
            "CREATE SCHEMA ends",
            "CREATE TABLE ends.first AS SELECT n, md5(n::text) FROM generate_series(1, 3000) n",
            "CREATE TABLE ends.last (n int)");

    private final Gates gates = new Gates();
    private final TestDatabase source = SERVER.createDatabase();
    private final Scene scene;
    private final Target target;

    /** A backup that succeeded, and what its snapshot saw. */
    record Success(Path archive, Content instant) {}

    /** Starts it with settings of the test's own on top of the usual; the superuser makes the backups. */
    HeldBackup(Map<String, String> own) throws IOException {
        this(null, own);
    }

    private HeldBackup(String role, Map<String, String> own) throws IOException {
        Map<String, String> settings = new HashMap<>(Map.of(
                "DATABASE_URL",
                role == null ? source.url() : source.backupRole(role, "of-the-role"),
                "PG_BIN",
                gates.bin().toString(),
                "BACKUP_PARALLELISM",
                "1",
                "BACKUP_TABLES_PER_DUMP",
                "1"));
        settings.putAll(own);
        scene = Scene.start(settings);
        target = new Target(SERVER, scene.store());
    }

    /** The same where a role makes the backups that has only the rights for it. */
    static HeldBackup by(String role) throws IOException {
        return new HeldBackup(role, Map.of());
    }

    /** Makes the change in the middle of a backup, and requires the right end of it. */
    Optional<Success> check(Change change) throws Exception {
        target.drop();
        source.recreate().run(TABLES.toArray(String[]::new));
        run(change.before());
        AtomicReference<Content> instant = new AtomicReference<>();
        Steps.Action action = () -> {
            instant.set(Content.of(SERVER, source));
            run(change.meanwhile());
        };
        String id = change.moment() == Moment.TAKEN ? intervene(action) : hold(change, action);
        Map<String, Object> row = scene.aftermath().row(id);
        if ("success".equals(row.get("status")) || !change.mayFail()) {
            scene.aftermath().assertSucceeded(id, source);
            String key = String.valueOf(row.get("s3_key"));
            assertRestoredEqual(key, instant.get());
            return Optional.of(new Success(scene.store().download(key), instant.get()));
        }
        scene.aftermath().assertNothingLeft(id, source, change.remedy());
        assertThat(String.valueOf(row.get("error_text")))
                .matches(change::isToldBy, "names one of " + change.names() + " as one of " + change.said());
        return Optional.empty();
    }

    /** Acts between the snapshot and the first step that uses it. */
    private String intervene(Steps.Action action) throws IOException {
        gates.close(List.of());
        scene.steps().once("detect-server", action);
        String id = scene.request("default");
        scene.awaitEnd(id);
        return id;
    }

    private String hold(Change change, Steps.Action action) throws Exception {
        gates.close(held(change.moment()));
        String id = scene.request("default");
        try {
            await(change.moment(), id);
            action.run();
            if (!change.afterwards().isEmpty()) {
                gates.open(Part.ROWS);
                // It may have failed before: then there is nothing to take back.
                Awaitility.await("the last table, or the end of backup " + id)
                        .atMost(Gates.LONGEST)
                        .until(() -> gates.holds(Part.LAST) || !isRunning(id));
                run(change.afterwards());
            }
        } finally {
            gates.open();
            scene.awaitEnd(id);
        }
        return id;
    }

    private static List<Part> held(Moment moment) {
        return switch (moment) {
            case PLANNED -> List.of(Part.DEFINITIONS, Part.FIRST);
            case DEFINED -> List.of(Part.ROWS, Part.LAST);
            case DUMPED -> List.of(Part.LAST);
            case FOLLOWED -> List.of(Part.OTHER);
            case TAKEN, ANY -> List.of();
        };
    }

    private void await(Moment moment, String id) {
        Runnable running = () -> assertThat(isRunning(id))
                .as(() -> scene.aftermath().row(id).toString())
                .isTrue();
        if (moment == Moment.PLANNED) {
            gates.awaitAny(running, Part.DEFINITIONS);
            gates.awaitAny(running, Part.FIRST);
        } else {
            gates.awaitDefinitions(running);
            gates.awaitAny(running, Part.ROWS, Part.LAST, Part.OTHER);
        }
    }

    private boolean isRunning(String id) {
        return "in_progress".equals(scene.aftermath().row(id).get("status"));
    }

    private void assertRestoredEqual(String key, Content instant) {
        assertThat(Content.differences(instant, Content.of(SERVER, target.restore(key))))
                .as("what a success holds, and the instant")
                .isEmpty();
    }

    private void run(List<String> statements) {
        List<String> all = new ArrayList<>(List.of("SET lock_timeout = '10s'"));
        all.addAll(statements);
        source.run(all.toArray(String[]::new));
    }

    @Override
    public void close() throws IOException {
        gates.close();
        target.close();
        scene.close();
    }
}
