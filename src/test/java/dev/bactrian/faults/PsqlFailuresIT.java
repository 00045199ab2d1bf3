package dev.bactrian.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A psql that fails, hangs or is missing while it reads a table in parts: what it printed so far must never pass for a part. */
class PsqlFailuresIT {

    private static final String READING = "SELECT count(*) FROM pg_stat_activity WHERE datname = ?"
            + " AND application_name = 'bactrian' AND query LIKE ";
    private static final String WAITING = READING + "'BEGIN %' AND wait_event_type = 'Lock'";

    private static Path bin;
    private static TestDatabase source;
    private static Scene scene;

    @BeforeAll
    static void start() throws IOException {
        bin = BactrianService.temporaryFolder();
        for (String program : List.of("pg_dump", "pg_dumpall", "pg_restore")) {
            Files.createSymbolicLink(
                    bin.resolve(program), BactrianService.pg17().resolve(program));
        }
        source = PostgresServer.V17
                .createDatabase()
                .run("CREATE TABLE item AS SELECT n, md5(n::text) AS text FROM generate_series(1, 20000) n");
        scene = Scene.start(Map.of(
                "DATABASE_URL",
                source.url(),
                "PG_BIN",
                bin.toString(),
                "BACKUP_SPLIT_ABOVE",
                "400KB",
                "BACKUP_PARALLELISM",
                "1",
                "BACKUP_STALL_TIMEOUT",
                "3s"));
    }

    @AfterAll
    static void stop() {
        scene.close();
    }

    @BeforeEach
    void usual() throws IOException {
        psql("cat");
    }

    /** The real one, but what it prints goes through a filter that may end as it likes. */
    private static void psql(String filter) throws IOException {
        script("set -o pipefail\n" + BactrianService.pg17() + "/psql \"$@\" | { " + filter + "; }\n");
    }

    private static void script(String text) throws IOException {
        Path script = bin.resolve("psql");
        Files.writeString(script, "#!/bin/bash\n" + text);
        assertThat(script.toFile().setExecutable(true)).isTrue();
    }

    @Test
    void itDiesInTheMiddleOfAPart() throws IOException {
        psql("head -n 100; kill -9 $$");

        scene.assertFails("default", source, "psql failed with exit code 137", "\"public\".\"item\"");
    }

    @Test
    void itFailsAfterAllOfAPart() throws IOException {
        psql("cat; echo 'psql: error: out of memory' >&2; exit 1");

        scene.assertFails("default", source, "psql failed with exit code 1", "out of memory");
    }

    @Test
    void itSaysThatAllIsWellAfterHalfAPart() throws IOException {
        psql("head -n 100; cat >/dev/null; exit 0");

        scene.assertFails("default", source, "The program's output ended in the middle", "\"public\".\"item\"");
    }

    @Test
    void itSaysThatAllIsWellWithoutAWord() throws IOException {
        psql("cat >/dev/null; exit 0");

        scene.assertFails("default", source, "\"public\".\"item\"", "Start the backup again");
    }

    @Test
    void itHangs() throws IOException {
        psql("head -n 100; exec sleep 600");

        scene.assertFails("default", source, "psql printed nothing for 3.0 s", "BACKUP_STALL_TIMEOUT");
    }

    /** A part that isn't cut short by psql, but by the server's end of it. */
    @Test
    void itsSessionIsTerminatedWhileItCopies() {
        TestDatabase big = Sources.tooBigForTheBuffers();
        try (Scene other = Scene.start(Map.of(
                "DATABASE_URL",
                big.url(),
                "PG_BIN",
                BactrianService.pg17().toString(),
                "BACKUP_SPLIT_ABOVE",
                "80MB",
                "BACKUP_PARALLELISM",
                "1"))) {
            other.store().faults().holdUploads();
            String id = other.request("default");
            Sources.awaitHeldMidDump(big);

            Integer ended = big.jdbc()
                    .queryForObject(
                            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = ?"
                                    + " AND application_name = 'bactrian' AND query LIKE 'COPY (SELECT%'",
                            Integer.class, big.name());
            other.store().faults().releaseUploads();

            assertThat(ended).isPositive();
            other.awaitEnd(id);
            other.aftermath()
                    .assertNothingLeft(id, big, "psql failed with exit code 2", "connection to the database broke");
        }
    }

    @Test
    void itsTableStaysLocked() throws Exception {
        script("exec " + BactrianService.pg17() + "/psql \"${@/lock_timeout=60s/lock_timeout=500ms}\"\n");
        try (Connection other = source.connect();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            scene.steps().once("psql-copy", () -> statement.execute("LOCK TABLE item IN ACCESS EXCLUSIVE MODE"));

            String id = scene.request("default");
            scene.awaitEnd(id);
            other.rollback();

            scene.aftermath()
                    .assertNothingLeft(
                            id, source, "lock timeout", "as long as --set=lock_timeout allows", "pg_stat_activity");
        }
        scene.steps().reset();
        usual();
        scene.assertSucceeds("default", source);
    }

    /** Neither the program nor its session, which has nothing to say and so wouldn't notice, lives on. */
    @Test
    void aStopEndsItsWaitForALock() throws SQLException {
        try (Connection other = source.connect();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            scene.steps().once("psql-copy", () -> statement.execute("LOCK TABLE item IN ACCESS EXCLUSIVE MODE"));
            String id = scene.request("default");
            await("a session that waits")
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> source.jdbc().queryForObject(WAITING, Integer.class, source.name()) > 0);

            scene.service().send("POST", "/api/backups/" + id + "/cancel", null);

            await("the end of psql and of its session, the lock still held")
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> scene.aftermath().programs().isEmpty()
                            && source.jdbc().queryForObject(WAITING, Integer.class, source.name()) == 0);
            other.rollback();
            scene.awaitEnd(id);
            assertThat(scene.aftermath().row(id)).containsEntry("status", "cancelled");
        }
        scene.steps().reset();
    }

    @Test
    void withoutItTheTableIsReadAsAWholeAndThatIsTold() throws IOException {
        Files.delete(bin.resolve("psql"));

        String id = scene.assertSucceeds("default", source);

        assertThat(String.valueOf(scene.aftermath().row(id).get("warnings")))
                .contains("psql was not found in " + bin, "item", "BACKUP_SPLIT_ABOVE", "postgresql-client");
    }
}
