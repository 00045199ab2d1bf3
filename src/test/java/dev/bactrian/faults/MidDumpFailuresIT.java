package dev.bactrian.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.servers.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A database that goes away, or changes, while its rows are being dumped. */
class MidDumpFailuresIT {

    private static final String TERMINATE =
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = ? AND application_name = 'bactrian' AND ";

    private static TestDatabase big;
    private static TestDatabase small;
    private static Scene scene;

    @BeforeAll
    static void start() throws IOException {
        big = Sources.tooBigForTheBuffers();
        small = Sources.small();
        scene = Scene.start(Map.of(
                "DATABASE_URL",
                small.url(),
                "DATABASE_URL_BIG",
                big.url(),
                "PG_BIN",
                impatient().toString()));
    }

    @AfterAll
    static void stop() {
        scene.close();
    }

    @AfterEach
    void theServiceIsAsGoodAsNew() {
        scene.steps().reset();
        scene.assertSucceeds("default", small);
    }

    /** The real programs, but a pg_dump that waits half a second for a lock, not a minute. */
    private static Path impatient() throws IOException {
        Path bin = BactrianService.temporaryFolder();
        Path real = BactrianService.pg17();
        Files.createSymbolicLink(bin.resolve("pg_dumpall"), real.resolve("pg_dumpall"));
        Files.createSymbolicLink(bin.resolve("pg_restore"), real.resolve("pg_restore"));
        Path pgDump = Files.writeString(
                bin.resolve("pg_dump"),
                "#!/bin/bash\nexec '" + real.resolve("pg_dump")
                        + "' \"${@/#--lock-wait-timeout=60s/--lock-wait-timeout=500}\"\n");
        assertThat(pgDump.toFile().setExecutable(true)).isTrue();
        return bin;
    }

    @Test
    void theDumpsSessionIsTerminated() {
        scene.store().faults().holdUploads();
        String id = scene.request("big");
        Sources.awaitHeldMidDump(big);
        assertThat(scene.aftermath().programs()).as("what is looked for later").isNotEmpty();
        assertThat(Aftermath.sessions(big)).hasSizeGreaterThan(1);
        assertThat(scene.aftermath().workFiles()).isNotEmpty();

        int ended = big.jdbc().queryForObject(TERMINATE + "query LIKE 'COPY %'", Integer.class, big.name());
        scene.store().faults().releaseUploads();

        assertThat(ended).isPositive();
        scene.awaitEnd(id);
        scene.aftermath()
                .assertNothingLeft(id, big, "dumping", "pg_dump", "connection to the database broke", "try again");
    }

    @Test
    void theSnapshotsSessionIsTerminated() {
        scene.store().faults().holdUploads();
        String id = scene.request("big");
        Sources.awaitHeldMidDump(big);

        int ended = big.jdbc().queryForObject(TERMINATE + "state = 'idle in transaction'", Integer.class, big.name());
        scene.store().faults().releaseUploads();

        assertThat(ended).isEqualTo(1);
        scene.awaitEnd(id);
        scene.aftermath().assertNothingLeft(id, big, "connection", "start the backup again");
    }

    @Test
    void aTableIsDroppedBetweenDetectionAndDump() {
        small.run("CREATE TABLE passing (id int)");
        scene.steps().once("each-dump-group", () -> small.run("DROP TABLE passing"));

        scene.assertFails(
                "default", small, "dumping", "\"public\".\"passing\"", "was dropped", "Start the backup again");
    }

    @Test
    void aTableIsDroppedBeforeItsDefinitionIsDumped() {
        small.run("CREATE TABLE passing (id int)");
        scene.steps().once("pg-dump-schema", () -> small.run("DROP TABLE passing"));

        scene.assertFails(
                "default", small, "dumping", "\"public\".\"passing\"", "was dropped", "Start the backup again");
    }

    @Test
    void aTableStaysLocked() throws SQLException {
        try (Connection other = small.connect();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            scene.steps().once("each-dump-group", () -> statement.execute("LOCK TABLE item IN ACCESS EXCLUSIVE MODE"));

            String id = scene.request("default");
            scene.awaitEnd(id);
            other.rollback();

            scene.aftermath().assertNothingLeft(id, small, "dumping", "lock", "pg_stat_activity");
        }
    }
}
