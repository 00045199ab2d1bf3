package dev.bactrian.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bactrian.postgres.TablesAlone;
import dev.bactrian.restore.RestoreRequest;
import dev.bactrian.restore.RestoreRequest.Option;
import dev.bactrian.restore.steps.RestoreView.Outcome;
import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.Restoring;
import dev.bactrian.testing.servers.ExtensionFiles;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import dev.bactrian.testing.stores.TestStore;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A role that may only create schemas in a database waits there for a superuser's restore: with traps under every name that
 * restores look for. Each trap makes its owner a superuser as soon as a superuser runs it.
 */
class PlantedTargetIT {

    private static final PostgresServer SERVER = PostgresServer.V15;
    private static final String MALLORY = "planted_mallory";
    private static final Intruder INTRUDER = new Intruder(SERVER, MALLORY);

    /** Under the name {@code trap}, in a schema of that role's: for columns and calls, and for triggers. */
    private static final String TRAPS =
            """
            CREATE SCHEMA %1$s;
            CREATE FUNCTION %1$s.sprung() RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN
                IF (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN ALTER ROLE planted_mallory SUPERUSER; END IF;
                RETURN true; END $$;
            CREATE FUNCTION %1$s.on_write() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM %1$s.sprung(); RETURN NEW; END $$;
            """;

    private static final String TABLES =
            """
            CREATE TABLE bactrian_restore.unfinished (what text, was_empty boolean, started_at timestamptz DEFAULT now());
            CREATE TABLE bactrian_restore.touched (kind text, schema text, name text);
            """;

    /** What the saved tables of the schema app call, with the body of its function. */
    private static final String LIBRARY =
            """
            CREATE FUNCTION lib.valid(int) RETURNS boolean IMMUTABLE LANGUAGE sql AS %s;
            CREATE FUNCTION lib.same(int, int) RETURNS boolean IMMUTABLE LANGUAGE sql AS 'SELECT lib.valid(1)';
            CREATE OPERATOR lib.=== (LEFTARG = int, RIGHTARG = int, FUNCTION = lib.same);
            CREATE DOMAIN lib.small AS int CHECK (lib.valid(VALUE));
            CREATE FUNCTION lib.act() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM lib.valid(1); RETURN NEW; END';
            CREATE VIEW lib.one AS SELECT lib.valid(1) AS one;
            """;

    private static final String JOBS =
            "CREATE TABLE pgagent.pga_job (jobid int PRIMARY KEY, jobname text, jobenabled boolean, jobnextrun timestamptz,"
                    + " jobagentid int)";

    /** What a planner works out before it reads a row. */
    private static final String CONSTANT =
            "CREATE FUNCTION trap.constant(text) RETURNS boolean IMMUTABLE LANGUAGE plpgsql AS"
                    + " 'BEGIN RETURN trap.sprung(); END'";

    private static TestStore store;
    private static String key;

