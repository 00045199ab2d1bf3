package dev.bactrian.liverestore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bactrian.restore.ReachesOut;
import dev.bactrian.restore.RestoreRequest.Option;
import dev.bactrian.restore.steps.RestoreView;
import dev.bactrian.restore.steps.RestoreView.Outcome;
import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.Restoring;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import dev.bactrian.testing.stores.TestStore;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What acts by itself or on other systems is listed, without a secret, and does nothing while it comes back. */
class OutwardPartsIT {

    private static final PostgresServer SERVER = PostgresServer.V17;
    private static final String POST =
            "'BEGIN PERFORM net.http_post(url := ''https://example.com'', headers := ''{\"key\": \"hush\"}''); RETURN NEW; END'";

    private static TestStore store;
    private static String key;

    @BeforeAll
    static void backUp() {
        store = TestStore.start();
        TestDatabase source = SERVER.createDatabase()
                .run(
                        "CREATE EXTENSION dblink",
                        "CREATE EXTENSION postgres_fdw",
                        "CREATE SCHEMA app",
                        "CREATE TABLE app.orders (id int)",
                        "INSERT INTO app.orders VALUES (1), (2)",
                        // Webhooks: one calls at once, one by another function, one not at all.
                        "CREATE FUNCTION app.tell() RETURNS trigger LANGUAGE plpgsql AS " + POST,
                        "CREATE FUNCTION app.tell_later() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN app.pass_on(); END'",
                        "CREATE FUNCTION app.pass_on() RETURNS text LANGUAGE sql AS $$ SELECT dblink_exec('warehouse', 'hush') $$",
                        "CREATE FUNCTION app.touch() RETURNS trigger LANGUAGE plpgsql AS"
                                + " 'BEGIN NEW.id := (SELECT max(id) + 1 FROM app.orders); RETURN NEW; END'",
                        "CREATE TRIGGER tell_warehouse AFTER INSERT ON app.orders FOR EACH ROW EXECUTE FUNCTION app.tell()",
                        "CREATE TRIGGER tell_later AFTER INSERT ON app.orders FOR EACH ROW EXECUTE FUNCTION app.tell_later()",
                        "CREATE TRIGGER touch BEFORE UPDATE ON app.orders FOR EACH ROW EXECUTE FUNCTION app.touch()",
                        "CREATE SERVER archive FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '127.0.0.1', port '1')",
                        "CREATE USER MAPPING FOR postgres SERVER archive OPTIONS (user 'reader', password 'hush')",
                        "CREATE FOREIGN TABLE app.old_orders (id int) SERVER archive",
                        "CREATE VIEW app.all_orders AS SELECT id FROM app.orders UNION ALL SELECT id FROM app.old_orders",
                        "CREATE MATERIALIZED VIEW app.counted AS SELECT count(*) FROM app.all_orders WITH NO DATA",
                        "CREATE MATERIALIZED VIEW app.own AS SELECT count(*) FROM app.orders",
                        "CREATE SUBSCRIPTION op_copy CONNECTION 'host=127.0.0.1 port=1 password=hush' PUBLICATION p"
                                + " WITH (connect = false, slot_name = 'op_copy')",
                        "ALTER SUBSCRIPTION op_copy ENABLE",
                        "CREATE TABLE app.log (line text)",
                        "CREATE FUNCTION app.log_change() RETURNS event_trigger LANGUAGE plpgsql AS"
                                + " 'BEGIN INSERT INTO app.log VALUES (tg_event || '' '' || tg_tag); END'",
                        "CREATE EVENT TRIGGER op_log ON ddl_command_end EXECUTE FUNCTION app.log_change()",
                        "CREATE EVENT TRIGGER op_log_drops ON sql_drop EXECUTE FUNCTION app.log_change()",
                        "COMMENT ON EVENT TRIGGER op_log IS 'told'",
                        "CREATE EVENT TRIGGER op_off ON ddl_command_end EXECUTE FUNCTION app.log_change()",
                        "ALTER EVENT TRIGGER op_off DISABLE",
                        "TRUNCATE app.log");
        key = BactrianService.backUp(SERVER, source, store);
        source.run(
                "ALTER SUBSCRIPTION op_copy DISABLE",
                "ALTER SUBSCRIPTION op_copy SET (slot_name = NONE)",
                "DROP SUBSCRIPTION op_copy");
    }

    @AfterAll
    static void end() {
        store.close();
    }

    private static Map<String, List<String>> names(Restoring.Result result) {
        Map<String, List<String>> names = new LinkedHashMap<>();
        for (ReachesOut part : result.run().getReport().getReachesOut()) {
            assertThat(part.count()).as(part.kind()).isEqualTo(part.names().size());
            names.put(part.kind(), part.names());
        }
        return names;
    }

    @Test
    void whatActsOnOthersIsListedInADryRunAndInTheReportAndDoesNothingMeanwhile() {
        TestDatabase target = SERVER.createDatabase();
        try (Restoring restoring = Restoring.into(target, store)) {
            Restoring.Result dryRun = restoring.run(Restoring.everything(key, Option.DRY_RUN));
            Restoring.Result result = restoring.run(Restoring.everything(key));

            assertThat(result.outcome()).as(result.told()).isEqualTo(Outcome.SUCCESS);
            assertThat(names(result))
                    .isEqualTo(names(dryRun))
                    .containsExactlyInAnyOrderEntriesOf(Map.of(
                            "trigger", List.of("app.orders tell_later", "app.orders tell_warehouse"),
                            "event trigger", List.of("op_log", "op_log_drops", "op_off"),
                            "subscription", List.of("op_copy"),
                            "materialized view", List.of("app.counted"),
                            "foreign table", List.of("app.old_orders"),
                            "foreign server", List.of("archive"),
                            "user mapping", List.of("postgres SERVER archive")));
            assertThat(result.told() + RestoreView.report(result.run())).doesNotContain("hush");
        }

        assertThat(target.rowCounts()).containsEntry("app.log", 0L);
        assertThat(target.jdbc()
                        .queryForList(
                                "SELECT evtname::text || evtenabled::text || coalesce(obj_description(oid, 'pg_event_trigger'), '')"
                                        + " FROM pg_event_trigger ORDER BY 1",
                                String.class))
                .containsExactly("op_logOtold", "op_log_dropsO", "op_offD");
        assertThat(target.jdbc()
                        .queryForObject(
                                "SELECT subenabled FROM pg_subscription s JOIN pg_database d ON d.oid = subdbid"
                                        + " WHERE datname = current_database()",
                                Boolean.class))
                .isFalse();
        target.run("CREATE TABLE app.other ()", "DROP TABLE app.other");
        assertThat(target.rowCounts()).containsEntry("app.log", 3L);
    }

    @Test
    void aPartListsWhatItBringsAlone() {
        TestDatabase target = SERVER.createDatabase()
                .run("CREATE SCHEMA app", "CREATE FUNCTION app.tell() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN END'")
                .run("CREATE FUNCTION app.tell_later() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN END'")
                .run("CREATE FUNCTION app.touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN END'");
        try (Restoring restoring = Restoring.into(target, store)) {
            Restoring.Result result = restoring.run(Restoring.tables(key, List.of("app.orders")));

            assertThat(result.outcome()).as(result.told()).isEqualTo(Outcome.SUCCESS);
            assertThat(names(result)).containsOnlyKeys("trigger");
        }
    }
}
