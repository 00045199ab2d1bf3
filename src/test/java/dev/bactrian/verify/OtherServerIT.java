package dev.bactrian.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bactrian.restore.steps.RestoreView.Outcome;
import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.Restoring;
import dev.bactrian.testing.Run;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import dev.bactrian.testing.servers.TestExtension;
import dev.bactrian.testing.stores.TestStore;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A server without the saved one's tablespaces, and an extension that works in one database alone: the rest is proven. */
class OtherServerIT {

    private static final PostgresServer SERVER = PostgresServer.V17;
    private static final String TABLESPACE = "\"Fast \"\"é\"";

    private static TestStore store;
    private static EmbeddedPostgres other;
    private static String key;

    @BeforeAll
    static void backUp() throws IOException {
        TestExtension.install(
                SERVER,
                "bactrian_alone",
                """
                DO $$ BEGIN IF current_database() ~ '^bactrian_verify_' THEN RAISE EXCEPTION 'works elsewhere'; END IF; END $$;
                CREATE TYPE @extschema@.mood AS ENUM ('sad', 'ok');
                CREATE FUNCTION @extschema@.twice(int) RETURNS int IMMUTABLE LANGUAGE sql AS 'SELECT $1 * 2';
                CREATE TABLE @extschema@.setting (id serial PRIMARY KEY, t text);
                SELECT pg_catalog.pg_extension_config_dump('@extschema@.setting', '');
                SELECT pg_catalog.pg_extension_config_dump('@extschema@.setting_id_seq', '')""");
        other = SERVER.start(0);
        store = TestStore.start();
        TestDatabase source = SERVER.createDatabase()
                .run(
                        "SET allow_in_place_tablespaces = on",
                        "CREATE TABLESPACE " + TABLESPACE + " LOCATION ''",
                        "CREATE TABLE kept (id int PRIMARY KEY USING INDEX TABLESPACE " + TABLESPACE
                                + ", v int) TABLESPACE " + TABLESPACE,
                        "INSERT INTO kept VALUES (1, 2)",
                        "CREATE INDEX kept_v ON kept (v) TABLESPACE " + TABLESPACE,
                        "CREATE TABLE parted (i int) PARTITION BY RANGE (i) TABLESPACE " + TABLESPACE,
                        "CREATE TABLE parted_1 PARTITION OF parted FOR VALUES FROM (1) TO (9) TABLESPACE " + TABLESPACE,
                        "INSERT INTO parted VALUES (3)",
                        "CREATE MATERIALIZED VIEW filled TABLESPACE " + TABLESPACE + " AS SELECT * FROM kept",
                        "CREATE SCHEMA alone",
                        "CREATE EXTENSION bactrian_alone SCHEMA alone",
                        "INSERT INTO alone.setting (t) VALUES ('mine')",
                        "GRANT SELECT ON alone.setting TO PUBLIC",
                        "CREATE TABLE of_type (id serial PRIMARY KEY, m alone.mood)",
                        "INSERT INTO of_type (m) VALUES ('ok')",
                        "CREATE VIEW of_table AS SELECT * FROM of_type",
                        "CREATE INDEX kept_twice ON kept (alone.twice(v))");
        key = BactrianService.backUp(SERVER, source, store);
    }

    @AfterAll
    static void end() throws IOException {
        store.close();
        other.close();
    }

    @Test
    void whatTheTargetHasNoTablespaceForIsMadeInItsDefaultOne() {
        TestDatabase server = new TestDatabase(other.getPort(), "postgres").run("CREATE DATABASE elsewhere");
        TestDatabase target = new TestDatabase(server.port(), "elsewhere");
        try (Restoring restoring = Restoring.into(target, store)) {

            Restoring.Result result = restoring.run(Restoring.everything(key));

            assertThat(result.outcome()).as(result.told()).isEqualTo(Outcome.SUCCESS);
            assertThat(result.told()).contains("Tablespace " + TABLESPACE).contains("TABLE public.kept");
        }
        assertThat(target.jdbc()
                        .queryForObject("SELECT count(*) FROM pg_indexes WHERE tablename = 'kept'", Integer.class))
                .isEqualTo(3);
        assertThat(target.jdbc()
                        .queryForObject(
                                "SELECT (SELECT v FROM kept) + (SELECT i FROM parted_1) + (SELECT count(*) FROM filled)",
                                Integer.class))
                .isEqualTo(6);
    }

    @Test
    void whatTheScratchDatabaseCanNotHaveIsNotProvenAndTheRestIs() {
        Map<String, String> settings = new HashMap<>(store.settings());
        settings.put("VERIFY_DATABASE_URL", new TestDatabase(other.getPort(), "postgres").url());
        settings.put("PG_BIN", SERVER.client().toString());
        settings.put("WORK_DIR", BactrianService.temporaryFolder().toString());

        Run run = Run.bactrian(settings, "verify", key);

        assertThat(run.exit()).as(run.out() + run.err()).isZero();
        assertThat(run.out())
                .contains("Not proven   EXTENSION bactrian_alone: The scratch database can't have it: works elsewhere")
                .contains("Not proven   TABLE public.of_type")
                .contains("Not proven   VIEW public.of_table")
                .contains("Not proven   INDEX public.kept_twice")
                .contains("Not proven   tablespace " + TABLESPACE)
                .doesNotContain("Not proven   TABLE public.kept");
    }
}