    @BeforeAll
    static void backUp() {
        store = TestStore.start();
        TestDatabase source = SERVER.createDatabase()
                .run(
                        "CREATE TABLE public.item (id int PRIMARY KEY, name text)",
                        "INSERT INTO public.item VALUES (1, 'one'), (2, 'two')",
                        // Its rows are saved as the whole table's: each database deals them out in its own way.
                        "CREATE TYPE public.mood AS ENUM ('calm', 'wild')",
                        "CREATE TABLE public.part (mood public.mood) PARTITION BY HASH (mood)",
                        "CREATE TABLE public.part_1 PARTITION OF public.part FOR VALUES WITH (MODULUS 1, REMAINDER 0)",
                        "INSERT INTO public.part VALUES ('calm')",
                        "CREATE SCHEMA bactrian_restore",
                        "CREATE TABLE bactrian_restore.notes (id serial, note text)",
                        "INSERT INTO bactrian_restore.notes (note) VALUES ('of a user')",
                        "CREATE VIEW bactrian_restore.seen AS SELECT note FROM bactrian_restore.notes",
                        "CREATE SCHEMA lib",
                        LIBRARY.formatted("'SELECT true'"),
                        "CREATE SCHEMA app",
                        "CREATE TABLE app.called (id int CHECK (lib.valid(id)))",
                        "CREATE TABLE app.compared (id int, CONSTRAINT compared CHECK (id OPERATOR(lib.===) id))",
                        "CREATE TABLE app.typed (id lib.small)",
                        "CREATE TABLE app.made (id int, other boolean GENERATED ALWAYS AS (lib.valid(id)) STORED)",
                        "CREATE TABLE app.looked (id int)",
                        "CREATE INDEX looked_up ON app.looked (lib.valid(id))",
                        "CREATE TABLE app.triggered (id int)",
                        "CREATE TRIGGER t BEFORE INSERT ON app.triggered FOR EACH ROW EXECUTE FUNCTION lib.act()",
                        "CREATE VIEW app.through AS SELECT * FROM lib.one",
                        "CREATE MATERIALIZED VIEW app.kept AS SELECT * FROM app.through",
                        "INSERT INTO app.called VALUES (1)",
                        "CREATE SCHEMA pgagent",
                        JOBS,
                        "INSERT INTO pgagent.pga_job VALUES (1, 'nightly', true)");
        INTRUDER.disarm();
        key = BactrianService.backUp(SERVER, source, store);
    }

    @AfterAll
    static void end() {
        store.close();
    }

    @BeforeEach
    void disarm() {
        INTRUDER.disarm();
    }

    private static Restoring.Result restore(TestDatabase target, List<String> tables, Option... options) {
        try (Restoring restoring = Restoring.into(target, store)) {
            return restoring.run(
                    tables.isEmpty() ? Restoring.everything(key, options) : Restoring.tables(key, tables, options));
        }
    }

    private static void assertRefused(Restoring.Result result, TestDatabase target) {
        assertThat(INTRUDER.isSuperuser(target)).as("a trap was sprung").isFalse();
        assertThat(result.outcome()).as(result.told()).isEqualTo(Outcome.FAILED);
        assertThat(result.problem().text())
                .contains(MALLORY, "isn't read")
                .contains("DROP SCHEMA bactrian_restore CASCADE;");
        assertThat(target.jdbc().queryForObject("SELECT to_regclass('public.item') IS NULL", Boolean.class))
                .isTrue();
    }

