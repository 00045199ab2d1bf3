package dev.bactrian.restore;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The names that belong to a Supabase project's platform. */
class PlatformTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "anon",
                "authenticated",
                "authenticator",
                "service_role",
                "dashboard_user",
                "pgbouncer",
                "postgres",
                "supabase_admin",
                "supabase_anything_new",
                "cli_login_postgres",
                "pgsodium_keyholder",
                "pgsodium_keyiduser",
                "pgsodium_keymaker",
                "pgtle_admin",
                "pg_monitor",
            })
    void rolesOfThePlatform(String name) {
        assertThat(Platform.role(name)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "app", "anon2", "my_anon", "Anon", "supabase", "my supabase_admin", "a\nanon", "pgx", "login"
            })
    void rolesOfAPerson(String name) {
        assertThat(Platform.role(name)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "auth",
                "storage",
                "realtime",
                "_realtime",
                "supabase_functions",
                "supabase_migrations",
                "extensions",
                "graphql",
                "graphql_public",
                "pgbouncer",
                "pgsodium",
                "pgsodium_masks",
                "vault",
                "net",
                "cron",
                "_analytics",
                "pgtle",
                "_supavisor",
                "tiger",
                "topology",
                "_timescaledb_internal",
                "pg_catalog",
            })
    void schemasOfThePlatform(String name) {
        assertThat(Platform.managedSchema(name)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "public", "app", "auth2", "Auth", "my.auth", "auth\n", "private", "network"})
    void schemasOfAPerson(String name) {
        assertThat(Platform.managedSchema(name)).isFalse();
    }

    @Test
    void tablesOfThePlatformsOwnState() {
        assertThat(Platform.leftAlone("storage", "buckets_vectors")).isTrue();
        assertThat(Platform.leftAlone("storage", "vector_indexes")).isTrue();
        assertThat(Platform.leftAlone("storage", "migrations")).isTrue();
        assertThat(Platform.leftAlone("auth", "schema_migrations")).isTrue();
        assertThat(Platform.leftAlone("supabase_functions", "migrations")).isTrue();

        assertThat(Platform.leftAlone("auth", "users")).isFalse();
        assertThat(Platform.leftAlone("storage", "objects")).isFalse();
        assertThat(Platform.leftAlone("public", "schema_migrations")).isFalse();
        assertThat(Platform.leftAlone("auth", "migrations")).isFalse();
    }
}
