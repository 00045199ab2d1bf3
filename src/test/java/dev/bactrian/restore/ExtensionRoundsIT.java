package dev.bactrian.restore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bactrian.restore.steps.RestoreView.Outcome;
import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.Restoring;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import dev.bactrian.testing.servers.TestExtension;
import dev.bactrian.testing.stores.TestStore;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tables of an extension that refer to each other, or to other tables, by keys and by functions that no catalog tells of. */
class ExtensionRoundsIT {

    private static final PostgresServer SERVER = PostgresServer.V17;

    private static TestStore store;
    private static TestDatabase target;
    private static Restoring.Result result;

    @BeforeAll
    static void restore() {
        TestExtension.install(
                SERVER,
                "bactrian_circle",
                """
                CREATE TABLE @extschema@.a (id int PRIMARY KEY, b int);
                CREATE TABLE @extschema@.b (id int PRIMARY KEY, a int REFERENCES @extschema@.a);
                ALTER TABLE @extschema@.a ADD FOREIGN KEY (b) REFERENCES @extschema@.b;
                CREATE TABLE @extschema@.last (id int PRIMARY KEY);
                CREATE FUNCTION @extschema@.is_last(int) RETURNS bool LANGUAGE plpgsql
                    AS 'BEGIN RETURN EXISTS (SELECT FROM @extschema@.last WHERE id = $1); END';
                CREATE TABLE @extschema@.first (id int CHECK (@extschema@.is_last(id)));
                CREATE FUNCTION @extschema@.is_user(int) RETURNS bool LANGUAGE plpgsql
                    AS 'BEGIN RETURN EXISTS (SELECT FROM public.users WHERE id = $1); END';
                CREATE TABLE @extschema@.of_users (id int CHECK (@extschema@.is_user(id)));
                SELECT pg_catalog.pg_extension_config_dump('@extschema@.a', '');
                SELECT pg_catalog.pg_extension_config_dump('@extschema@.b', '');
                SELECT pg_catalog.pg_extension_config_dump('@extschema@.first', '');
                SELECT pg_catalog.pg_extension_config_dump('@extschema@.last', '');
                SELECT pg_catalog.pg_extension_config_dump('@extschema@.of_users', '');
                """);
        TestDatabase source = SERVER.createDatabase()
                .run(
                        "CREATE SCHEMA circle",
                        "CREATE EXTENSION bactrian_circle SCHEMA circle",
                        "CREATE TABLE public.users (id int PRIMARY KEY)",
                        "INSERT INTO public.users VALUES (1)",
                        "INSERT INTO circle.a VALUES (1), (2)",
                        "INSERT INTO circle.b VALUES (1, 1), (2, 2)",
                        "UPDATE circle.a SET b = 3 - id",
                        "INSERT INTO circle.last VALUES (7)",
                        "INSERT INTO circle.first VALUES (7)",
                        "INSERT INTO circle.of_users VALUES (1)",
                        "CREATE TABLE public.checked (id int CHECK (circle.is_last(id)))",
                        "INSERT INTO public.checked VALUES (7)");
        store = TestStore.start();
        target = SERVER.createDatabase();
        try (BactrianService service = BactrianService.start(SERVER.settings(source), SERVER.createDatabase(), store);
                Restoring restoring = Restoring.into(target, store)) {
            result = restoring.run(
                    Restoring.everything(service.goodBackUp().path("s3_key").asText()));
        }
    }

    @AfterAll
    static void end() {
        store.close();
    }

    @Test
    void nothingIsMissing() {
        assertThat(result.outcome()).as(result.told()).isEqualTo(Outcome.SUCCESS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"circle.a", "circle.b", "circle.first", "circle.last", "circle.of_users", "public.checked"})
    void itsRowsAreThere(String table) {
        assertThat(target.jdbc().queryForObject("SELECT count(*) > 0 FROM " + table, Boolean.class))
                .isTrue();
    }

    @Test
    void foreignKeysCheckAsBefore() {
        assertThat(target.jdbc()
                        .queryForObject("SELECT count(*) FROM pg_trigger WHERE tgenabled <> 'O'", Integer.class))
                .isZero();
    }
}
