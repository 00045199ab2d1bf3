package dev.bactrian.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.bactrian.testing.servers.FullPooler;
import dev.bactrian.testing.servers.TestDatabase;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A pooler or server that has no connection left is waited for; others give theirs back sooner or later. */
class NoConnectionLeftIT {

    private static TestDatabase source;
    private static FullPooler pooler;
    private static Scene scene;

    @BeforeAll
    static void start() {
        source = Sources.small()
                .run("CREATE TABLE large AS SELECT n, md5(n::text) AS text FROM generate_series(1, 20000) n");
        pooler = FullPooler.before(source.port());
        source.backupRole("few_connections", "few");
        scene = Scene.start(Map.of(
                "DATABASE_URL", new TestDatabase(pooler.port(), source.name()).url(),
                "DATABASE_URL_FEW", source.url("few_connections", "few"),
                "BACKUP_SPLIT_ABOVE", "200KB"));
    }

    @AfterAll
    static void stop() throws IOException {
        scene.close();
        pooler.close();
        source.run("DROP OWNED BY few_connections", "DROP ROLE few_connections");
    }

    /** The snapshot's connection by the driver, the others by pg_dump, pg_dumpall and psql. */
    @Test
    void aFullPoolerIsWaitedFor() {
        pooler.refuse(2, 2);

        scene.assertSucceeds("default", source);

        assertThat(pooler.left()).as("refusals that nobody met").isZero();
    }

    /** Fewer than a backup uses at once: its programs take turns. */
    @Test
    void aRolesLimitIsWaitedFor() {
        source.run("ALTER ROLE few_connections CONNECTION LIMIT 3");

        scene.assertSucceeds("few", source);
    }

    @Test
    void aBackupThatWaitsCanBeCancelled() {
        pooler.refuse(10_000, 0);
        String id = scene.request("default");
        await().atMost(Duration.ofSeconds(30)).until(() -> pooler.left() < 10_000);

        scene.service().send("POST", "/api/backups/" + id + "/cancel", null);

        scene.awaitEnd(id);
        pooler.refuse(0, 0);
        assertThat(scene.aftermath().row(id)).containsEntry("status", "cancelled");
        scene.assertSucceeds("default", source);
    }
}
