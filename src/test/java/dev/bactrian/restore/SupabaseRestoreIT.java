package dev.bactrian.restore;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.bactrian.restore.steps.RestoreView.Outcome;
import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.EveryKind;
import dev.bactrian.testing.Restoring;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import dev.bactrian.testing.stores.TestStore;
import dev.bactrian.testing.supabase.SupabaseServer;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** One Supabase project comes back in another, as the role that people have there, which is no superuser. */
class SupabaseRestoreIT {

    private static SupabaseServer server;
    private static TestStore store;
    private static TestDatabase source;
    private static String key;

    @BeforeAll
    static void backUp() {
        server = SupabaseServer.start();
        server.allowReplicaRole(true);
        store = TestStore.start();
        source = server.project("shop");
        source.run(
                "CREATE EXTENSION citext SCHEMA extensions",
                "SET ROLE " + SupabaseServer.OWNER,
                // What users keep in a schema of the platform's that is theirs to write to.
                "CREATE FUNCTION extensions.squash(t text, n integer) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT lower(t)'",
                "COMMENT ON FUNCTION extensions.squash(text, integer) IS 'of a user'",
                "CREATE TYPE extensions.colour AS ENUM ('red')",
                "CREATE VIEW extensions.seen AS SELECT 1 AS i",
                "CREATE SEQUENCE extensions.numbers",
                "CREATE ROLE shop_reader",
                "GRANT CREATE ON SCHEMA public TO shop_reader",
                "CREATE TABLE public.profiles (id uuid PRIMARY KEY REFERENCES auth.users ON DELETE CASCADE, email text)",
                "CREATE FUNCTION public.handle_new_user() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS"
                        + " 'BEGIN INSERT INTO public.profiles VALUES (NEW.id, NEW.email); RETURN NEW; END'",
                "CREATE TRIGGER on_auth_user_created AFTER INSERT ON auth.users FOR EACH ROW EXECUTE FUNCTION public.handle_new_user()",
                "INSERT INTO auth.users (id, email) SELECT md5(n::text)::uuid, 'u' || n || '@example.com' FROM generate_series(1, 40) n",
                // More bytes than the users: the largest table first would be the wrong order.
                "INSERT INTO auth.identities (provider_id, provider, id, user_id, identity_data) SELECT n, 'email', md5(n::text)::uuid, md5(n::text)::uuid, jsonb_build_object('of', repeat('x', 200)) FROM generate_series(1, 40) n",
                "INSERT INTO auth.refresh_tokens (token, user_id) SELECT repeat(md5(n::text), 7), md5(n::text)::uuid FROM generate_series(1, 40) n",
                "INSERT INTO storage.buckets (id, name) VALUES ('avatars', 'avatars')",
                "INSERT INTO storage.objects (bucket_id, name) SELECT 'avatars', repeat('long', 50) || n FROM generate_series(1, 30) n",
                "CREATE POLICY avatars_are_public ON storage.objects FOR SELECT TO anon USING (bucket_id = 'avatars')",
                "ALTER TABLE public.profiles ENABLE ROW LEVEL SECURITY",
                "CREATE POLICY own ON public.profiles TO authenticated USING (auth.uid() = id)",
                "GRANT SELECT ON public.profiles TO authenticated",
                "CREATE TABLE public.notes (id serial PRIMARY KEY, author uuid REFERENCES auth.users, text extensions.citext)",
                "INSERT INTO public.notes (author, text) SELECT md5(n::text)::uuid, 'note ' || n FROM generate_series(1, 40) n",
                "CREATE TRIGGER tell_warehouse AFTER INSERT ON public.notes FOR EACH ROW EXECUTE FUNCTION"
                        + " supabase_functions.http_request('https://example.com', 'POST', '{\"key\": \"hush\"}', '{}', '1000')",
                "ALTER PUBLICATION supabase_realtime ADD TABLE public.notes");
        try (BactrianService service = BactrianService.start(
                Map.of(
                        "DATABASE_URL",
                        SupabaseServer.url(source),
                        "PG_BIN",
                        PostgresServer.V17.client().toString()),
                PostgresServer.V17.createDatabase(),
                store)) {
            JsonNode row = service.goodBackUp();
            key = row.path("s3_key").asText();
        }
    }

