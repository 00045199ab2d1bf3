package dev.bactrian.liverestore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.Run;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import dev.bactrian.testing.stores.TestStore;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * After kill -9, others' foreign keys, views, functions and columns come back that need what the first run made: the same
 * command drops none of them, whether the archive has them or not.
 */
class StartOverDependentsIT {

    private static final PostgresServer SERVER = PostgresServer.V17;
    /** The index of one table can't be built as long as another session holds this advisory lock. */
    private static final long GATE = 4713;

    private static final String[] OF_OTHERS = {
        "ALTER TABLE app.keep ADD CONSTRAINT keep_fk FOREIGN KEY (thing) REFERENCES parts.things",
        "CREATE VIEW app.seen AS SELECT id FROM parts.things",
        "CREATE FUNCTION app.all_things() RETURNS SETOF parts.things LANGUAGE sql AS 'TABLE parts.things'",
        "ALTER TABLE app.keep ADD whole parts.things"
    };

    private static TestStore store;
    private static String key;

    @BeforeAll
    static void backUp() {
        store = TestStore.start();
        TestDatabase source = shop().run(
                        "CREATE SCHEMA parts",
                        "CREATE TABLE parts.things (id int PRIMARY KEY, note text)",
                        "INSERT INTO parts.things SELECT n, 'saved' FROM generate_series(1, 10) n",
                        "CREATE INDEX things_id ON parts.things (app.gate(id))",
                        "CREATE VIEW parts.own AS SELECT * FROM parts.things",
                        "CREATE FUNCTION parts.owns() RETURNS SETOF parts.own LANGUAGE sql AS 'TABLE parts.own'")
                .run(OF_OTHERS);
        key = BactrianService.backUp(SERVER, source, store);
    }

    @AfterAll
    static void end() {
        store.close();
    }

    private static TestDatabase shop() {
        return SERVER.createDatabase()
                .run(
                        "CREATE SCHEMA app",
                        "CREATE FUNCTION app.gate(int) RETURNS int IMMUTABLE LANGUAGE plpgsql AS"
                                + " 'BEGIN PERFORM pg_advisory_xact_lock_shared(" + GATE + "); RETURN $1; END'",
                        "CREATE TABLE app.keep (id int, thing int)");
    }

    private static void assertOthersStay(TestDatabase target, String... wanted) throws Exception {
        Map<String, String> settings = new HashMap<>(store.settings());
        settings.put("DATABASE_URL_TARGET", target.url());
        settings.put("PG_BIN", SERVER.client().toString());
        settings.put("BACKUP_PARALLELISM", "2");
        settings.put("WORK_DIR", BactrianService.temporaryFolder().toString());
        String[] command = new String[wanted.length + 4];
        System.arraycopy(new String[] {"restore", key, "--to", "target"}, 0, command, 0, 4);
        System.arraycopy(wanted, 0, command, 4, wanted.length);
        try (Connection gate = target.connect();
                Statement statement = gate.createStatement()) {
            statement.execute("SELECT pg_advisory_lock(" + GATE + ")");
            Process process = Run.start(settings, command);
            Awaitility.await("the rows are in")
                    .atMost(Duration.ofSeconds(60))
                    .ignoreExceptions()
                    .until(() -> target.jdbc()
                            .queryForObject(
                                    "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)"
                                            + " AND EXISTS (SELECT FROM bactrian_restore.loaded WHERE name = 'things')",
                                    Boolean.class));
            process.destroyForcibly().waitFor();
        }
        target.run(OF_OTHERS)
                .run(
                        "ALTER TABLE app.keep ADD since parts.things",
                        "INSERT INTO app.keep VALUES (1, 1, (1, 'kept'), (2, 'kept'))");
        Map<String, Long> before = target.contentDigests();

        Run refused = Run.bactrian(settings, command);

        assertThat(refused.exit()).as(refused.out() + refused.err()).isEqualTo(1);
        assertThat(refused.err())
                .contains("the target got objects", "Nothing was changed")
                .contains("FK CONSTRAINT app.keep keep_fk", "VIEW app.seen", "FUNCTION app.all_things()")
                .contains("column whole of table app.keep", "column since of table app.keep")
                .doesNotContain("rows of", "gate", "own", "type ");
        assertThat(target.contentDigests()).isEqualTo(before);
        assertThat(target.jdbc().queryForObject("SELECT count(*) FROM app.all_things()", Integer.class))
                .isEqualTo(10);

        target.run(
                "ALTER TABLE app.keep DROP CONSTRAINT keep_fk, DROP whole, DROP since",
                "DROP VIEW app.seen",
                "DROP FUNCTION app.all_things()");
        Run again = Run.bactrian(settings, command);
        assertThat(again.exit()).as(again.out() + again.err()).isZero();
        assertThat(target.jdbc()
                        .queryForObject("SELECT count(*) FROM parts.things WHERE note = 'saved'", Integer.class))
                .isEqualTo(10);
        assertThat(target.jdbc().queryForList("SELECT 1 FROM pg_namespace WHERE nspname = 'bactrian_restore'"))
                .isEmpty();
    }

    @Test
    void ofATableThatTookAnothersPlace() throws Exception {
        TestDatabase target = shop().run(
                        "CREATE SCHEMA parts",
                        "CREATE TABLE parts.things (id int PRIMARY KEY, note text)",
                        "INSERT INTO parts.things VALUES (1, 'of the target')");
        assertOthersStay(target, "--table", "parts.things", "--drop-existing");
    }

    @Test
    void ofASchemaThatTheFirstRunMade() throws Exception {
        assertOthersStay(shop(), "--schema", "parts");
    }

    /** Its views and functions are this restore's, in whichever schema that was there. */
    @Test
    void ofATableInASchemaThatWasThere() throws Exception {
        assertOthersStay(shop().run("CREATE SCHEMA parts", "CREATE TABLE parts.there (n int)"), "--schema", "parts");
    }
}
