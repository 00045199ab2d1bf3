package dev.bactrian.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bactrian.testing.Run;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import dev.bactrian.testing.servers.TestExtension;
import dev.bactrian.testing.stores.UnpackedArchive;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The archive's README.txt, followed to the letter, gives the database back. */
class HandRestoreIT {

    private static final String SEQUENCES = "SELECT format('%I.%I', schemaname, sequencename) AS name, "
            + "coalesce(last_value, -1) AS value FROM pg_sequences ORDER BY 1";

    @ParameterizedTest
    @EnumSource(names = {"V15", "V18"})
    void theCommandsOfTheReadmeGiveTheWholeDatabaseBack(PostgresServer server) {
        TestDatabase source = server.createDatabase().loadSample();
        TestDatabase target = server.createDatabase();
        UnpackedArchive archive = UnpackedArchive.of(server, source);

        List<String> commands = archive.commands(UnpackedArchive.EVERYTHING);
        assertThat(commands).hasSizeGreaterThan(7);
        for (String command : commands) {
            // Two steps complain about what is there already, as the text says: what counts is what comes back.
            boolean mayComplain = command.contains("roles.sql") || command.startsWith("pg_restore");
            Run run = archive.run(target, command);
            assertThat(mayComplain || run.exit() == 0)
                    .as("%s%n%s%n%s", command, run.out(), run.err())
                    .isTrue();
        }

        assertThat(target.rowCounts()).isEqualTo(source.rowCounts());
        assertThat(target.contentDigests()).isEqualTo(source.contentDigests());
        assertThat(sequences(target)).isEqualTo(sequences(source));
        assertThat(definitions(target)).containsExactlyInAnyOrderElementsOf(definitions(source));
        assertThat(largeObjects(target)).isEqualTo(largeObjects(source)).isNotEmpty();
    }

    @Test
    void oneTablesTwoFilesGiveTheTableBack() {
        TestDatabase source = PostgresServer.V17
                .createDatabase()
                .run(
                        "CREATE TABLE note (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, text text NOT NULL DEFAULT '')",
                        "CREATE INDEX note_text ON note (text)",
                        "COMMENT ON COLUMN note.text IS 'said'",
                        "ALTER TABLE note ENABLE ROW LEVEL SECURITY",
                        "CREATE POLICY all_notes ON note USING (true)",
                        "INSERT INTO note (text) SELECT E'line\\n' || n || E'\\t\\\\.' FROM generate_series(1, 1000) n");
        TestDatabase target = PostgresServer.V17.createDatabase();
        UnpackedArchive archive = UnpackedArchive.of(PostgresServer.V17, source);

        for (String command : archive.commands(UnpackedArchive.ONE_TABLE)) {
            Run run = archive.run(target, command.replace("<schema>", "public").replace("<table>", "note"));
            assertThat(run.exit()).as(command + run.err()).isZero();
        }

        assertThat(target.contentDigests()).isEqualTo(source.contentDigests()).hasSize(1);
        assertThat(definitions(target)).containsExactlyInAnyOrderElementsOf(definitions(source));
    }

    @Test
    void triggersOfOneTableStayQuietAndKeepTheirStates() {
        String table = "\"N'o $$\".\"T 1\"";
        String tell = "CREATE FUNCTION tell() RETURNS trigger LANGUAGE plpgsql AS"
                + " 'BEGIN INSERT INTO public.told VALUES (tg_name); RETURN NEW; END'";
        TestDatabase source = PostgresServer.V17
                .createDatabase()
                .run(
                        "DO $$ BEGIN CREATE ROLE hand_owner LOGIN PASSWORD 'hand'; EXCEPTION WHEN duplicate_object THEN NULL; END $$",
                        "CREATE SCHEMA \"N'o $$\"",
                        "CREATE TABLE told (t text)",
                        tell,
                        "CREATE TABLE " + table + " (id int)",
                        "INSERT INTO " + table + " SELECT generate_series(1, 10)",
                        "CREATE TRIGGER usual BEFORE INSERT ON " + table + " FOR EACH ROW EXECUTE FUNCTION tell()",
                        "CREATE TRIGGER \"Al ways\" AFTER INSERT ON " + table + " EXECUTE FUNCTION tell()",
                        "CREATE TRIGGER replica AFTER INSERT ON " + table + " FOR EACH ROW EXECUTE FUNCTION tell()",
                        "CREATE TRIGGER off AFTER INSERT ON " + table + " FOR EACH ROW EXECUTE FUNCTION tell()",
                        "ALTER TABLE " + table
                                + " ENABLE ALWAYS TRIGGER \"Al ways\", ENABLE REPLICA TRIGGER replica, DISABLE TRIGGER off",
                        "ALTER TABLE " + table + " OWNER TO hand_owner");
        TestDatabase target = PostgresServer.V17
                .createDatabase()
                .run(
                        "CREATE SCHEMA \"N'o $$\"",
                        "GRANT ALL ON SCHEMA \"N'o $$\" TO hand_owner",
                        "CREATE TABLE told (t text)",
                        tell);
        UnpackedArchive archive = UnpackedArchive.of(PostgresServer.V17, source);
        List<String> commands = archive.commands(UnpackedArchive.ONE_TABLE).stream()
                .map(command -> command.replace("<schema>", "N%27o%20%24%24").replace("<table>", "T%201"))
                .toList();

        Run definition = archive.run(target, commands.get(0));
        Run rows = archive.run(target, commands.get(1).replace("$TARGET", target.url("hand_owner", "hand")));

        assertThat(definition.exit()).as(definition.err()).isZero();
        assertThat(rows.exit()).as(rows.err()).isZero();
        assertThat(target.contentDigests()).isEqualTo(source.contentDigests());
        assertThat(target.rowCounts()).containsEntry("public.told", 0L);
        String states = "SELECT tgname, tgenabled::text FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1";
        assertThat(target.jdbc().queryForList(states))
                .isEqualTo(source.jdbc().queryForList(states))
                .hasSize(4);
    }

