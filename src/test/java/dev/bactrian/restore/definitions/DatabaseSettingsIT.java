package dev.bactrian.restore.definitions;

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
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a database itself is and sets: a new one gets it, one that was there only where that is asked for. */
class DatabaseSettingsIT {

    private static final PostgresServer SERVER = PostgresServer.V17;
    private static final String SETTINGS =
            "SELECT coalesce(r.rolname, '') || unnest(s.setconfig) FROM pg_db_role_setting s"
                    + " JOIN pg_database d ON d.oid = s.setdatabase LEFT JOIN pg_roles r ON r.oid = s.setrole"
                    + " WHERE d.datname = current_database() ORDER BY 1";
    private static final String LOCALE =
            "SELECT datlocprovider::text, datcollate, datctype, datlocale FROM pg_database WHERE datname = current_database()";

    private static TestStore store;
    private static TestDatabase source;
    private static String key;

    @BeforeAll
    static void backUp() {
        String name = SERVER.createDatabase().name() + "_builtin";
        new TestDatabase(SERVER.port(), "postgres")
                .run(
                        "DO $$ BEGIN CREATE ROLE ds_clerk; EXCEPTION WHEN duplicate_object THEN NULL; END $$",
                        "DO $$ BEGIN CREATE ROLE ds_low LOGIN CREATEDB PASSWORD 'low'; EXCEPTION WHEN duplicate_object THEN NULL; END $$",
                        "CREATE DATABASE " + name
                                + " TEMPLATE template0 LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8'"
                                + " LC_COLLATE 'C' LC_CTYPE 'C'");
        source = new TestDatabase(SERVER.port(), name)
                .run(
                        "CREATE TABLE t (i int)",
                        "ALTER DATABASE " + name + " SET search_path = \"$user\", \"A,b \"\"c\"",
                        "ALTER DATABASE " + name + " SET app.key = 'topsecret'",
                        "ALTER DATABASE " + name + " SET default_transaction_read_only = on",
                        "ALTER ROLE ds_clerk IN DATABASE " + name + " SET work_mem = '11MB'",
                        "REVOKE CONNECT ON DATABASE " + name + " FROM PUBLIC",
                        "COMMENT ON DATABASE " + name + " IS 'it''s'");
        store = TestStore.start();
        key = BactrianService.backUp(SERVER, source, store);
    }

    @AfterAll
    static void end() {
        store.close();
    }

    private static RestoreRequest intoNew(String name, Option... options) {
        return new RestoreRequest(UUID.randomUUID(), key, "target", name, List.of(), List.of(), null, Set.of(options));
    }

    /** The target's URL is of the source itself, which lets nothing be written by a setting of its own. */
    @Test
    void aNewDatabaseGetsLocaleAndSettings() {
        String name = source.name() + "_new";
        Restoring.Result result;
        try (Restoring restoring = Restoring.into(source, store)) {
            result = restoring.run(intoNew(name));
        }
        TestDatabase target = new TestDatabase(SERVER.port(), name);

        assertThat(result.outcome()).as(result.told()).isEqualTo(Outcome.SUCCESS);
        assertThat(rows(target, SETTINGS)).isEqualTo(rows(source, SETTINGS)).hasSize(4);
        assertThat(rows(target, LOCALE)).isEqualTo(rows(source, LOCALE));
    }

    @Test
    void oneThatWasThereGetsThemWhenThatIsAskedFor() {
        TestDatabase target = SERVER.createDatabase();
        Restoring.Result listed;
        Restoring.Result applied;
        try (Restoring restoring = Restoring.into(target, store)) {
            listed = restoring.run(Restoring.everything(key, Option.DRY_RUN));
            assertThat(rows(target, SETTINGS)).isEmpty();
            applied = restoring.run(Restoring.everything(key, Option.DATABASE_SETTINGS));
        }

        assertThat(listed.told())
                .contains("SET \"search_path\" TO '$user', 'A,b \"c'", "REVOKE CONNECT", "IS 'it''s'", "IN DATABASE")
                .contains("SET \"app.key\" TO '***'")
                .contains("a different locale")
                .doesNotContain("topsecret");
        assertThat(applied.outcome()).as(applied.told()).isEqualTo(Outcome.SUCCESS);
        assertThat(rows(target, SETTINGS)).isEqualTo(rows(source, SETTINGS));
        assertThat(rows(target, "SELECT has_database_privilege('ds_low', current_database(), 'CONNECT')"))
                .containsExactly(Map.of("has_database_privilege", false));
    }

    @Test
    void whatTheRoleMayNotIsNamedWithoutSecrets() {
        TestDatabase server = new TestDatabase(SERVER.port(), "postgres");
        String name = source.name() + "_low";
        Restoring.Result result;
        try (Restoring restoring =
                Restoring.into(server, store, Map.of("DATABASE_URL_TARGET", server.url("ds_low", "low")))) {
            result = restoring.run(intoNew(name, Option.SKIP_ROLES));
        }

        assertThat(result.outcome()).as(result.told()).isEqualTo(Outcome.PARTIAL);
        assertThat(result.missing())
                .contains("owner of the database", "setting work_mem of role ds_clerk in the database");
        assertThat(result.told()).doesNotContain("topsecret");
    }

    private static List<Map<String, Object>> rows(TestDatabase database, String query) {
        return database.jdbc().queryForList(query);
    }
}
