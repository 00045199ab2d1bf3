package dev.bactrian.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.bactrian.history.ControlDatabase;
import dev.bactrian.history.HistorySchema;
import dev.bactrian.postgres.url.DatabaseUrl;
import dev.bactrian.problem.ProblemException;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Tables of the history's names that somebody has put there first, with code in all that runs by itself: none of it runs as
 * the service's role, and the statements that the refusal gives put it right.
 */
class PlantedHistoryIT {

    private static final String HAND_MADE =
            """
            CREATE TABLE backup_history (
                id uuid PRIMARY KEY DEFAULT gen_random_uuid(), dispatch_id uuid, s3_key text,
                status text NOT NULL CHECK (status IN ('success', 'failed', 'cancelled', 'in_progress')),
                size_bytes bigint, created_at timestamptz DEFAULT now(), finished_at timestamptz, error_text text,
                workflow_run_id text)""";

    private static final String ROW = "INSERT INTO backup_history (status) VALUES ('in_progress')";

    private TestDatabase control;

    @BeforeEach
    void create() {
        control = PostgresServer.V15
                .createDatabase()
                .run(
                        "DO $$ BEGIN CREATE ROLE intruder; EXCEPTION WHEN duplicate_object THEN NULL; END $$",
                        "GRANT CREATE ON SCHEMA public TO intruder",
                        "CREATE TABLE fired (what text)",
                        "GRANT INSERT ON fired TO intruder",
                        "SET ROLE intruder",
                        // Immutable functions may not write, but call what does.
                        "CREATE FUNCTION note() RETURNS void LANGUAGE plpgsql AS"
                                + " 'BEGIN INSERT INTO public.fired VALUES (current_user); END'",
                        "CREATE FUNCTION act() RETURNS trigger LANGUAGE plpgsql AS"
                                + " 'BEGIN PERFORM public.note(); RETURN NEW; END'",
                        "CREATE FUNCTION say(text) RETURNS text IMMUTABLE LANGUAGE plpgsql AS"
                                + " 'BEGIN PERFORM public.note(); RETURN $1; END'",
                        "CREATE FUNCTION same(text, text) RETURNS boolean IMMUTABLE LANGUAGE plpgsql AS"
                                + " 'BEGIN PERFORM public.note(); RETURN true; END'",
                        "CREATE OPERATOR === (LEFTARG = text, RIGHTARG = text, FUNCTION = same)",
                        "CREATE TYPE mood AS ENUM ('calm')",
                        "CREATE FUNCTION worded(mood) RETURNS text IMMUTABLE LANGUAGE plpgsql AS"
                                + " 'BEGIN PERFORM public.note(); RETURN ''calm''; END'",
                        "CREATE CAST (mood AS text) WITH FUNCTION worded(mood) AS ASSIGNMENT",
                        "CREATE DOMAIN word AS text CHECK (say(VALUE) = VALUE)",
                        "CREATE TYPE pair AS (a word)");
    }

    private void migrate(HistorySchema schema) {
        DatabaseUrl url = DatabaseUrl.parse(control.url());
        try (HikariDataSource pool = ControlDatabase.open(url)) {
            ControlDatabase.migrate(url, schema, pool);
        }
    }

    private List<String> fired() {
        return control.jdbc().queryForList("SELECT what FROM fired WHERE what = 'postgres'", String.class);
    }

