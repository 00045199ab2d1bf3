package dev.bactrian.liverestore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bactrian.restore.RestoreRequest.Option;
import dev.bactrian.restore.steps.RestoreView.Outcome;
import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.Restoring;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import dev.bactrian.testing.stores.TestStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Rows that users wrote into tables of extensions are there before those of all other tables, which may be checked against
 * them, as points are against PostGIS's spatial_ref_sys.
 */
class ExtensionsFirstIT {

    private static final PostgresServer SERVER = PostgresServer.V17;
    private static final String SYSTEMS = "bactrian_test_systems";
    private static final String LAYERS = "bactrian_test_layers";

    private static TestStore store;
    private static TestDatabase source;
    private static String key;

    @BeforeAll
    static void backUp() throws IOException {
        install(
                SYSTEMS,
                "",
                // The larger one refers to the smaller one.
                """
                CREATE TABLE @extschema@.system (id int PRIMARY KEY, name text);
                CREATE TABLE @extschema@.unit (system int REFERENCES @extschema@.system, name text);
                CREATE FUNCTION @extschema@.knows(int) RETURNS boolean LANGUAGE sql STABLE AS
                    'SELECT EXISTS (SELECT FROM @extschema@.system WHERE id = $1)';
                SELECT pg_catalog.pg_extension_config_dump('@extschema@.unit', '');
                SELECT pg_catalog.pg_extension_config_dump('@extschema@.system', '');
                """);
        install(
                LAYERS,
                "requires = '" + SYSTEMS + "'\n",
                """
                CREATE TABLE @extschema@.layer (system int CHECK (geo.knows(system)), name text);
                SELECT pg_catalog.pg_extension_config_dump('@extschema@.layer', '');
                """);
        source = SERVER.createDatabase()
                .run(
                        "CREATE SCHEMA geo",
                        "CREATE EXTENSION " + SYSTEMS + " SCHEMA geo",
                        "CREATE SCHEMA layers",
                        "CREATE EXTENSION " + LAYERS + " SCHEMA layers",
                        "INSERT INTO geo.system VALUES (9000, 'ours')",
                        "INSERT INTO geo.unit SELECT 9000, repeat('unit', 1000) || n FROM generate_series(1, 500) n",
                        "INSERT INTO layers.layer SELECT 9000, repeat('layer', 1000) || n FROM generate_series(1, 1000) n",
                        "CREATE SCHEMA app",
                        "CREATE TABLE app.points (n int PRIMARY KEY, system int CHECK (geo.knows(system)), place text)",
                        "INSERT INTO app.points SELECT n, 9000, repeat('place', 1000) || n FROM generate_series(1, 2000) n");
        store = TestStore.start();
        key = BactrianService.backUp(SERVER, source, store);
    }

    @AfterAll
    static void end() {
        store.close();
    }

    private static void install(String extension, String requires, String script) throws IOException {
        Path folder = Path.of(SERVER.createDatabase()
                        .jdbc()
                        .queryForObject("SELECT setting FROM pg_config WHERE name = 'SHAREDIR'", String.class))
                .resolve("extension");
        Files.writeString(
                folder.resolve(extension + ".control"),
                "default_version = '1.0'\nrelocatable = false\nsuperuser = false\n" + requires);
        Files.writeString(folder.resolve(extension + "--1.0.sql"), script);
    }

    private static Restoring.Result restore(TestDatabase target, String jobs, Option... options) {
        try (Restoring restoring = Restoring.into(target, store, Map.of("BACKUP_PARALLELISM", jobs))) {
            return restoring.run(Restoring.everything(key, options));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "4"})
    void rowsThatAreCheckedAgainstThemAreAllThere(String jobs) {
        TestDatabase target = SERVER.createDatabase();

        Restoring.Result result = restore(target, jobs);

        assertThat(result.outcome()).as(result.told()).isEqualTo(Outcome.SUCCESS);
        assertThat(target.contentDigests()).isEqualTo(source.contentDigests());
    }

    /** Its own triggers belong to the extension; one that somebody added doesn't, and acts on nothing. */
    @Test
    void triggersThatSomebodyAddedToThemDoNotFire() {
        TestDatabase target = SERVER.createDatabase()
                .run(
                        "CREATE SCHEMA geo",
                        "CREATE EXTENSION " + SYSTEMS + " SCHEMA geo",
                        "CREATE SCHEMA layers",
                        "CREATE EXTENSION " + LAYERS + " SCHEMA layers",
                        "CREATE FUNCTION public.spoil() RETURNS trigger LANGUAGE plpgsql AS"
                                + " 'BEGIN NEW.name := ''spoilt''; RETURN NEW; END'",
                        "CREATE TRIGGER spoil BEFORE INSERT ON geo.system FOR EACH ROW EXECUTE FUNCTION public.spoil()",
                        "ALTER TABLE geo.system ENABLE ALWAYS TRIGGER spoil");

        Restoring.Result result = restore(target, "1");

        assertThat(result.outcome()).as(result.told()).isEqualTo(Outcome.SUCCESS);
        assertThat(target.contentDigests()).isEqualTo(source.contentDigests());
        assertThat(target.jdbc()
                        .queryForList("SELECT tgenabled::text FROM pg_trigger WHERE tgname = 'spoil'", String.class))
                .containsExactly("A");
    }

    /** Its own tables empty themselves with it; users' tables that refer to it don't lose a row. */
    @Test
    void rowsOfUsersTablesStayWhereTheExtensionsAreReplaced() {
        TestDatabase target = SERVER.createDatabase();
        assertThat(restore(target, "1").outcome()).isEqualTo(Outcome.SUCCESS);
        target.run(
                "CREATE TABLE app.maps (system int REFERENCES geo.system ON DELETE CASCADE)",
                "INSERT INTO app.maps VALUES (9000)",
                "CREATE RULE others AS ON DELETE TO layers.layer DO ALSO DELETE FROM app.maps",
                "TRUNCATE geo.unit");

        Restoring.Result result = restore(target, "1", Option.DATA_ONLY, Option.TRUNCATE);

        assertThat(result.missing())
                .as(result.told())
                .contains("rows of \"geo\".\"system\"", "rows of \"layers\".\"layer\"");
        assertThat(result.told()).contains("drop that foreign key meanwhile", "DISABLE RULE others");
        assertThat(target.rowCounts()).containsEntry("app.maps", 1L);
    }

    /** A rule is no trigger: what it makes of the rows is seen when they are there. */
    @Test
    void rowsThatARuleChangesAreReported() {
        TestDatabase target = SERVER.createDatabase()
                .run(
                        "CREATE SCHEMA geo",
                        "CREATE EXTENSION " + SYSTEMS + " SCHEMA geo",
                        "CREATE SCHEMA layers",
                        "CREATE EXTENSION " + LAYERS + " SCHEMA layers",
                        "CREATE RULE twice AS ON INSERT TO layers.layer DO INSTEAD NOTHING");

        Restoring.Result result = restore(target, "1");

        assertThat(result.missing()).as(result.told()).containsExactly("rows of \"layers\".\"layer\"");
        assertThat(target.rowCounts()).containsEntry("layers.layer", 0L).containsEntry("app.points", 2000L);
    }
}