    /** As pg_dump and pg_restore do; event triggers fire for none of the steps. */
    @Test
    void rowsThatExtensionsLeaveToUsersComeBackAndEventTriggersComeLast() {
        TestExtension.install(
                PostgresServer.V17,
                "by_hand",
                """
                CREATE TABLE @extschema@.setting (name text PRIMARY KEY, value text, twice text GENERATED ALWAYS AS (value || value) STORED);
                SELECT pg_catalog.pg_extension_config_dump('@extschema@.setting', 'WHERE name <> ''own''');
                CREATE TABLE @extschema@.release (n int);
                INSERT INTO @extschema@.setting VALUES ('own', 'new');
                INSERT INTO @extschema@.release VALUES (2);
                """);
        TestDatabase source = PostgresServer.V17
                .createDatabase()
                .run(
                        "CREATE EXTENSION by_hand",
                        "UPDATE setting SET value = 'old'",
                        "UPDATE release SET n = 1",
                        "INSERT INTO setting VALUES ('mi\"ne', 'yes')",
                        "CREATE FUNCTION known(text) RETURNS boolean LANGUAGE sql AS 'SELECT EXISTS (SELECT FROM public.setting WHERE name = $1)'",
                        "CREATE TABLE uses (s text CHECK (known(s)))",
                        "INSERT INTO uses VALUES ('mi\"ne')",
                        "CREATE MATERIALIZED VIEW seen AS SELECT count(*) AS n FROM uses",
                        "CREATE FUNCTION forbid() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''no DDL''; END'",
                        "CREATE EVENT TRIGGER forbid ON ddl_command_start EXECUTE FUNCTION forbid()");
        TestDatabase target = PostgresServer.V17.createDatabase();
        UnpackedArchive archive = UnpackedArchive.of(PostgresServer.V17, source);

        for (String command : archive.commands(UnpackedArchive.EVERYTHING)) {
            if (!command.contains("roles.sql")) {
                Run run = archive.run(target, command);
                assertThat(run.exit()).as(command + run.err()).isZero();
            }
        }

        assertThat(target.jdbc().queryForList("SELECT name || twice FROM setting ORDER BY 1", String.class))
                .containsExactly("mi\"neyesyes", "ownnewnew");
        assertThat(target.jdbc().queryForList("SELECT n FROM release", Integer.class))
                .containsExactly(2);
        assertThat(target.jdbc().queryForList("SELECT n FROM seen", Integer.class))
                .containsExactly(1);
        assertThat(target.jdbc().queryForList("SELECT evtname FROM pg_event_trigger", String.class))
                .containsExactly("forbid");
    }

    private static Map<String, Object> sequences(TestDatabase database) {
        Map<String, Object> values = new TreeMap<>();
        database.jdbc()
                .queryForList(SEQUENCES)
                .forEach(row -> values.put(String.valueOf(row.get("name")), row.get("value")));
        return values;
    }

    private static List<Map<String, Object>> largeObjects(TestDatabase database) {
        return database.jdbc().queryForList("SELECT oid, md5(lo_get(oid)) FROM pg_largeobject_metadata ORDER BY oid");
    }

    /**
     * Columns, constraints, indexes, triggers, policies and grants of every table, as text. Constraints that PostgreSQL
     * derives for partitions are left out: it numbers their names as it likes.
     */
    private static List<String> definitions(TestDatabase database) {
        return database.jdbc()
                .queryForList(
                        """
                        SELECT x FROM (
                            SELECT format('%s.%s %s %s %s', table_schema, table_name, column_name, data_type, column_default) x
                              FROM information_schema.columns
                            UNION ALL SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) FROM pg_constraint WHERE conparentid = 0
                            UNION ALL SELECT indexdef FROM pg_indexes
                            UNION ALL SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
                            UNION ALL SELECT format('%s %s %s', polrelid::regclass, polname, pg_get_expr(polqual, polrelid)) FROM pg_policy
                            UNION ALL SELECT format('%s %s', oid::regclass, acl) FROM pg_class, unnest(relacl) acl WHERE relkind IN ('r', 'p', 'v', 'm', 'S')
                        ) d WHERE x !~ 'pg_catalog|information_schema|pg_toast' ORDER BY 1""",
                        String.class);
    }
}
