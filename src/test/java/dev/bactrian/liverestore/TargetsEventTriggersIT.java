package dev.bactrian.liverestore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bactrian.restore.RestoreRequest.Option;
import dev.bactrian.restore.steps.RestoreView.Outcome;
import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.Restoring;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import dev.bactrian.testing.stores.TestStore;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The target has event triggers of its own that log or forbid definitions. */
class TargetsEventTriggersIT {

    private static final String STATES =
            "SELECT string_agg(evtname::text || evtenabled::text, ' ' ORDER BY evtname) FROM pg_event_trigger";

    private static TestStore store;
    private static TestDatabase database;
    private static String key;

    @BeforeAll
    static void backUp() {
        store = TestStore.start();
        database = PostgresServer.V17
                .createDatabase()
                .run(
                        "CREATE TABLE ddl_log (tag text)",
                        "CREATE FUNCTION log_ddl() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO ddl_log VALUES"
                                + " (tg_tag); END $$",
                        "CREATE FUNCTION forbid() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'forbidden';"
                                + " END $$",
                        "CREATE TABLE item (id int PRIMARY KEY)",
                        "INSERT INTO item VALUES (1), (2)",
                        "CREATE EVENT TRIGGER audit ON ddl_command_end EXECUTE FUNCTION log_ddl()",
                        "ALTER EVENT TRIGGER audit ENABLE ALWAYS",
                        "CREATE EVENT TRIGGER no_drop ON sql_drop WHEN TAG IN ('DROP SCHEMA') EXECUTE FUNCTION forbid()",
                        "CREATE EVENT TRIGGER replicas ON ddl_command_start EXECUTE FUNCTION forbid()",
                        "ALTER EVENT TRIGGER replicas ENABLE REPLICA");
        key = BactrianService.backUp(PostgresServer.V17, database, store);
    }

    @AfterAll
    static void end() {
        store.close();
    }

    @Test
    void aTableIsReplacedAllTheSameAndTheyAreAsTheyWere() {
        database.run("DELETE FROM item");
        String states = database.jdbc().queryForObject(STATES, String.class);
        try (Restoring restoring = Restoring.into(database, store)) {

            Restoring.Result result =
                    restoring.run(Restoring.tables(key, List.of("public.item"), Option.DROP_EXISTING));

            assertThat(result.outcome()).as(result.told()).isEqualTo(Outcome.SUCCESS);
            assertThat(result.told()).contains("without the target's event triggers");
        }
        assertThat(database.jdbc().queryForObject("SELECT count(*) FROM item", Integer.class))
                .isEqualTo(2);
        assertThat(database.jdbc().queryForObject(STATES, String.class)).isEqualTo(states);
        assertThat(database.jdbc().queryForObject("SELECT to_regnamespace('bactrian_restore') IS NULL", Boolean.class))
                .isTrue();
    }

    /** It may not keep them from firing: what it loaded is there, and the mark means nothing any more. */
    @Test
    void aRoleThatMayNotTouchThemLeavesAnEmptyMarkBehind() {
        TestDatabase plain = PostgresServer.V17.createDatabase();
        plain.run(
                "DO $$ BEGIN CREATE ROLE plain_restorer LOGIN PASSWORD 'p'; EXCEPTION WHEN duplicate_object THEN NULL; END $$",
                "GRANT CREATE ON DATABASE " + plain.name() + " TO plain_restorer",
                "CREATE TABLE public.item (id int PRIMARY KEY)",
                "ALTER TABLE public.item OWNER TO plain_restorer",
                "CREATE FUNCTION forbid() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'forbidden'; END $$",
                "CREATE EVENT TRIGGER no_drop ON sql_drop WHEN TAG IN ('DROP SCHEMA') EXECUTE FUNCTION forbid()");
        try (Restoring restoring = Restoring.into(
                plain, store, java.util.Map.of("DATABASE_URL_TARGET", plain.url("plain_restorer", "p")))) {
            for (int i = 0; i < 2; i++) {
                Restoring.Result result =
                        restoring.run(Restoring.tables(key, List.of("public.item"), Option.DATA_ONLY, Option.TRUNCATE));

                assertThat(result.outcome()).as(result.told()).isEqualTo(Outcome.SUCCESS);
                assertThat(result.told()).contains("couldn't be dropped");
            }
        }
        assertThat(plain.jdbc().queryForObject("SELECT count(*) FROM item", Integer.class))
                .isEqualTo(2);
    }
}