    @Test
    void whatWouldRunOthersCodeIsRefusedWithTheStatementsThatPutItRight() {
        control.run(
                "SET ROLE intruder",
                HAND_MADE,
                ROW,
                "CREATE TRIGGER calling BEFORE INSERT OR UPDATE ON backup_history FOR EACH ROW EXECUTE FUNCTION act()",
                "CREATE TRIGGER asking BEFORE UPDATE ON backup_history FOR EACH ROW WHEN (say('a') = 'a')"
                        + " EXECUTE FUNCTION suppress_redundant_updates_trigger()",
                "CREATE RULE planted AS ON UPDATE TO backup_history DO ALSO INSERT INTO fired VALUES (say('a'))",
                "ALTER TABLE backup_history ALTER error_text SET DEFAULT say('a')",
                "ALTER TABLE backup_history ADD generated text GENERATED ALWAYS AS (say(status)) STORED",
                "ALTER TABLE backup_history ADD CONSTRAINT checked CHECK (say(status) <> '')",
                "ALTER TABLE backup_history ADD CONSTRAINT compared CHECK (status === 'a')",
                "ALTER TABLE backup_history ADD CONSTRAINT excluded EXCLUDE (say(id::text) WITH =)",
                "CREATE INDEX indexed ON backup_history (say(status))",
                "CREATE INDEX part ON backup_history (id) WHERE say(status) <> ''",
                "CREATE STATISTICS counted ON say(status), id FROM backup_history",
                "ALTER TABLE backup_history ADD odd word, ADD odder pair, ADD oddest word[], ADD cast_to_text mood DEFAULT 'calm'",
                "ALTER TABLE backup_history ADD texts xml, ALTER texts SET DEFAULT query_to_xml('SELECT public.note()', true, true, '')",
                "ALTER TABLE backup_history ADD CONSTRAINT asked"
                        + " CHECK (query_to_xml('SELECT public.note()', true, true, '') IS NOT NULL) NOT VALID",
                "CREATE POLICY planted ON backup_history USING (say('a') <> '')",
                "ALTER TABLE backup_history ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY",
                "CREATE TABLE child () INHERITS (backup_history)",
                "CREATE TRIGGER planted BEFORE UPDATE ON child FOR EACH ROW EXECUTE FUNCTION act()",
                "INSERT INTO child (status) VALUES ('in_progress')",
                "CREATE VIEW restore_history AS SELECT say('a') AS said",
                "CREATE TABLE backup_dispatches (id int) PARTITION BY LIST (id)",
                "CREATE VIEW bactrian_qrtz_locks AS SELECT say('a') AS said",
                "CREATE FUNCTION backup_history_of_workers_elsewhere() RETURNS trigger LANGUAGE plpgsql AS"
                        + " 'BEGIN PERFORM public.note(); RETURN NEW; END'",
                "RESET ROLE",
                "ALTER TABLE backup_history OWNER TO postgres");

        String message = refusal();

        assertThat(message)
                .contains(
                        "the trigger calling on public.backup_history (function public.act() of intruder)",
                        "the trigger asking on public.backup_history (function public.say(text) of intruder)",
                        "the rule planted on public.backup_history",
                        "the default of the column error_text of public.backup_history",
                        "the expression of the column generated of public.backup_history",
                        "the constraint checked of public.backup_history",
                        "the constraint compared of public.backup_history",
                        "operator public.===(text,text) of intruder",
                        "the constraint excluded of public.backup_history",
                        "the index public.indexed of public.backup_history",
                        "the index public.part of public.backup_history",
                        "the statistics public.counted of public.backup_history",
                        "the type of the column odd of public.backup_history",
                        "the type of the column odder of public.backup_history",
                        "the type of the column oddest of public.backup_history",
                        "the type of the column cast_to_text of public.backup_history",
                        "the default of the column texts of public.backup_history (it calls query_to_xml)",
                        "the constraint asked of public.backup_history (it calls query_to_xml)",
                        "the policy planted on public.backup_history, which holds for its owner, too",
                        "public.child inherits from public.backup_history",
                        "public.restore_history is a view, and no table",
                        "public.backup_dispatches is a partitioned table, and no table",
                        "the function public.backup_history_of_workers_elsewhere() of intruder",
                        "HISTORY_SCHEMA",
                        "nothing was changed")
                .doesNotContain("backup_history_pkey", "status_check");
        assertThat(control.jdbc()
                        .queryForObject("SELECT to_regclass('bactrian_schema_history') IS NULL", Boolean.class))
                .isTrue();

        control.run("DELETE FROM fired").run(statements(message));
        assertThat(fired()).as("ran to put it right").isEmpty();
        migrate(HistorySchema.PUBLIC);
        control.run("INSERT INTO backup_history (status, phase) VALUES ('in_progress', 'queued')");
        assertThat(fired()).as("ran afterwards").isEmpty();
        assertThat(control.jdbc().queryForObject("SELECT count(*) FROM backup_history", Integer.class))
                .isEqualTo(2);
    }

