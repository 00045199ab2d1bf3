package dev.bactrian.supabase.auth;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import dev.bactrian.archive.EntryNames;
import dev.bactrian.restore.steps.RestoreView.Outcome;
import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.Importing;
import dev.bactrian.testing.Restoring;
import dev.bactrian.testing.Run;
import dev.bactrian.testing.TemporaryFiles;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import dev.bactrian.testing.stores.TestStore;
import dev.bactrian.testing.supabase.SupabaseServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** A project's users go into a file of the backup, and from there into another project. */
class AuthUsersIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Map<PostgresServer, SupabaseServer> SERVERS = new HashMap<>();
    private static TestStore store;

    /** Everything in the three tables but secrets of flows under way, which come back as empty texts. */
    private static final Map<String, String> ROWS = Map.of(
            "users",
            "SELECT (to_jsonb(u) - '{confirmation_token,recovery_token,email_change_token_new,email_change_token_current,"
                    + "phone_change_token,reauthentication_token,new_token,phone_change,email_change}'::text[])::text || coalesce(u.email_change, '') || coalesce(u.phone_change, '')"
                    + " FROM auth.users u ORDER BY id",
            "identities",
            "SELECT to_jsonb(i)::text FROM auth.identities i ORDER BY user_id, provider_id",
            "mfa_factors",
            "SELECT to_jsonb(f)::text FROM auth.mfa_factors f ORDER BY id");

    private static final String SECRET = "secret-of-a-flow";

    @BeforeAll
    static void start() {
        store = TestStore.start();
    }

    @AfterAll
    static void end() {
        SERVERS.values().forEach(SupabaseServer::close);
        store.close();
    }

    private static SupabaseServer server(PostgresServer version) {
        return SERVERS.computeIfAbsent(version, SupabaseServer::start);
    }

    /** A project with every kind of user, of an auth service that is newer than this test. */
    private static TestDatabase shop(SupabaseServer server, String name) {
        TestDatabase project = server.fill(server.project(name));
        newer(project);
        return project.run(
                // Whoever is in the middle of something.
                "UPDATE auth.users SET confirmation_token = '" + SECRET + "', recovery_token = '" + SECRET
                        + "2', email_change = 'new@example.com', email_change_token_new = '" + SECRET
                        + "3', email_change_token_current = '" + SECRET + "4', phone_change_token = '" + SECRET
                        + "5', reauthentication_token = '" + SECRET + "6', email_change_confirm_status = 1,"
                        + " phone_change = NULL, new_token = '" + SECRET
                        + "7', labels = '{a,\"b \\\\ \\\"c\\\"\",NULL}'"
                        + " WHERE id = md5('user 1')::uuid",
                // Metadata: large, of odd characters and numbers, no object at all; and a ban without an end.
                "UPDATE auth.users SET raw_user_meta_data = jsonb_build_object('big', repeat('ü', 300000), 'n', 1.10,"
                        + " 'm', 12345678901234567890123, 'e', 1e-30, 'text', E'\\\\N\\n\\t\\\\\"\\u2028😀'),"
                        + " banned_until = 'infinity' WHERE id = md5('user 2')::uuid",
                "UPDATE auth.users SET raw_user_meta_data = 'null', raw_app_meta_data = NULL WHERE id = md5('user 3')::uuid",
                // By SSO: the same address as somebody else's.
                "INSERT INTO auth.users (instance_id, id, aud, role, email, is_sso_user, created_at, updated_at,"
                        + " encrypted_password) SELECT instance_id, md5('sso')::uuid, aud, role, email, true, created_at,"
                        + " updated_at, NULL FROM auth.users WHERE id = md5('user 4')::uuid",
                "INSERT INTO auth.identities (provider_id, user_id, identity_data, provider, created_at, updated_at) VALUES ('nobody@corp', md5('sso')::uuid,"
                        + " '{\"email\": \"Nobody@Corp.example\"}', 'sso:21648a9d-8d5a-4555-a9d1-d6375dc14e92', now(), now())",
                // The auth service can't read a user without it, so that an import sets it.
                "UPDATE auth.users SET updated_at = created_at WHERE updated_at IS NULL",
                "INSERT INTO auth.mfa_factors VALUES (md5('key')::uuid, md5('user 1')::uuid, NULL, 'webauthn', 'unverified',"
                        + " now(), now(), NULL, NULL, now(), '{\"id\": \"abc\"}', md5('aaguid')::uuid, NULL)");
    }

    /** Columns that nobody has heard of yet. */
    private static void newer(TestDatabase project) {
        project.run("ALTER TABLE auth.users ADD labels text[], ADD new_token text, ADD sort_key int DEFAULT 7");
    }

    private static Path backUp(TestDatabase project, Map<String, String> own, String request) {
        Map<String, String> settings = new HashMap<>(own);
        settings.put("DATABASE_URL", SupabaseServer.url(project));
        settings.put("PG_BIN", PostgresServer.V17.client().toString());
        try (BactrianService service = BactrianService.start(settings, PostgresServer.V17.createDatabase(), store)) {
            JsonNode row = service.awaitEnd(service.request(request));
            assertThat(row.path("status").asText()).as(row.toString()).isEqualTo("success");
            return store.download(row.path("s3_key").asText());
        }
    }

    private static String text(Path archive, String entry) {
        try (ZipFile zip = new ZipFile(archive.toFile());
                InputStream in = zip.getInputStream(zip.getEntry(entry))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> entries(Path archive) {
        try (ZipFile zip = new ZipFile(archive.toFile())) {
            return zip.stream().map(entry -> entry.getName()).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path file(String text) {
        try {
            return Files.writeString(TemporaryFiles.file("users", ".json"), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, List<String>> rows(TestDatabase project) {
        Map<String, List<String>> rows = new HashMap<>();
        ROWS.forEach((table, query) -> rows.put(table, project.jdbc().queryForList(query, String.class)));
        return rows;
    }

    private static void assertSameRows(TestDatabase target, TestDatabase source) {
        Map<String, List<String>> expected = rows(source);
        rows(target).forEach((table, rows) -> {
            assertThat(rows).hasSameSizeAs(expected.get(table));
            for (int i = 0; i < rows.size(); i++) {
                assertThat(rows.get(i).equals(expected.get(table).get(i)))
                        .as(
                                "%s: %.1500s%nsaved: %.1500s",
                                table, rows.get(i), expected.get(table).get(i))
                        .isTrue();
            }
        });
    }

    @ParameterizedTest
    @EnumSource(names = {"V15", "V17"})
    void everyUserComesBackInAnEmptyProject(PostgresServer version) {
        SupabaseServer server = server(version);
        TestDatabase source = shop(server, "shop");
        Path archive = backUp(source, Map.of(), "{}");
        String users = text(archive, EntryNames.USERS);
        JsonNode tree = json(users);

        assertThat(tree).hasSize(42);
        assertThat(users.lines()).hasSize(44);
        assertThat(users).doesNotContain(SECRET, "instance_id");
        JsonNode schema = json(text(archive, EntryNames.USERS_SCHEMA));
        assertThat(JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                        .getSchema(
                                schema,
                                SchemaValidatorsConfig.builder()
                                        .formatAssertionsEnabled(true)
                                        .build())
                        .validate(tree))
                .isEmpty();
        JsonNode manifest = json(text(archive, EntryNames.MANIFEST));
        assertThat(manifest.findPath("auth").path("users").asInt()).isEqualTo(42);
        assertThat(manifest.path("files").has(EntryNames.USERS)).isTrue();
        assertThat(text(archive, "README.txt")).contains("auth/users.json");

        TestDatabase target = server.project("rescue");
        newer(target);
        target.run(
                "CREATE TABLE public.profiles (id uuid, email text)",
                "CREATE FUNCTION public.handle_new_user() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS"
                        + " 'BEGIN INSERT INTO public.profiles VALUES (NEW.id, NEW.email); RETURN NEW; END'",
                "CREATE TRIGGER on_auth_user_created AFTER INSERT ON auth.users FOR EACH ROW EXECUTE FUNCTION public.handle_new_user()");
        Restoring.Result result = Importing.users(file(users).toString(), target, store, false);

        assertThat(result.outcome()).as(result.told()).isEqualTo(Outcome.SUCCESS);
        assertSameRows(target, source);
        assertThat(target.jdbc()
                        .queryForObject(
                                "SELECT encrypted_password = extensions.crypt('password 7', encrypted_password)"
                                        + " FROM auth.users WHERE id = md5('user 7')::uuid",
                                Boolean.class))
                .isTrue();
        assertThat(target.rowCounts()).containsEntry("public.profiles", 0L);
        // The auth service reads these into texts that can't be NULL.
        assertThat(target.jdbc()
                        .queryForObject(
                                "SELECT count(*) FROM auth.users WHERE (confirmation_token, recovery_token,"
                                        + " email_change_token_new, email_change_token_current, phone_change_token,"
                                        + " reauthentication_token, new_token, phone_change) = ('', '', '', '', '', '', '', '')",
                                Long.class))
                .isEqualTo(42);
    }

    @Test
    void anOlderProjectsUsersComeBackInANewOne() {
        SupabaseServer server = server(PostgresServer.V17);
        TestDatabase source = server.olderProject("old");
        // As it was before November 2023, and before there was a second factor.
        source.run(
                "ALTER TABLE auth.identities DROP COLUMN id",
                "ALTER TABLE auth.identities RENAME provider_id TO id",
                "DROP TABLE auth.mfa_factors CASCADE",
                "INSERT INTO auth.users (instance_id, id, aud, role, email, created_at, updated_at) SELECT '00000000-0000-0000-0000-000000000000', md5(n::text)::uuid, 'authenticated', 'authenticated', 'u' || n || '@example.com', now(), now() FROM generate_series(1, 3) n",
                "INSERT INTO auth.identities (id, user_id, identity_data, provider, created_at) SELECT 'p-' || id, id, '{}', 'google', created_at FROM auth.users");
        Path archive = backUp(source, Map.of(), "{}");
        JsonNode user = json(text(archive, EntryNames.USERS)).get(0);
        assertThat(user.has("is_anonymous")).isFalse();
        assertThat(user.has("factors")).isFalse();
        assertThat(user.at("/identities/0/id").asText())
                .isEqualTo("p-" + user.path("id").asText());
        assertThat(user.path("identities").get(0).has("identity_id")).isFalse();

        // The archive is as good as the file.
        TestDatabase target = server.project("young");
        Restoring.Result result = Importing.users(archive.toString(), target, store, false);

        assertThat(result.outcome()).as(result.told()).isEqualTo(Outcome.SUCCESS);
        assertThat(target.jdbc()
                        .queryForList(
                                "SELECT u.email || ' ' || i.provider_id || ' ' || u.is_anonymous || ' ' || (i.id IS NOT NULL)"
                                        + " FROM auth.users u JOIN auth.identities i ON i.user_id = u.id ORDER BY 1",
                                String.class))
                .containsExactlyElementsOf(source.jdbc()
                        .queryForList(
                                "SELECT email || ' p-' || id || ' false true' FROM auth.users ORDER BY 1",
                                String.class));
    }

    @Test
    void whatAnOlderTargetHasNoPlaceForIsListed() {
        SupabaseServer server = server(PostgresServer.V17);
        TestDatabase target = server.olderProject("behind");
        target.run("DROP TABLE auth.mfa_factors CASCADE");
        Path users = file(
                """
                [
                {"id": "A0000000-0000-0000-0000-000000000001", "email": "a@example.com", "is_anonymous": true,
                 "identities": [{"id": "1", "provider": "email", "identity_data": {}, "shape": "round"}],
                 "factors": [{"id": "b0000000-0000-0000-0000-000000000001", "factor_type": "totp", "status": "verified"}]},
                {"id": "a0000000-0000-0000-0000-000000000002", "phone": "4930123", "is_anonymous": false, "identities": null}
                ]
                """);

        Restoring.Result result = Importing.users(users.toString(), target, store, false);

        assertThat(result.outcome()).as(result.told()).isEqualTo(Outcome.PARTIAL);
        assertThat(result.missing())
                .containsExactly(
                        "\"is_anonymous\" of 2 rows of auth.users",
                        "\"shape\" of 1 row of auth.identities",
                        "1 row of auth.mfa_factors");
        assertThat(target.jdbc()
                        .queryForList(
                                "SELECT aud || ' ' || role || ' ' || instance_id || ' ' || (created_at IS NOT NULL) || confirmation_token FROM auth.users",
                                String.class))
                .hasSize(2)
                .containsOnly("authenticated authenticated 00000000-0000-0000-0000-000000000000 true");
    }

    @Test
    void usersThatAreThereAreRefusedOrLeftAsTheyAre() {
        SupabaseServer server = server(PostgresServer.V17);
        TestDatabase target = server.project("taken");
        target.run(
                "INSERT INTO auth.users (id, email, phone) VALUES (md5('1')::uuid, 'one@example.com', '1'), (md5('2')::uuid, 'two@example.com', '2')",
                "INSERT INTO auth.users (id, email, is_sso_user) VALUES (md5('3')::uuid, 'three@example.com', true)");
        Path users = file(target.jdbc()
                .queryForObject(
                        "SELECT jsonb_agg(u) FROM (SELECT md5('1')::uuid AS id, 'other@example.com' AS email"
                                + " UNION ALL SELECT md5('x')::uuid, 'two@example.com' UNION ALL SELECT md5('y')::uuid, 'three@example.com') u",
                        String.class));

        Restoring.Result refused = Importing.users(users.toString(), target, store, false);
        assertThat(refused.problem().text()).contains(" has 3 users already. Nothing was changed. ", "--skip-existing");

        Restoring.Result result = Importing.users(users.toString(), target, store, true);
        assertThat(result.outcome()).as(result.told()).isEqualTo(Outcome.SUCCESS);
        assertThat(result.told()).contains("2 users existed already and stayed as they were.");
        assertThat(target.jdbc().queryForList("SELECT email FROM auth.users ORDER BY email", String.class))
                .containsExactly("one@example.com", "three@example.com", "three@example.com", "two@example.com");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            {"users": []} | Line 1 isn't the beginning of an array.
            [{"id": "ID"},;{"id": "ID2" "email"}] | Line 2 isn't JSON, at column
            [{"id": "ID"},;{"id": "ID2"}; | Line 3 is the last one: the file ends in the middle.
            [{"id": "ID", "email": "HASH | Line 1 is the last one: the file ends in the middle.
            [{"id": "ID"},;7] | Line 2 has no user, which is an object.
            [{"id": "ID"},;{"id": 7}] | The user of line 2 has no id, or one that isn't a UUID.
            [{"id": "ID"}];x | Line 2 isn't JSON
            [{"id": "ID", "identities": {}}] | The identities of the user of line 1 aren't an array.
            [{"id": "ID"},;;{"id": "ID"}] | The user of line 3 (ID) doesn't fit into auth.users: duplicate key value violates unique constraint "users_pkey": Key (id)=(ID) already exists.
            [{"id": "ID"},;{"id": "ID2", "created_at": "HASH"}] | The user of line 2 (ID2) doesn't fit into auth.users: column created_at, invalid input syntax for type timestamp with time zone
            [{"id": "ID", "email": {"a": 1}}] | The user of line 1 (ID) doesn't fit into auth.users: column email, it is no single value.
            [{"id": "ID", "encrypted_password": "LONG"}] | column encrypted_password, value too long for type character varying(255).
            [{"id": "ID", "id": "ID2"}] | Line 1 isn't JSON
            """)
    void aFileThatIsNoneOfUsersIsRefusedWithItsLine(String text, String message) {
        TestDatabase target = refusing();
        Path users = file(text.replaceAll("\\bID2\\b", "a0000000-0000-0000-0000-000000000002")
                .replaceAll("\\bID\\b", "a0000000-0000-0000-0000-000000000001")
                .replace("LONG", "HASH".repeat(100))
                .replace(";", "\n"));

        Restoring.Result result = Importing.users(users.toString(), target, store, false);

        assertThat(result.problem().text())
                .contains(message.replaceAll("\\bID2\\b", "a0000000-0000-0000-0000-000000000002")
                        .replaceAll("\\bID\\b", "a0000000-0000-0000-0000-000000000001"))
                .contains("Nothing was changed.")
                .doesNotContain("HASHHASH");
        assertThat(target.rowCounts()).containsEntry("auth.users", 0L);
    }

    private static TestDatabase refusing() {
        SupabaseServer server = server(PostgresServer.V17);
        boolean there = server.superuser()
                .jdbc()
                .queryForObject("SELECT EXISTS (SELECT FROM pg_database WHERE datname = 'refusing')", Boolean.class);
        return there
                ? new TestDatabase(server.superuser().port(), "refusing", SupabaseServer.ADMIN)
                : server.project("refusing");
    }

    @Test
    void aBackupWithoutThemHasNoFile() {
        SupabaseServer server = server(PostgresServer.V17);
        TestDatabase source = server.project("bare");
        source.run("INSERT INTO auth.users (id) VALUES (md5('1')::uuid)");

        assertThat(entries(backUp(source, Map.of("BACKUP_AUTH_USERS", "false"), "{}")))
                .noneMatch(entry -> entry.startsWith("auth/"));
        Path without = backUp(source, Map.of(), "{\"exclude_table_data\": [\"auth.users\"]}");
        assertThat(entries(without)).noneMatch(entry -> entry.startsWith("auth/"));

        Restoring.Result result = Importing.users(without.toString(), refusing(), store, false);
        assertThat(result.problem().text()).contains(" has no auth/users.json. Nothing was changed. ");
    }

    @Test
    void theCommandLineTellsWhatCameOfIt() {
        SupabaseServer server = server(PostgresServer.V17);
        TestDatabase target = server.project("shell");
        Map<String, String> settings = Map.of(
                "WORK_DIR", BactrianService.temporaryFolder().toString(),
                "DATABASE_URL_NEW", SupabaseServer.url(target),
                "DATABASE_URL_OTHER", PostgresServer.V17.createDatabase().url());
        String users = file("[{\"id\": \"a0000000-0000-0000-0000-000000000001\", \"identities\": []}]")
                .toString();

        Run good = Run.bactrian(settings, "import-users", users, "--to", "new");
        assertThat(good.exit()).as(good.err()).isZero();
        assertThat(good.out())
                .containsPattern("auth.users +1 row\n")
                .containsPattern("auth.mfa_factors +0 rows")
                .containsPattern("Status +success");
        Run again = Run.bactrian(settings, "import-users", users, "--to", "new", "--json");
        assertThat(again.exit()).isEqualTo(1);
        assertThat(json(again.out()).path("error_text").asText()).contains(" has 1 user already. ");
        Run gone = Run.bactrian(settings, "import-users", "no-such.json", "--to", "new");
        assertThat(gone.exit()).isEqualTo(1);
        assertThat(gone.err()).contains("There is no file no-such.json. Nothing was changed.");
        Run other = Run.bactrian(settings, "import-users", users, "--to", "other");
        assertThat(other.exit()).isEqualTo(1);
        assertThat(other.err()).contains(" has no table auth.users. Nothing was changed.");
        assertThat(Run.bactrian(settings, "import-users", users, "--to", "nobody")
                        .exit())
                .isEqualTo(2);
    }
}
