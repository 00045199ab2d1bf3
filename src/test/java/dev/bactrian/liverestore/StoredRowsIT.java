package dev.bactrian.liverestore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bactrian.restore.RestoreRequest;
import dev.bactrian.restore.RestoreRequest.Option;
import dev.bactrian.restore.steps.RestoreView.Outcome;
import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.Restoring;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import dev.bactrian.testing.stores.TestStore;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a table stores after a restore is what was saved, whatever the target's triggers, rules and columns would do. */
class StoredRowsIT {

    private static final PostgresServer SERVER = PostgresServer.V17;
    private static final String KEEPER = "stored_rows_keeper";
    private static final String GUEST = "stored_rows_guest";

    /** Nothing refers to it: its rows are replaced by TRUNCATE. */
    private static final String LINES = "app.lines";

    /** Lines refer to it: by DELETE. */
    private static final String ORDERS = "app.orders";

    private static final String TRIGGERS =
            "SELECT tgrelid::regclass::text || ' ' || tgname || ' ' || tgenabled::text FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1";

    private static TestStore store;
    private static TestDatabase source;
    private static String key;

    @BeforeAll
    static void backUp() {
        store = TestStore.start();
        source = shop();
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
                        "CREATE TYPE app.mood AS ENUM ('good', 'bad')",
                        "CREATE TABLE app.orders (id int PRIMARY KEY, note text, at timestamptz, took interval, share float8,"
                                + " price money, raw bytea, m app.mood, kind regclass, twice int GENERATED ALWAYS AS (id * 2) STORED)",
                        "INSERT INTO app.orders SELECT n, E'a\\t\\\\b' || n, '2026-03-29 01:30+02'::timestamptz + n * '1 h'::interval,"
                                + " n * '1 day 1.25 s'::interval, 1.0 / n, n, sha256(n::text::bytea), 'bad', 'app.orders'"
                                + " FROM generate_series(1, 500) n",
                        "CREATE TABLE app.lines (id int PRIMARY KEY, \"order\" int REFERENCES app.orders, amount numeric)",
                        "INSERT INTO app.lines SELECT n, 1 + n % 500, n / 8.0 FROM generate_series(1, 1000) n",
                        "CREATE TABLE app.events (id int, note text) PARTITION BY RANGE (id)",
                        "CREATE TABLE app.events_1 PARTITION OF app.events FOR VALUES FROM (0) TO (100)",
                        "CREATE TABLE app.events_2 PARTITION OF app.events FOR VALUES FROM (100) TO (200)",
                        "INSERT INTO app.events SELECT n, 'event ' || n FROM generate_series(1, 199) n",
                        "CREATE TABLE app.\"nothing\" ()",
                        "INSERT INTO app.\"nothing\" DEFAULT VALUES",
                        "INSERT INTO app.\"nothing\" DEFAULT VALUES");
    }

    /** Triggers of each kind and state, that spoil rows and act elsewhere. */
    private static TestDatabase withTriggers(TestDatabase database, String table) {
        database.run(
                "CREATE TABLE public.fired (what text)",
                "CREATE FUNCTION public.spoil() RETURNS trigger LANGUAGE plpgsql AS"
                        + " 'BEGIN NEW.id := NEW.id + 100000; INSERT INTO public.fired VALUES (TG_NAME); RETURN NEW; END'",
                "CREATE FUNCTION public.act() RETURNS trigger LANGUAGE plpgsql AS"
                        + " 'BEGIN INSERT INTO public.fired VALUES (TG_NAME); RETURN NULL; END'");
        for (String state : List.of("ALWAYS", "REPLICA", "", "DISABLE")) {
            for (String trigger : List.of(
                    "BEFORE INSERT %s FOR EACH ROW EXECUTE FUNCTION public.spoil()",
                    "AFTER INSERT %s EXECUTE FUNCTION public.act()",
                    "AFTER DELETE %s FOR EACH ROW EXECUTE FUNCTION public.act()",
                    "AFTER TRUNCATE %s EXECUTE FUNCTION public.act()")) {
                String name = "\"" + trigger.replaceAll(" %s.*", "") + " \"\"" + state + "\"\" %s {d}\"";
                database.run(
                        "CREATE TRIGGER " + name + " " + trigger.replace("%s", "ON " + table),
                        "ALTER TABLE " + table
                                + ("DISABLE".equals(state) ? " DISABLE TRIGGER " : " ENABLE " + state + " TRIGGER ")
                                + name);
            }
        }
        return database;
    }

    /** A role with a login; what it may do is up to the test. */
    private static String login(TestDatabase database, String role, String... rights) {
        SERVER.createDatabase()
                .run("DO $$ BEGIN CREATE ROLE " + role
                        + " LOGIN PASSWORD 'x'; EXCEPTION WHEN duplicate_object THEN NULL; END $$");
        database.run("GRANT CREATE ON DATABASE " + database.name() + " TO " + role)
                .run("GRANT ALL ON SCHEMA app, public TO " + role)
                .run(rights);
        return database.url(role, "x");
    }

    private static Restoring.Result restore(TestDatabase target, String url, RestoreRequest request) {
        try (Restoring restoring = Restoring.into(target, store, Map.of("DATABASE_URL_TARGET", url))) {
            return restoring.run(request);
        }
    }

    private static Restoring.Result replace(TestDatabase target, String url, String... tables) {
        return restore(target, url, Restoring.tables(key, List.of(tables), Option.DATA_ONLY, Option.TRUNCATE));
    }

    private static void requireRestored(TestDatabase target, Restoring.Result result, String table) {
        assertThat(result.outcome()).as(result.told()).isEqualTo(Outcome.SUCCESS);
        assertThat(target.contentDigests().get(table))
                .isEqualTo(source.contentDigests().get(table));
    }

    private static List<String> texts(TestDatabase database, String query) {
        return database.jdbc().queryForList(query, String.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {LINES, ORDERS})
    void noTriggerFiresAndEachIsAsItWas(String table) {
        TestDatabase target = withTriggers(shop().run("UPDATE app.lines SET amount = 0"), table);
        List<String> triggers = texts(target, TRIGGERS);

        Restoring.Result result = replace(target, target.url(), table);

        requireRestored(target, result, table);
        assertThat(texts(target, "SELECT what FROM public.fired")).isEmpty();
        assertThat(texts(target, TRIGGERS)).isEqualTo(triggers).hasSize(16);
    }

    /** It may not set session_replication_role, so that each trigger would fire but for those that are disabled. */
    @Test
    void theOwnerOfATableNeedsNoOtherRight() {
        TestDatabase target = withTriggers(shop().run("UPDATE app.lines SET amount = 0"), LINES);
        String url = login(
                target,
                KEEPER,
                "ALTER TABLE app.lines OWNER TO " + KEEPER,
                "GRANT SELECT ON app.orders TO " + KEEPER,
                "ALTER TABLE app.lines ALTER CONSTRAINT lines_order_fkey DEFERRABLE INITIALLY DEFERRED");
        List<String> triggers = texts(target, TRIGGERS);

        Restoring.Result result = replace(target, url, LINES);

        requireRestored(target, result, LINES);
        assertThat(texts(target, "SELECT what FROM public.fired")).isEmpty();
        assertThat(texts(target, TRIGGERS)).isEqualTo(triggers);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aTableWhoseTriggersCannotBeSwitchedOffIsLeftAsItIs(boolean replica) {
        TestDatabase target = withTriggers(shop().run("UPDATE app.lines SET amount = 0"), LINES);
        String url = login(target, GUEST, "GRANT ALL ON ALL TABLES IN SCHEMA app, public TO " + GUEST);
        target.run((replica ? "GRANT SET" : "REVOKE ALL") + " ON PARAMETER session_replication_role "
                + (replica ? "TO " : "FROM ") + GUEST);
        Map<String, Long> before = target.contentDigests();

        Restoring.Result result = replace(target, url, LINES);

        assertThat(result.outcome()).as(result.told()).isEqualTo(Outcome.FAILED);
        assertThat(result.missing()).containsExactly("rows of \"app\".\"lines\"");
        assertThat(result.told()).contains("BEFORE INSERT \"ALWAYS\"").contains("Restore as its owner");
        assertThat(target.contentDigests()).isEqualTo(before);
    }

    /** A role that may neither set session_replication_role nor owns the table, and needs neither: nothing would fire. */
    @Test
    void aTableWithoutTriggersNeedsNoRightOverThem() {
        TestDatabase target = shop().run("UPDATE app.lines SET amount = 0");
        String url = login(
                target,
                GUEST,
                "REVOKE ALL ON PARAMETER session_replication_role FROM " + GUEST,
                "GRANT ALL ON ALL TABLES IN SCHEMA app TO " + GUEST);

        Restoring.Result result = replace(target, url, LINES);

        requireRestored(target, result, LINES);
    }

    /** Attached to the table that is there, it has that table's triggers before it has rows. */
    @Test
    void aPartitionThatComesBackIsNotChangedByTheTriggersOfItsTable() {
        TestDatabase target = withTriggersOfRows(shop().run("DROP TABLE app.events_2"));
        Map<String, Long> others = target.contentDigests();

        Restoring.Result result = restore(target, target.url(), Restoring.tables(key, List.of("app.events_2")));

        requireRestored(target, result, "app.events_2");
        assertThat(target.contentDigests()).containsAllEntriesOf(others);
        assertThat(texts(target, TRIGGERS))
                .containsExactlyInAnyOrder(
                        "app.events spoil A",
                        "app.events_1 spoil A",
                        "app.events_2 spoil A",
                        "app.events note O",
                        "app.events_1 note O",
                        "app.events_2 note O");
    }

    private static TestDatabase withTriggersOfRows(TestDatabase database) {
        return database.run(
                "CREATE TABLE public.fired (what text)",
                "CREATE FUNCTION public.spoil() RETURNS trigger LANGUAGE plpgsql AS"
                        + " 'BEGIN NEW.note := ''spoilt''; INSERT INTO public.fired VALUES (TG_NAME); RETURN NEW; END'",
                "CREATE TRIGGER spoil BEFORE INSERT ON app.events FOR EACH ROW EXECUTE FUNCTION public.spoil()",
                "CREATE TRIGGER note BEFORE INSERT ON app.events FOR EACH ROW EXECUTE FUNCTION public.spoil()",
                "ALTER TABLE app.events ENABLE ALWAYS TRIGGER spoil");
    }

    /** Many databases have one that adds an audit trigger to each new table. */
    @Test
    void aNewTableIsNotChangedByTriggersThatAnEventTriggerGivesIt() {
        TestDatabase target = shop().run("DROP TABLE app.lines")
                .run(
                        "CREATE TABLE public.fired (what text)",
                        "CREATE FUNCTION public.spoil() RETURNS trigger LANGUAGE plpgsql AS"
                                + " 'BEGIN NEW.amount := 0; INSERT INTO public.fired VALUES (TG_NAME); RETURN NEW; END'",
                        "CREATE FUNCTION public.watch() RETURNS event_trigger LANGUAGE plpgsql AS $$ DECLARE t text; BEGIN"
                                + " FOR t IN SELECT object_identity FROM pg_event_trigger_ddl_commands() WHERE command_tag = 'CREATE TABLE'"
                                + " AND object_type = 'table' AND schema_name = 'app' LOOP"
                                + " EXECUTE 'CREATE TRIGGER spoil BEFORE INSERT ON ' || t || ' FOR EACH ROW EXECUTE FUNCTION public.spoil()'; END LOOP; END $$",
                        "CREATE EVENT TRIGGER watch ON ddl_command_end EXECUTE FUNCTION public.watch()");

        Restoring.Result result = restore(target, target.url(), Restoring.tables(key, List.of(LINES)));

        requireRestored(target, result, LINES);
        assertThat(texts(target, "SELECT what FROM public.fired")).isEmpty();
        assertThat(texts(target, TRIGGERS)).containsExactly("app.lines spoil O");
    }

    /** Rows go by DELETE where other tables refer to them: nothing that acts on it reaches rows of other tables. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "INSERT INTO app.orders (id) VALUES (7000); CREATE RULE keep AS ON DELETE TO app.orders WHERE OLD.id > 5000"
                        + " DO INSTEAD NOTHING; ALTER TABLE app.orders ENABLE ALWAYS RULE keep"
                        + "| ALTER TABLE \"app\".\"orders\" DISABLE RULE keep; afterwards ALTER TABLE \"app\".\"orders\" ENABLE ALWAYS RULE keep",
                "CREATE RULE del AS ON DELETE TO app.orders DO ALSO DELETE FROM app.lines WHERE \"order\" = OLD.id;"
                        + " ALTER TABLE app.orders ENABLE REPLICA RULE del"
                        + "| ALTER TABLE \"app\".\"orders\" DISABLE RULE del; afterwards ALTER TABLE \"app\".\"orders\" ENABLE REPLICA RULE del",
                "CASCADE ALWAYS | foreign key lines_order_fkey of app.lines acts on each DELETE",
                "CASCADE REPLICA | ENABLE TRIGGER \"RI_ConstraintTrigger_a_",
                "SET NULL ALWAYS | ENABLE TRIGGER \"RI_ConstraintTrigger_a_",
            })
    void whatActsOnADeleteLeavesTheTableAsItIs(String change, String remedy) {
        TestDatabase target = shop().run("UPDATE app.orders SET m = 'good'");
        if (change.contains("RULE")) {
            target.run(change);
        } else {
            target.run(
                    "ALTER TABLE app.lines DROP CONSTRAINT lines_order_fkey, ADD CONSTRAINT lines_order_fkey FOREIGN KEY"
                            + " (\"order\") REFERENCES app.orders ON DELETE "
                            + change.replaceAll(" \\w+$", ""),
                    "DO $$ BEGIN EXECUTE (SELECT string_agg(format('ALTER TABLE app.orders ENABLE "
                            + change.replaceAll(".* ", "")
                            + " TRIGGER %I', tgname), ';') FROM pg_trigger WHERE tgrelid = 'app.orders'::regclass AND tgisinternal); END $$");
        }
        Map<String, Long> before = target.contentDigests();

        Restoring.Result result = replace(target, target.url(), ORDERS);

        assertThat(result.outcome()).as(result.told()).isEqualTo(Outcome.FAILED);
        assertThat(result.missing()).containsExactly("rows of \"app\".\"orders\"");
        assertThat(result.told()).contains(remedy);
        assertThat(target.contentDigests()).isEqualTo(before);
    }

    /** Set as they are made, and rules for what isn't done, they act on nothing and are in nobody's way. */
    @Test
    void rulesAndForeignKeysThatDoNotActHinderNothing() {
        TestDatabase target = shop().run(
                        "ALTER TABLE app.lines DROP CONSTRAINT lines_order_fkey,"
                                + " ADD FOREIGN KEY (\"order\") REFERENCES app.orders ON DELETE CASCADE",
                        "CREATE RULE del AS ON DELETE TO app.orders DO ALSO DELETE FROM app.lines",
                        "CREATE RULE ins AS ON INSERT TO app.orders DO ALSO DELETE FROM app.lines",
                        "ALTER TABLE app.orders ENABLE ALWAYS RULE ins",
                        "CREATE RULE del AS ON DELETE TO app.lines DO ALSO DELETE FROM app.orders",
                        "ALTER TABLE app.lines ENABLE ALWAYS RULE del",
                        "UPDATE app.orders SET m = 'good'",
                        "UPDATE app.lines SET amount = 0");

        Restoring.Result result = replace(target, target.url(), ORDERS, LINES);

        requireRestored(target, result, ORDERS);
        requireRestored(target, result, LINES);
    }

    /** Checks of a foreign key that somebody has set to fire always are deferred until the triggers are put back. */
    @Test
    void checksThatFireAlwaysAreMadeBeforeTriggersArePutBack() {
        TestDatabase target = withTriggers(shop().run("UPDATE app.lines SET amount = 0"), LINES)
                .run(
                        "ALTER TABLE app.lines ALTER CONSTRAINT lines_order_fkey DEFERRABLE INITIALLY DEFERRED",
                        "DO $$ BEGIN EXECUTE (SELECT string_agg(format('ALTER TABLE app.lines ENABLE ALWAYS TRIGGER %I', tgname), ';')"
                                + " FROM pg_trigger WHERE tgrelid = 'app.lines'::regclass AND tgisinternal); END $$");

        Restoring.Result result = replace(target, target.url(), LINES);

        requireRestored(target, result, LINES);
        assertThat(texts(target, "SELECT what FROM public.fired")).isEmpty();
    }

    /** What the server says ends without a full stop; what follows is a sentence of its own. */
    @Test
    void aTableThatTheServerRefusesToDeleteFromIsListedInWholeSentences() {
        TestDatabase target = shop().run(
                        "UPDATE app.orders SET m = 'good'",
                        "ALTER TABLE app.orders REPLICA IDENTITY NOTHING",
                        "CREATE PUBLICATION deletes FOR TABLE app.orders");
        Map<String, Long> before = target.contentDigests();

        Restoring.Result result = replace(target, target.url(), ORDERS);

        assertThat(result.outcome()).as(result.told()).isEqualTo(Outcome.FAILED);
        assertThat(result.told()).contains("publishes deletes. The table is as it was before");
        assertThat(target.contentDigests()).isEqualTo(before);
    }

    /** What can't be switched off: it is found by reading back what is stored. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                // Columns that became narrower: values are rounded without an error.
                "ALTER TABLE app.orders ALTER share TYPE float4",
                "ALTER TABLE app.orders ALTER at TYPE timestamptz(0), ALTER took TYPE interval(0)",
                "ALTER TABLE app.orders ALTER note TYPE char(40)"
            })
    void whatWouldBeStoredOtherwiseIsNotStored(String change) {
        TestDatabase target = shop().run(change, "UPDATE app.orders SET m = 'good'");
        TreeMap<String, Long> before = new TreeMap<>(target.contentDigests());

        Restoring.Result result = replace(target, target.url(), ORDERS);

        assertThat(result.outcome()).as(result.told()).isEqualTo(Outcome.FAILED);
        assertThat(result.missing()).containsExactly("rows of \"app\".\"orders\"");
        assertThat(result.told()).contains("The server stored other rows than were saved");
        assertThat(target.contentDigests()).isEqualTo(before);
    }

    /** Settings of the target's that change how values read, and none that changes them. */
    @Test
    void valuesThatOnlyReadOtherwiseAreNoDifference() {
        TestDatabase target = shop();
        target.run(
                "ALTER DATABASE " + target.name() + " SET DateStyle = 'German'",
                "ALTER DATABASE " + target.name() + " SET IntervalStyle = 'iso_8601'",
                "ALTER DATABASE " + target.name() + " SET extra_float_digits = 0",
                "UPDATE app.orders SET m = 'good'");

        Restoring.Result result = replace(target, target.url(), ORDERS, "app.nothing");

        target.run("ALTER DATABASE " + target.name() + " RESET ALL");
        requireRestored(target, result, ORDERS);
        requireRestored(target, result, "app.nothing");
    }

    @Test
    void aViewInATablesPlaceIsNotWrittenThrough() {
        TestDatabase target = shop().run(
                        "ALTER TABLE app.lines RENAME TO lines_2",
                        "CREATE VIEW app.lines AS SELECT * FROM app.lines_2",
                        "CREATE FUNCTION public.through() RETURNS trigger LANGUAGE plpgsql AS"
                                + " 'BEGIN INSERT INTO app.lines_2 SELECT NEW.*; RETURN NEW; END'",
                        "CREATE TRIGGER through INSTEAD OF INSERT ON app.lines FOR EACH ROW EXECUTE FUNCTION public.through()",
                        "TRUNCATE app.lines_2");

        Restoring.Result result =
                restore(target, target.url(), Restoring.tables(key, List.of(LINES), Option.DATA_ONLY));

        assertThat(result.told()).contains("\"app\".\"lines\" is a view now", "Nothing was changed");
        assertThat(target.rowCounts()).containsEntry("app.lines_2", 0L);
    }
}