    private static String[] statements(String message) {
        return message.replaceAll("(?s).*run there as superuser: ", "").split("(?<=;) ", -1);
    }

    private String refusal() {
        ProblemException[] refused = new ProblemException[1];
        assertThatThrownBy(() -> migrate(HistorySchema.PUBLIC))
                .isInstanceOfSatisfying(ProblemException.class, e -> refused[0] = e);
        return refused[0].getMessage();
    }

    /** Whoever has made a table may put a trigger there at any time. */
    @Test
    void tablesOfAnotherOwnerAreRefused() {
        List<String> tables = List.of(
                "backup_history",
                "backup_dispatches",
                "restore_history",
                "system_settings_kv",
                "bactrian_schema_history",
                "bactrian_qrtz_locks",
                "bactrian_qrtz_fired_triggers");
        tables.forEach(table -> control.run("SET ROLE intruder", "CREATE TABLE " + table + " (id int)"));

        String message = refusal();

        assertThat(tables)
                .allSatisfy(table -> assertThat(message).contains("public." + table + " belongs to intruder"));
        assertThatCode(() -> migrate(new HistorySchema("own"))).doesNotThrowAnyException();
    }

    /** Also when the history is there for long: a role that was given TRIGGER, or the tables, needs nothing planted before. */
    @Test
    void aHistoryThatIsThereIsLookedAtAtEachStart() {
        migrate(HistorySchema.PUBLIC);
        control.run("CREATE TRIGGER planted BEFORE UPDATE ON restore_history FOR EACH ROW EXECUTE FUNCTION act()");
        assertThat(refusal()).contains("DROP TRIGGER planted ON public.restore_history;");
        control.run("DROP TRIGGER planted ON public.restore_history");

        control.run("GRANT ALL ON backup_history TO intruder", "GRANT TRIGGER ON restore_history TO PUBLIC");
        migrate(HistorySchema.PUBLIC);
        assertThat(control.jdbc()
                        .queryForList(
                                "SELECT privilege_type FROM information_schema.role_table_grants"
                                        + " WHERE grantee IN ('intruder', 'PUBLIC') AND table_name IN ('backup_history', 'restore_history')",
                                String.class))
                .contains("SELECT", "DELETE")
                .doesNotContain("TRIGGER");

        control.run("ALTER FUNCTION backup_history_of_workers_elsewhere() OWNER TO intruder");
        String message = refusal();
        assertThat(message)
                .contains("ALTER FUNCTION public.backup_history_of_workers_elsewhere() OWNER TO postgres;")
                .doesNotContain("DROP");
        control.run(statements(message));
        assertThatCode(() -> migrate(HistorySchema.PUBLIC)).doesNotThrowAnyException();
    }

    /** They need no right to the table itself: a foreign key brings triggers of another one, a condition is no trigger's function. */
    @Test
    void foreignKeysAndConditionsOfOthersAreRefused() {
        migrate(HistorySchema.PUBLIC);
        control.run(
                "GRANT REFERENCES ON backup_history TO intruder",
                "SET ROLE intruder",
                "CREATE TABLE child (id uuid REFERENCES backup_history ON UPDATE CASCADE ON DELETE CASCADE)",
                "CREATE TRIGGER planted BEFORE DELETE ON child FOR EACH ROW EXECUTE FUNCTION act()",
                "RESET ROLE",
                "CREATE TRIGGER asking BEFORE UPDATE ON backup_history FOR EACH ROW WHEN (say('a') = 'a')"
                        + " EXECUTE FUNCTION backup_history_of_workers_elsewhere()");

        String message = refusal();

        assertThat(message)
                .contains(
                        "the foreign key child_id_fkey of public.child, which refers to public.backup_history and belongs to intruder",
                        "the trigger asking on public.backup_history (function public.say(text) of intruder)");
        control.run(statements(message));
        assertThatCode(() -> migrate(HistorySchema.PUBLIC)).doesNotThrowAnyException();
        assertThat(fired()).isEmpty();
    }