    @AfterAll
    static void end() {
        store.close();
        server.close();
    }

    private static Restoring.Result restore(TestDatabase target, RestoreRequest.Option... options) {
        try (Restoring restoring =
                Restoring.into(target, store, Map.of("DATABASE_URL_TARGET", SupabaseServer.url(target)))) {
            return restoring.run(Restoring.everything(key, options));
        }
    }

    private static List<String> differences(TestDatabase target) {
        return EveryKind.differences(
                EveryKind.definitions(PostgresServer.V17, source, List.of()),
                EveryKind.definitions(PostgresServer.V17, target, List.of()));
    }

    /** What a restore must bring, and what it must leave as the platform of the target has it. */
    private static Map<String, Long> expected(TestDatabase untouched) {
        Map<String, Long> expected = new TreeMap<>(source.contentDigests());
        for (String own : List.of(
                "auth.schema_migrations",
                "storage.migrations",
                "realtime.schema_migrations",
                "supabase_functions.migrations")) {
            expected.put(own, untouched.contentDigests().get(own));
        }
        return expected;
    }

    @Test
    void aProjectComesBackInANewOneWithoutNoise() {
        server.allowReplicaRole(true);
        TestDatabase target = server.project("whole");
        Map<String, Long> expected = expected(target);

        Restoring.Result result = restore(target);

        assertThat(result.outcome()).as(result.told()).isEqualTo(Outcome.SUCCESS);
        assertThat(result.run().getReport().getNotes())
                .allMatch(note -> note.startsWith("Roles that existed already")
                        || note.startsWith("The archive has rows of storage.objects, but not the files"));
        assertThat(target.contentDigests()).isEqualTo(expected);
        assertThat(differences(target)).isEmpty();
        assertThat(target.jdbc().queryForObject("SELECT nextval('auth.refresh_tokens_id_seq')", Integer.class))
                .isEqualTo(41);
        target.run("INSERT INTO auth.users (id, email) VALUES (gen_random_uuid(), 'new@example.com')");
        assertThat(target.rowCounts().get("public.profiles")).isEqualTo(41);
    }

    @Test
    void rolesThatTheSavedProjectHadShutOutAreNamed() {
        server.allowReplicaRole(true);
        TestDatabase shut = server.project("shut");
        shut.run("REVOKE ALL ON SCHEMA public FROM PUBLIC, anon, authenticated");
        TestDatabase target = server.project("open");
        String saved;
        try (BactrianService service = BactrianService.start(
                Map.of(
                        "DATABASE_URL",
                        SupabaseServer.url(shut),
                        "PG_BIN",
                        PostgresServer.V17.client().toString()),
                PostgresServer.V17.createDatabase(),
                store)) {
            saved = service.goodBackUp().path("s3_key").asText();
        }

        Restoring.Result result;
        try (Restoring restoring =
                Restoring.into(target, store, Map.of("DATABASE_URL_TARGET", SupabaseServer.url(target)))) {
            result = restoring.run(Restoring.everything(saved));
        }

        assertThat(result.run().getReport().getNotApplied())
                .as(result.told())
                .singleElement()
                .satisfies(part -> assertThat(part.sql())
                        .startsWith("REVOKE ALL ON SCHEMA public FROM ")
                        .contains("\"anon\"", "\"authenticated\""));
        assertThat(result.outcome()).isEqualTo(Outcome.PARTIAL);
    }

