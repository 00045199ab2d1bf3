package dev.bactrian.restore.rows;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bactrian.restore.RestoreRequest;
import dev.bactrian.restore.steps.RestoreView.Outcome;
import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.Restoring;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import dev.bactrian.testing.servers.TestExtension;
import dev.bactrian.testing.stores.TestStore;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What users wrote into an extension's tables comes back; what the extension wrote itself is its own business. */
class ExtensionRowsIT {

    private static final PostgresServer SERVER = PostgresServer.V17;
    private static final String EXTENSION = "bactrian_test";

    private static TestStore store;
    private static String key;

    @BeforeAll
    static void backUp() throws IOException {
        install("1");
        TestDatabase source = SERVER.createDatabase()
                .run(
                        "CREATE SCHEMA jobs",
                        "CREATE EXTENSION " + EXTENSION + " SCHEMA jobs",
                        "INSERT INTO jobs.job (\"Command\", args) VALUES ('vacuum', '{\"a\": 1}'), ('analyze', NULL)",
                        "INSERT INTO jobs.setting VALUES ('mine', 'yes', false)",
                        "UPDATE jobs.version SET n = 99");
        store = TestStore.start();
        key = BactrianService.backUp(SERVER, source, store);
        install("2");
    }

    @AfterAll
    static void end() {
        store.close();
    }

    /** The extension's own rows differ from one of its releases to the next. */
    private static void install(String release) {
        TestExtension.install(
                SERVER,
                EXTENSION,
                """
                CREATE TABLE @extschema@.job (id serial PRIMARY KEY, "Command" text NOT NULL, args json,
                    twice text GENERATED ALWAYS AS ("Command" || "Command") STORED);
                CREATE TABLE @extschema@.setting (name text PRIMARY KEY, value text, built_in boolean);
                CREATE TABLE @extschema@.version (n int);
                INSERT INTO @extschema@.setting VALUES ('release', '%1$s', true);
                INSERT INTO @extschema@.version VALUES (%1$s);
                SELECT pg_catalog.pg_extension_config_dump('@extschema@.job', '');
                SELECT pg_catalog.pg_extension_config_dump('@extschema@.job_id_seq', '');
                SELECT pg_catalog.pg_extension_config_dump('@extschema@.setting', 'WHERE NOT built_in');
                """
                        .formatted(release));
    }

    private static Restoring.Result restore(TestDatabase target, RestoreRequest request) {
        try (Restoring restoring = Restoring.into(target, store)) {
            return restoring.run(request);
        }
    }

    private static void requireRestored(TestDatabase target, Restoring.Result result) {
        assertThat(result.outcome()).as(result.told()).isEqualTo(Outcome.SUCCESS);
        assertThat(rows(
                        target,
                        "SELECT id || \"Command\" || coalesce(args::text, '') || twice FROM jobs.job ORDER BY id"))
                .containsExactly("1vacuum{\"a\": 1}vacuumvacuum", "2analyzeanalyzeanalyze");
        assertThat(rows(target, "SELECT name || value FROM jobs.setting ORDER BY name"))
                .containsExactly("mineyes", "release2");
        assertThat(rows(target, "SELECT n::text FROM jobs.version")).containsExactly("2");
        assertThat(rows(target, "SELECT last_value::text FROM jobs.job_id_seq")).containsExactly("2");
    }

    private static List<String> rows(TestDatabase database, String query) {
        return database.jdbc().queryForList(query, String.class);
    }

    @Test
    void theUsersRowsComeBackWithTheExtension() {
        TestDatabase target = SERVER.createDatabase();

        requireRestored(target, restore(target, Restoring.everything(key)));
    }

    @Test
    void anExtensionThatIsThereGetsThemOnce() {
        TestDatabase target =
                SERVER.createDatabase().run("CREATE SCHEMA jobs", "CREATE EXTENSION " + EXTENSION + " SCHEMA jobs");

        requireRestored(target, restore(target, Restoring.everything(key)));
        requireRestored(target, restore(target, Restoring.everything(key)));

        target.run("UPDATE jobs.job SET \"Command\" = 'other'");
        requireRestored(
                target,
                restore(
                        target,
                        Restoring.everything(key, RestoreRequest.Option.DATA_ONLY, RestoreRequest.Option.TRUNCATE)));
    }

    @Test
    void rowsThatDoNotGoTogetherAreReported() {
        TestDatabase target = SERVER.createDatabase()
                .run(
                        "CREATE SCHEMA jobs",
                        "CREATE EXTENSION " + EXTENSION + " SCHEMA jobs",
                        "INSERT INTO jobs.job VALUES (1, 'other')");

        Restoring.Result result = restore(target, Restoring.everything(key));

        assertThat(result.outcome()).as(result.told()).isEqualTo(Outcome.PARTIAL);
        assertThat(result.missing()).containsExactly("rows of \"jobs\".\"job\"");
        assertThat(rows(target, "SELECT \"Command\" FROM jobs.job")).containsExactly("other");
        assertThat(rows(target, "SELECT name FROM jobs.setting ORDER BY 1")).containsExactly("mine", "release");
    }
}