    /** With GRANT OPTION a role has given them to others, for single columns, too. */
    @Test
    void rightsThatWerePassedOnAreTakenBack() {
        migrate(HistorySchema.PUBLIC);
        control.run(
                "DO $$ BEGIN CREATE ROLE accomplice; EXCEPTION WHEN duplicate_object THEN NULL; END $$",
                "GRANT ALL ON backup_history TO intruder WITH GRANT OPTION",
                "GRANT REFERENCES (id) ON restore_history TO accomplice",
                "SET ROLE intruder",
                "GRANT ALL ON backup_history TO accomplice WITH GRANT OPTION",
                "SET ROLE accomplice",
                "GRANT TRIGGER, SELECT ON backup_history TO PUBLIC");

        migrate(HistorySchema.PUBLIC);

        for (String role : List.of("intruder", "accomplice")) {
            assertThat(control.jdbc()
                            .queryForObject(
                                    "SELECT has_table_privilege('" + role + "', 'backup_history', 'TRIGGER')"
                                            + " OR has_any_column_privilege('" + role
                                            + "', 'backup_history', 'REFERENCES')"
                                            + " OR has_any_column_privilege('" + role
                                            + "', 'restore_history', 'REFERENCES')",
                                    Boolean.class))
                    .isFalse();
            assertThat(control.jdbc()
                            .queryForObject(
                                    "SELECT has_table_privilege('" + role + "', 'backup_history', 'DELETE')",
                                    Boolean.class))
                    .as("other rights stay")
                    .isTrue();
        }
    }

    /** Hand-made systems have policies for their dashboards, and triggers and functions of their owner's own. */
    @Test
    void whatTheOwnerMadeIsTakenOver() {
        control.run(
                HAND_MADE,
                ROW,
                "ALTER TABLE backup_history ENABLE ROW LEVEL SECURITY, ADD updated_at timestamptz",
                "CREATE POLICY \"Service role can do all\" ON backup_history USING (true)",
                "CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.updated_at = now(); RETURN NEW; END'",
                "CREATE TRIGGER touch BEFORE UPDATE ON backup_history FOR EACH ROW EXECUTE FUNCTION touch()",
                "CREATE TYPE kind AS ENUM ('full')",
                "ALTER TABLE backup_history ADD kind kind DEFAULT 'full'",
                "CREATE INDEX hand_made ON backup_history (lower(status)) WHERE created_at IS NOT NULL");

        migrate(HistorySchema.PUBLIC);

        assertThat(control.jdbc().queryForObject("SELECT updated_at IS NOT NULL FROM backup_history", Boolean.class))
                .isTrue();
        assertThat(control.jdbc().queryForObject("SELECT count(*) FROM pg_policies", Integer.class))
                .isEqualTo(1);
    }