    /** What a mark is made of: a view, a trigger, a rule, a policy, a default, a cast of a column's type, a table that inherits. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "CREATE VIEW bactrian_restore.unfinished AS SELECT trap.sprung()::text AS what, true AS was_empty, now() AS"
                        + " started_at",
                "CREATE TABLE bactrian_restore.unfinished (what text, was_empty boolean, started_at timestamptz);"
                        + " CREATE VIEW bactrian_restore.touched AS SELECT 'schema' AS kind, trap.sprung()::text AS schema, '' AS name;"
                        + " INSERT INTO bactrian_restore.unfinished VALUES ('', true, now())",
                TABLES
                        + "CREATE TRIGGER t BEFORE DELETE ON bactrian_restore.unfinished EXECUTE FUNCTION trap.on_write()",
                TABLES + "CREATE RULE r AS ON DELETE TO bactrian_restore.unfinished DO ALSO SELECT trap.sprung()",
                TABLES + "ALTER TABLE bactrian_restore.unfinished ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;"
                        + " CREATE POLICY p ON bactrian_restore.unfinished USING (trap.sprung())",
                TABLES + "ALTER TABLE bactrian_restore.unfinished ADD trapped boolean DEFAULT trap.sprung()",
                TABLES + "ALTER TABLE bactrian_restore.unfinished ADD CHECK (trap.sprung())",
                "CREATE TYPE trap.moment AS (at int); CREATE FUNCTION trap.cast(m trap.moment) RETURNS timestamptz LANGUAGE sql"
                        + " AS 'SELECT now() WHERE trap.sprung()'; CREATE CAST (trap.moment AS timestamptz) WITH FUNCTION"
                        + " trap.cast(trap.moment) AS IMPLICIT; CREATE TABLE bactrian_restore.unfinished (what text, was_empty"
                        + " boolean, started_at trap.moment); INSERT INTO bactrian_restore.unfinished VALUES ('', true, ROW(1))",
                TABLES + "CREATE TABLE bactrian_restore.heir (i boolean) INHERITS (bactrian_restore.unfinished);"
                        + " CREATE TRIGGER t BEFORE DELETE ON bactrian_restore.heir EXECUTE FUNCTION trap.on_write()",
                "CREATE FUNCTION bactrian_restore.nothing_yet() RETURNS int LANGUAGE sql AS 'SELECT 1'",
            })
    void noTrapUnderTheMarksNameIsSprung(String trap) throws SQLException {
        TestDatabase target = INTRUDER.target();
        INTRUDER.plant(target, TRAPS.formatted("trap"), "CREATE SCHEMA bactrian_restore", trap);

        try (Restoring restoring = Restoring.into(target, store)) {
            assertRefused(restoring.run(Restoring.everything(key, Option.DRY_RUN)), target);
            assertRefused(restoring.run(Restoring.everything(key)), target);

            target.run("DROP SCHEMA bactrian_restore CASCADE");
            Restoring.Result again = restoring.run(Restoring.everything(key, Option.DRY_RUN));
            assertThat(again.problem()).as(again.told()).isNull();
        }
        assertThat(INTRUDER.isSuperuser(target)).isFalse();
    }

    /** It commits what it plants while the restore waits to write its mark, after all was looked at. */
    @Test
    void norIsOneThatComesWhileTheMarkIsWritten() throws Exception {
        TestDatabase target = INTRUDER.target();
        target.run("CREATE TABLE public.item (id int PRIMARY KEY, name text)");
        INTRUDER.plant(target, TRAPS.formatted("trap"));
        try (Connection waiting = INTRUDER.connect(target);
                Connection witness = target.connect();
                Statement statement = waiting.createStatement();
                Statement lock = witness.createStatement()) {
            // The plan reads this table; so everything before it was looked at when that waits.
            witness.setAutoCommit(false);
            lock.execute("LOCK TABLE public.item");
            CompletableFuture<Restoring.Result> restore = CompletableFuture.supplyAsync(
                    () -> restore(target, List.of("public.item"), Option.DATA_ONLY, Option.TRUNCATE));
            awaitWaiting(target);
            statement.execute("CREATE SCHEMA bactrian_restore");
            statement.execute("CREATE TABLE bactrian_restore.touched (kind text, schema text, name text)");
            statement.execute("BEGIN");
            statement.execute("COMMENT ON SCHEMA bactrian_restore IS 'waited for'");
            statement.execute(TABLES.substring(0, TABLES.indexOf('\n')));
            statement.execute(
                    "CREATE TRIGGER t BEFORE DELETE ON bactrian_restore.unfinished EXECUTE FUNCTION trap.on_write()");
            witness.rollback();
            Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> restore.isDone() || isWaiting(target));
            statement.execute("COMMIT");

            Restoring.Result result = restore.get();
            assertThat(INTRUDER.isSuperuser(target)).as(result.told()).isFalse();
            assertThat(result.outcome()).as(result.told()).isEqualTo(Outcome.FAILED);
            assertThat(result.problem().text()).contains("belongs to role " + MALLORY);
        }
    }

    private static void awaitWaiting(TestDatabase target) {
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> isWaiting(target));
    }

    private static boolean isWaiting(TestDatabase target) {
        return SERVER.createDatabase()
                .jdbc()
                .queryForObject(
                        "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = '"
                                + target.name() + "')",
                        Boolean.class);
    }

    /** A superuser's own schema counts for nothing once others may make something in it, or write to what is there. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "GRANT CREATE ON SCHEMA bactrian_restore TO " + MALLORY,
                "GRANT CREATE ON SCHEMA bactrian_restore TO PUBLIC",
                "GRANT TRIGGER ON bactrian_restore.unfinished TO " + MALLORY,
                "GRANT INSERT ON bactrian_restore.touched TO PUBLIC",
                "GRANT UPDATE (what) ON bactrian_restore.unfinished TO " + MALLORY,
                "ALTER TABLE bactrian_restore.touched OWNER TO " + MALLORY,
                "ALTER SCHEMA bactrian_restore OWNER TO pg_database_owner",
            })
    void aMarkThatOthersMayChangeIsRefused(String grant) {
        TestDatabase target = INTRUDER.target().run("CREATE SCHEMA bactrian_restore", TABLES, grant);

        Restoring.Result result = restore(target, List.of(), Option.DRY_RUN);

        assertThat(result.outcome()).as(result.told()).isEqualTo(Outcome.FAILED);
        assertThat(result.problem().text()).contains("isn't read", "DROP SCHEMA bactrian_restore CASCADE;");
    }

    /** What a database gives to everybody by default would make the mark everybody's. */
    @Test
    void defaultPrivilegesOpenNoMark() {
        TestDatabase target = INTRUDER.target()
                .run(
                        "ALTER DEFAULT PRIVILEGES GRANT ALL ON SCHEMAS TO PUBLIC",
                        "ALTER DEFAULT PRIVILEGES GRANT ALL ON TABLES TO " + MALLORY,
                        "CREATE TABLE public.seen (what text)",
                        "CREATE FUNCTION public.look() RETURNS boolean LANGUAGE sql AS $$ INSERT INTO public.seen"
                                + " SELECT nspacl::text FROM pg_namespace WHERE nspname = 'bactrian_restore' UNION ALL"
                                + " SELECT relname || relacl::text FROM pg_class WHERE relnamespace = to_regnamespace('bactrian_restore');"
                                + " SELECT true $$",
                        "CREATE TABLE public.item (id int PRIMARY KEY, name text, CHECK (public.look()))");

        Restoring.Result result = restore(target, List.of("public.item"), Option.DATA_ONLY);

        assertThat(result.outcome()).as(result.told()).isEqualTo(Outcome.SUCCESS);
        assertThat(target.jdbc().queryForList("SELECT DISTINCT what FROM seen WHERE what IS NOT NULL", String.class))
                .isNotEmpty()
                .noneMatch(acl -> acl.contains(MALLORY) || acl.contains("{=") || acl.contains(",="));
    }

    /** The name of a partitioned table that the archive has: whether it has rows is asked before anything is written. */
    @Test
    void aViewInTheNameOfAPartitionedTableIsNotRead() throws SQLException {
        TestDatabase target = INTRUDER.target().run("GRANT CREATE ON SCHEMA public TO " + MALLORY);
        INTRUDER.plant(
                target, TRAPS.formatted("trap"), "CREATE VIEW public.part AS SELECT 1 AS mood WHERE trap.sprung()");

        try (Restoring restoring = Restoring.into(target, store)) {
            restoring.run(Restoring.tables(key, List.of("public.part"), Option.DRY_RUN));
            restoring.run(Restoring.tables(key, List.of("public.part"), Option.DATA_ONLY));
            restoring.run(Restoring.tables(key, List.of("public.part"), Option.DROP_EXISTING));
            restoring.run(Restoring.everything(key));
        }
        assertThat(INTRUDER.isSuperuser(target)).isFalse();
    }

    /** An INSERT runs what a table's owner has defined; before a superuser makes one, it is told whose that is. */
    @Test
    void functionsThatRowsWillRunAreNamedBefore() {
        TestDatabase target = INTRUDER.target()
                .run(
                        "CREATE FUNCTION public.checked(int) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT true'",
                        "CREATE FUNCTION public.own(int) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT true'",
                        "CREATE DOMAIN public.small AS int CHECK (public.checked(value))",
                        "CREATE TABLE public.item (id public.small PRIMARY KEY, name text, CHECK (public.own(id)))",
                        "ALTER TABLE public.item OWNER TO " + MALLORY,
                        "ALTER FUNCTION public.checked(int) OWNER TO " + MALLORY);

        Restoring.Result result = restore(target, List.of("public.item"), Option.DATA_ONLY, Option.DRY_RUN);

        assertThat(result.told())
                .contains("public.item calls public.checked(integer) of role " + MALLORY)
                .doesNotContain("public.own(");
    }

    /** They are found by their names, whatever is behind these in the target. */
    @Test
    void whatIsMadeCallsNoFunctionsOfOthers() throws SQLException {
        TestDatabase target = INTRUDER.target();
        INTRUDER.plant(
                target, TRAPS.formatted("trap"), "CREATE SCHEMA lib", LIBRARY.formatted("'SELECT trap.sprung()'"));

        try (Restoring restoring = Restoring.into(target, store)) {
            for (Restoring.Result result : List.of(
                    restoring.run(app(Option.DRY_RUN)),
                    restoring.run(app()),
                    restoring.run(Restoring.everything(key, Option.DRY_RUN)),
                    restoring.run(Restoring.everything(key)))) {
                assertThat(INTRUDER.isSuperuser(target)).as("a trap was sprung").isFalse();
                assertThat(result.outcome()).as(result.told()).isEqualTo(Outcome.FAILED);
                assertThat(result.problem().text())
                        .contains(
                                " calls lib.valid(integer) of role " + MALLORY,
                                " calls lib.same(integer,integer) of role " + MALLORY,
                                "TRIGGER app.triggered t calls lib.act() of role " + MALLORY,
                                "VIEW app.through calls lib.valid(integer) of role " + MALLORY,
                                "TABLE app.typed calls lib.valid(integer) of role " + MALLORY,
                                "Nothing was changed",
                                "ALTER FUNCTION");
            }
            assertThat(target.jdbc().queryForObject("SELECT to_regnamespace('app') IS NULL", Boolean.class))
                    .isTrue();

            target.run("REASSIGN OWNED BY " + MALLORY + " TO postgres");
            Restoring.Result trusted = restoring.run(app(Option.DRY_RUN));
            assertThat(trusted.problem()).as(trusted.told()).isNull();
        }
    }

    private static RestoreRequest app(Option... options) {
        return Restoring.request(key, List.of("app"), List.of(), null, options);
    }

    /** A planner runs what is constant in an index's condition, and a comparison casts. */
    @Test
    void foreignKeysOfOthersTablesAreNamedAndNotRead() throws SQLException {
        TestDatabase target = INTRUDER.target()
                .run(
                        "CREATE TABLE public.item (id int PRIMARY KEY, name text)",
                        "INSERT INTO public.item VALUES (1, 'one')",
                        "GRANT REFERENCES, SELECT ON public.item TO " + MALLORY);
        INTRUDER.plant(
                target,
                TRAPS.formatted("trap"),
                CONSTANT,
                "CREATE TYPE trap.number AS ENUM ('one')",
                "CREATE FUNCTION trap.cast(trap.number) RETURNS int IMMUTABLE LANGUAGE plpgsql AS"
                        + " 'BEGIN RETURN trap.sprung()::int; END'",
                "CREATE CAST (trap.number AS int) WITH FUNCTION trap.cast(trap.number) AS IMPLICIT",
                "CREATE TABLE trap.casting (id trap.number REFERENCES public.item)",
                "INSERT INTO trap.casting VALUES ('one')",
                "CREATE TABLE trap.constants (id int REFERENCES public.item)",
                "CREATE INDEX i ON trap.constants (id) WHERE trap.constant('x')",
                "CREATE TABLE trap.plain (id int REFERENCES public.item)");
        disarm();

        Restoring.Result result = restore(target, List.of("public.item"), Option.DATA_ONLY, Option.TRUNCATE);

        assertThat(INTRUDER.isSuperuser(target)).as(result.told()).isFalse();
        assertThat(result.missing())
                .containsExactlyInAnyOrder(
                        "foreign key casting_id_fkey of \"trap\".\"casting\"",
                        "foreign key constants_id_fkey of \"trap\".\"constants\"");
        assertThat(target.jdbc().queryForObject("SELECT count(*) FROM public.item", Integer.class))
                .isEqualTo(2);
    }

    /** All ways to a function: operators, types within types, functions' own, the server's that run a text, conditions. */
    @Test
    void functionsBehindOtherThingsAreNamedAndADryRunCallsNone() throws SQLException {
        TestDatabase target = INTRUDER.target()
                .run("GRANT CREATE ON SCHEMA public TO " + MALLORY, "CREATE TABLE public.item (id int, name text)");
        INTRUDER.plant(
                target,
                TRAPS.formatted("trap"),
                CONSTANT,
                "CREATE FUNCTION trap.same(text, text) RETURNS boolean LANGUAGE sql AS 'SELECT trap.sprung()'",
                "CREATE OPERATOR trap.=== (LEFTARG = text, RIGHTARG = text, FUNCTION = trap.same)",
                "CREATE FUNCTION trap.checked(int) RETURNS boolean LANGUAGE sql AS 'SELECT trap.sprung()'",
                "CREATE DOMAIN trap.small AS int CHECK (trap.checked(VALUE))",
                "CREATE TYPE trap.pair AS (one trap.small[])");
        target.run(
                "ALTER TABLE public.item ADD CHECK (name OPERATOR(trap.===) 'x'), ADD more trap.pair,"
                        + " ADD CHECK (query_to_xml('SELECT trap.sprung()', true, true, '') IS NOT NULL)",
                "CREATE INDEX i ON public.item (id) WHERE name = 'x'",
                "ALTER TABLE public.item OWNER TO " + MALLORY);
        INTRUDER.plant(target, "CREATE INDEX j ON public.item (id) WHERE trap.constant('x')");

        Restoring.Result result = restore(target, List.of("public.item"), Option.DATA_ONLY, Option.DRY_RUN);

        assertThat(INTRUDER.isSuperuser(target)).as(result.told()).isFalse();
        assertThat(result.told())
                .contains(
                        "public.item calls trap.same(text,text) of role " + MALLORY,
                        "public.item calls trap.checked(integer) of role " + MALLORY,
                        "public.item calls trap.constant(text) of role " + MALLORY,
                        "public.item calls query_to_xml(");
    }

    /** The restore changes agents' rows by an UPDATE of its own, which runs rules. */
    @Test
    void rulesOnAgentsTablesAreRefused() throws SQLException {
        TestDatabase target = INTRUDER.target();
        INTRUDER.plant(
                target,
                TRAPS.formatted("trap"),
                "CREATE SCHEMA pgagent",
                JOBS,
                "CREATE RULE r AS ON UPDATE TO pgagent.pga_job DO ALSO SELECT trap.sprung()",
                "ALTER TABLE pgagent.pga_job ENABLE ALWAYS RULE r");

        Restoring.Result result = restore(target, List.of("pgagent.pga_job"), Option.DATA_ONLY);

        assertThat(INTRUDER.isSuperuser(target)).as(result.told()).isFalse();
        assertThat(result.missing()).containsExactly("rows of \"pgagent\".\"pga_job\"");
    }

    /** Where there is no pg_cron, its functions may be anybody's. */
    @Test
    void functionsOfAPlantedSchemaCronAreNotCalled() throws SQLException {
        PostgresServer other = PostgresServer.V17;
        for (PostgresServer server : List.of(other, SERVER)) {
            ExtensionFiles.install(
                    server.createDatabase(), "pg_cron", ExtensionFiles.script("/supabase/extensions/pg_cron.sql"));
        }
        TestDatabase source = other.createDatabase()
                .run("CREATE EXTENSION pg_cron", "SELECT cron.schedule('nightly', '0 3 * * *', 'SELECT 1')");
        String archive = BactrianService.backUp(other, source, store);
        TestDatabase target = INTRUDER.target();
        INTRUDER.plant(
                target,
                TRAPS.formatted("trap"),
                "CREATE SCHEMA cron",
                "CREATE VIEW cron.job AS SELECT 1::bigint AS jobid, ''::text AS jobname, '' AS schedule, '' AS command,"
                        + " ''::name AS username WHERE trap.sprung()",
                "CREATE VIEW cron.job_run_details AS SELECT 1 AS runid WHERE trap.sprung()",
                "CREATE SEQUENCE cron.jobid_seq",
                "CREATE FUNCTION cron.schedule(text, text, text) RETURNS bigint LANGUAGE sql AS 'SELECT trap.sprung()::int::bigint'",
                "CREATE FUNCTION cron.alter_job(job_id bigint, schedule text DEFAULT NULL, command text DEFAULT NULL, database text"
                        + " DEFAULT NULL, username text DEFAULT NULL, active boolean DEFAULT NULL) RETURNS void LANGUAGE sql AS"
                        + " 'SELECT trap.sprung()'");
        try (Restoring restoring = Restoring.into(target, store)) {

            Restoring.Result result = restoring.run(Restoring.everything(archive, Option.OLDER_SERVER));

            assertThat(INTRUDER.isSuperuser(target)).as(result.told()).isFalse();
            assertThat(result.told()).contains("schema cron belongs to neither an extension", "nightly");
        }
    }

    /** A schema of the archive that has the mark's name would be taken for the mark, and go with it. */
    @Test
    void theArchivesOwnSchemaOfThatNameIsLeftOutAndSaidToBe() {
        TestDatabase target = SERVER.createDatabase();

        Restoring.Result result = restore(target, List.of());

        assertThat(result.outcome()).as(result.told()).isEqualTo(Outcome.PARTIAL);
        assertThat(result.missing()).containsExactly("schema bactrian_restore");
        assertThat(target.jdbc().queryForObject("SELECT count(*) FROM public.item", Integer.class))
                .isEqualTo(2);
        try (Restoring restoring = Restoring.into(target, store)) {
            Restoring.Result moved = restoring.run(
                    Restoring.request(key, List.of("bactrian_restore"), List.of(), "kept", new Option[0]));
            assertThat(moved.outcome()).as(moved.told()).isEqualTo(Outcome.SUCCESS);
        }
        assertThat(target.jdbc().queryForObject("SELECT note FROM kept.seen", String.class))
                .isEqualTo("of a user");
    }

    /** Where the server can, a session that looks at tables reads no view, whatever takes a table's place. */
    @Test
    void sessionsThatLookAtTablesReadNoViews() throws SQLException {
        TestDatabase database = PostgresServer.V17.createDatabase().run("CREATE VIEW public.one AS SELECT 1 AS n");
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            try (TablesAlone only = TablesAlone.in(connection)) {
                assertThatThrownBy(() -> statement.executeQuery("SELECT n FROM public.one"))
                        .hasMessageContaining("restricted");
            }
            assertThat(statement.executeQuery("SELECT n FROM public.one").next())
                    .isTrue();
        }
        assertThat(Map.of(15, PostgresServer.V15.createDatabase(), 17, database))
                .allSatisfy((major, of) -> assertThat(of.jdbc()
                                .queryForObject(
                                        "SELECT count(*) FROM pg_settings WHERE name = 'restrict_nonsystem_relation_kind'",
                                        Integer.class))
                        .isEqualTo(1));
    }
}