    @Test
    void rowsComeInTheOrderOfTheirForeignKeysWhereTriggersCannotBeLeftOut() {
        server.allowReplicaRole(false);
        TestDatabase target = server.project("ordered");
        Map<String, Long> expected = expected(target);

        Restoring.Result result = restore(target);

        assertThat(result.outcome()).as(result.told()).isEqualTo(Outcome.SUCCESS);
        assertThat(result.run().getReport().getNotes())
                .filteredOn(note -> note.contains("session_replication_role"))
                .hasSize(1);
        assertThat(target.contentDigests()).isEqualTo(expected);
        assertThat(differences(target)).isEmpty();
    }

    @Test
    void whatThePlatformKeepsForItselfIsListedWithSql() {
        server.allowReplicaRole(true);
        TestDatabase target = server.project("refusing")
                .run(
                        "ALTER PUBLICATION supabase_realtime OWNER TO supabase_admin",
                        "ALTER SCHEMA public OWNER TO supabase_admin",
                        "GRANT ALL ON SCHEMA public TO " + SupabaseServer.OWNER,
                        "REVOKE TRIGGER ON auth.users FROM " + SupabaseServer.OWNER,
                        "INSERT INTO auth.refresh_tokens (token) VALUES ('of the target')");

        Restoring.Result result = restore(target);

        assertThat(result.outcome()).as(result.told()).isEqualTo(Outcome.PARTIAL);
        assertThat(result.missing())
                .as(result.told())
                .containsExactlyInAnyOrder(
                        "rows of \"auth\".\"refresh_tokens\"",
                        "TRIGGER auth.users on_auth_user_created",
                        "PUBLICATION TABLE public.supabase_realtime notes",
                        "ACL SCHEMA public");
        assertThat(result.run().getReport().getNotApplied()).allSatisfy(part -> assertThat(part.sql() + part.reason())
                .containsAnyOf("CREATE ", "ALTER ", "SELECT ", "--data-only --truncate --table auth.refresh_tokens"));
        assertThat(target.rowCounts())
                .containsEntry("auth.refresh_tokens", 1L)
                .containsEntry("storage.objects", 30L)
                .containsEntry("auth.users", 40L);

        // A person runs it as somebody who may.
        result.run().getReport().getNotApplied().stream()
                .filter(part -> part.sql() != null)
                .forEach(part -> target.run(part.sql()));
        target.run(
                "ALTER PUBLICATION supabase_realtime OWNER TO " + SupabaseServer.OWNER,
                "ALTER SCHEMA public OWNER TO pg_database_owner",
                "REVOKE CREATE ON SCHEMA public FROM " + SupabaseServer.OWNER,
                "GRANT TRIGGER ON auth.users TO " + SupabaseServer.OWNER);
        assertThat(differences(target)).isEmpty();

        Restoring.Result rest;
        try (Restoring restoring =
                Restoring.into(target, store, Map.of("DATABASE_URL_TARGET", SupabaseServer.url(target)))) {
            rest = restoring.run(Restoring.tables(
                    key,
                    List.of("auth.refresh_tokens"),
                    RestoreRequest.Option.DATA_ONLY,
                    RestoreRequest.Option.TRUNCATE));
        }
        assertThat(rest.outcome()).as(rest.told()).isEqualTo(Outcome.SUCCESS);
        assertThat(target.contentDigests().get("auth.refresh_tokens"))
                .isEqualTo(source.contentDigests().get("auth.refresh_tokens"));
    }

    @Test
    void aProjectWithoutWebhooksIsNotGivenTheirSchema() {
        server.allowReplicaRole(true);
        TestDatabase target = server.project("unhooked").run("DROP SCHEMA supabase_functions CASCADE");

        Restoring.Result result = restore(target);

        assertThat(result.missing()).as(result.told()).containsExactly("TRIGGER public.notes tell_warehouse");
        assertThat(result.told()).contains("enable them in its dashboard").doesNotContain("hush");
        assertThat(target.jdbc().queryForList("SELECT nspname FROM pg_namespace", String.class))
                .contains("auth")
                .doesNotContain("supabase_functions");
    }
}
