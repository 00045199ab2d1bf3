package dev.bactrian.testing.supabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.jdbc.core.JdbcTemplate;

/** The project that tests work with refuses what the platform refuses. */
class SupabaseServerIT {

    @ParameterizedTest
    @EnumSource(
            value = PostgresServer.class,
            names = {"V15", "V17"})
    void peopleAreNoSuperusers(PostgresServer version) {
        try (SupabaseServer server = SupabaseServer.start(version)) {
            TestDatabase project = server.fill(server.project("shop"));
            JdbcTemplate jdbc = project.jdbc();

            assertThat(jdbc.queryForList("SELECT rolname FROM pg_roles WHERE rolsuper", String.class))
                    .isEqualTo(List.of(SupabaseServer.ADMIN));
            assertThat(jdbc.queryForObject(
                            "SELECT count(*) FROM auth.users WHERE email = 'User7@Example.com'"
                                    + " AND encrypted_password = extensions.crypt('password 7', encrypted_password)",
                            Integer.class))
                    .isEqualTo(1);
            assertThat(jdbc.queryForList(
                            "SELECT decrypted_secret FROM vault.decrypted_secrets ORDER BY 1", String.class))
                    .containsExactly("of nobody", "sk_live_of_the_shop");
            for (String refused : List.of(
                    "CREATE EVENT TRIGGER t ON ddl_command_end EXECUTE FUNCTION public.refuse_unprotected_tables()",
                    "DELETE FROM auth.schema_migrations",
                    "ALTER TABLE auth.users ADD COLUMN mine text",
                    "INSERT INTO cron.job (schedule, command) VALUES ('* * * * *', 'SELECT 1')",
                    "INSERT INTO vault.secrets (secret) VALUES ('')",
                    "DELETE FROM storage.objects",
                    "DROP PUBLICATION supabase_realtime_messages_publication")) {
                assertThatThrownBy(() -> SupabaseServer.run(project, refused))
                        .as(refused)
                        .isInstanceOf(IllegalStateException.class);
            }
            TestDatabase older = server.olderProject("older");
            assertThat(older.rowCounts()).doesNotContainKey("auth.one_time_tokens");
        }
    }
}