    /** Whatever its kind: names of relations are one, whether tables, indexes or others, and a table needs its type's name, too. */
    @Test
    void namesThatTheMigrationsNeedAreRefusedWithTheStatementsThatMoveWhatHasThem() {
        control.run(
                "SET ROLE intruder",
                "CREATE TABLE backup_history_newest (id int)",
                "CREATE VIEW backup_history_to_notify AS SELECT 1 AS one",
                "CREATE SEQUENCE backup_history_s3_key_key",
                "CREATE TYPE backup_history_one_running AS (a int)",
                "CREATE MATERIALIZED VIEW restore_history_newest AS SELECT 1 AS one",
                "CREATE TABLE parts (id int) PARTITION BY LIST (id)",
                "CREATE INDEX restore_history_one_running ON parts (id)",
                "CREATE TABLE other (id int CONSTRAINT bactrian_schema_history_pk PRIMARY KEY)",
                "CREATE INDEX bactrian_schema_history_s_idx ON other (id)",
                "CREATE INDEX backup_history_dispatch_id_key ON other (id)",
                "CREATE INDEX backup_dispatches ON other (id)",
                "CREATE TYPE restore_history AS ENUM ('a')",
                "CREATE DOMAIN system_settings_kv AS text",
                "CREATE TYPE bactrian_qrtz_locks AS RANGE (SUBTYPE = int4, MULTIRANGE_TYPE_NAME = bactrian_schema_history)",
                // Neither is in the way.
                "CREATE TABLE backup_history_elsewhere (id int)",
                "CREATE TYPE _backup_history AS ENUM ('a')",
                "CREATE INDEX restore_history_pkey ON other (id)");

        String message = refusal();

        assertThat(message)
                .contains(
                        "the table public.backup_history_newest of intruder",
                        "the view public.backup_history_to_notify of intruder",
                        "the sequence public.backup_history_s3_key_key of intruder",
                        "the type public.backup_history_one_running of intruder",
                        "the materialized view public.restore_history_newest of intruder",
                        "the index public.restore_history_one_running of intruder",
                        "the index public.bactrian_schema_history_pk of intruder",
                        "the index public.bactrian_schema_history_s_idx of intruder",
                        "the index public.backup_history_dispatch_id_key of intruder",
                        "the index public.backup_dispatches of intruder",
                        "the type public.restore_history of intruder",
                        "the type public.system_settings_kv of intruder",
                        "the type public.bactrian_qrtz_locks of intruder",
                        "the type public.bactrian_schema_history of intruder",
                        "ALTER TABLE public.backup_history_newest RENAME TO others_backup_history_newest;",
                        "HISTORY_SCHEMA",
                        "Nothing was changed")
                .doesNotContain("elsewhere", "_pkey", "backup again");
        assertThat(control.jdbc().queryForObject("SELECT to_regclass('bactrian_qrtz_triggers') IS NULL", Boolean.class))
                .isTrue();
        assertThatCode(() -> migrate(new HistorySchema("own"))).doesNotThrowAnyException();

        control.run(statements(message));
        assertThatCode(() -> migrate(HistorySchema.PUBLIC)).doesNotThrowAnyException();
        assertThatCode(() -> migrate(HistorySchema.PUBLIC)).doesNotThrowAnyException();
    }

    /** Nobody keeps a service from starting by a name that no migration needs any more. */
    @Test
    void namesOfMigrationsThatHaveRunAreNotLookedAt() {
        migrate(HistorySchema.PUBLIC);
        control.run(
                "DROP INDEX restore_history_newest",
                "SET ROLE intruder",
                "CREATE TABLE restore_history_newest (id int)");

        assertThatCode(() -> migrate(HistorySchema.PUBLIC)).doesNotThrowAnyException();
    }

    /** What the look before leaves to the migration, since another service may just have made it. */
    @Test
    void aMigrationThatFailsByANameSaysWhatHasItAndHowToMoveIt() {
        control.run(HAND_MADE, ROW, "CREATE INDEX backup_history_newest ON backup_history (created_at)");

        String message = refusal();

        assertThat(message)
                .contains(
                        "the index public.backup_history_newest of postgres",
                        "already exists",
                        "ALTER INDEX public.backup_history_newest RENAME TO others_backup_history_newest;",
                        "HISTORY_SCHEMA")
                .doesNotContain("backup again");
        control.run(statements(message));
        assertThatCode(() -> migrate(HistorySchema.PUBLIC)).doesNotThrowAnyException();
    }

    /** Between the look and the migration, somebody is quicker. */
    @Test
    void aTableThatIsMadeMeanwhileIsNotTakenOver() {
        control.run(
                "CREATE FUNCTION race() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN"
                        + " IF to_regclass('public.bactrian_schema_history') IS NOT NULL AND current_setting('race.run', true) IS NULL THEN"
                        + "   PERFORM set_config('race.run', 'yes', false); CREATE TABLE public.backup_history (id uuid, status text, phase text); END IF; END $$",
                "CREATE EVENT TRIGGER race ON ddl_command_start WHEN TAG IN ('CREATE TABLE') EXECUTE FUNCTION race()");

        assertThat(refusal()).contains("already exists", "HISTORY_SCHEMA").doesNotContain("backup again");
    }
}
