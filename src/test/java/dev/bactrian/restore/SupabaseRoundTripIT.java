package dev.bactrian.restore;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.bactrian.restore.steps.RestoreView.Outcome;
import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.EveryKind;
import dev.bactrian.testing.Restoring;
import dev.bactrian.testing.Run;
import dev.bactrian.testing.TemporaryFiles;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import dev.bactrian.testing.stores.TestStore;
import dev.bactrian.testing.stores.ZipEdits;
import dev.bactrian.testing.supabase.SupabaseServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A project in use, its archive, and an empty project: everything of the user's comes back, nothing of the platform's changes. */
class SupabaseRoundTripIT {

    /** Tables whose rows each project has for itself. */
    private static final String OF_THE_PLATFORM = "auth\\.schema_migrations|storage\\.migrations|realtime\\..*"
            + "|supabase_functions\\.migrations|net\\..*|vault\\.secrets|cron\\..*";

    private SupabaseServer server;
    private TestStore store;
    private TestDatabase source;
    private String key;

    private void backUp(PostgresServer version) {
        server = SupabaseServer.start(version);
        store = TestStore.start();
        source = server.fill(server.project("shop"));
        Map<String, String> settings = new HashMap<>(version.settings(source));
        settings.put("DATABASE_URL", SupabaseServer.url(source));
        settings.put("BACKUP_STORAGE", "false");
        try (BactrianService service = BactrianService.start(settings, PostgresServer.V17.createDatabase(), store)) {
            JsonNode row = service.goodBackUp();
            key = row.path("s3_key").asText();
        }
    }

    @AfterEach
    void end() {
        store.close();
        server.close();
    }

    private Restoring.Result restore(TestDatabase target, RestoreRequest request) {
        try (Restoring restoring =
                Restoring.into(target, store, Map.of("DATABASE_URL_TARGET", SupabaseServer.url(target)))) {
            return restoring.run(request);
        }
    }

    private static Map<String, Long> ofThePlatform(TestDatabase project) {
        Map<String, Long> own = new TreeMap<>(project.contentDigests());
        own.keySet().removeIf(table -> !table.matches(OF_THE_PLATFORM) || table.startsWith("cron."));
        return own;
    }

    private static Map<String, Long> ofTheUser(TestDatabase project) {
        Map<String, Long> own = new TreeMap<>(project.contentDigests());
        own.keySet().removeIf(table -> table.matches(OF_THE_PLATFORM));
        return own;
    }

    private static RestoreRequest part(String key, StoredFiles files, RestoreRequest.Option... options) {
        return new RestoreRequest(
                UUID.randomUUID(), key, "target", null, List.of(), List.of(), null, files, java.util.Set.of(options));
    }

    @ParameterizedTest
    @EnumSource(
            value = PostgresServer.class,
            names = {"V17"})
    void aProjectComesBackInAnEmptyOne(PostgresServer version) throws IOException {
        backUp(version);
        TestDatabase target = server.project("whole");
        Map<String, Long> platform = ofThePlatform(target);

        Restoring.Result result = restore(target, Restoring.everything(key));

        assertThat(result.outcome()).as(result.told()).isEqualTo(Outcome.PARTIAL);
        assertThat(result.missing())
                .as(result.told())
                .containsExactlyInAnyOrder(
                        "EVENT TRIGGER ensure_rls",
                        "secret \"payment key\" of the vault",
                        "secret without a name of the vault",
                        "cron job \"of the platform\"");
        assertThat(ofTheUser(target)).isEqualTo(ofTheUser(source));
        assertThat(ofThePlatform(target)).isEqualTo(platform);
        assertThat(target.jdbc()
                        .queryForObject(
                                "SELECT has_function_privilege('anon', 'public.handle_new_user()', 'EXECUTE')"
                                        + " OR has_table_privilege('anon', 'public.ledger', 'SELECT')",
                                Boolean.class))
                .isFalse();
        List<String> differences = EveryKind.differences(
                EveryKind.definitions(version, source, List.of()), EveryKind.definitions(version, target, List.of()));
        assertThat(differences)
                .allMatch(line -> line.matches("lost: .*(ensure_rls|refuse_unprotected_tables|messages_2026_03_01).*")
                        // The platform's own, which had another owner in the saved project: it is the target's.
                        || line.contains("issue_pg_net_access")
                        || line.matches("lost: (\\s.*|--|)|lost: \\s*WHEN TAG IN .*|lost: \\);"));
        assertThat(target.jdbc()
                        .queryForList(
                                "SELECT coalesce(jobname, '-') || schedule || active || username || database FROM cron.job ORDER BY 1",
                                String.class))
                .containsExactlyInAnyOrder(
                        "nightly0 3 * * *falsepostgreswhole",
                        "paused*/5 * * * *falsepostgreswhole",
                        "-30 4 * * 0falsepostgreswhole");
        assertThat(result.run().getReport().getPaused())
                .extracting(PausedJob::what)
                .containsExactly("cron job \"nightly\"", "cron job \"30 4 * * 0\" without a name");
        SupabaseServer.run(
                target,
                result.run().getReport().getPaused().stream()
                        .map(PausedJob::sql)
                        .toArray(String[]::new));
        assertThat(target.jdbc().queryForObject("SELECT count(*) FROM cron.job WHERE active", Integer.class))
                .isEqualTo(2);
        assertThat(target.jdbc()
                        .queryForObject(
                                "SELECT count(*) FROM auth.users WHERE encrypted_password = extensions.crypt('password ' || substring(email FROM 'User(\\d+)@'), encrypted_password)",
                                Integer.class))
                .isEqualTo(40);
        assertThat(target.jdbc().queryForObject("SELECT count(*) FROM vault.secrets", Integer.class))
                .isZero();

        // Again: only what is not there would be made, and nothing twice.
        Restoring.Result users = restore(target, part(key, StoredFiles.ALL, RestoreRequest.Option.STORAGE_ONLY));
        assertThat(users.outcome()).as(users.told()).isEqualTo(Outcome.SUCCESS);
        assertThat(users.run().getReport().getNotes())
                .anyMatch(note -> note.startsWith("31 rows of \"storage\".\"objects\" existed already"));
        assertThat(ofTheUser(target)).isEqualTo(ofTheUser(source));
        secretsComeBack(target);
    }

    /** Secrets in the clear, as encrypted archives have them. */
    private void secretsComeBack(TestDatabase target) throws IOException {
        Path file = TemporaryFiles.file("secrets", ".zip");
        Files.write(
                file,
                ZipEdits.of(Files.readAllBytes(store.download(key)))
                        .addFile(
                                "vault/secrets.json",
                                """
                                [{"name":"payment key","description":"for the checkout","secret":"sk_live_of_the_shop"},
                                {"name":null,"description":"","secret":"of nobody"}]
                                """)
                        .zip());
        for (int i = 0; i < 2; i++) {
            Restoring.Result result = restore(
                    target,
                    Restoring.tables(file.toString(), List.of("vault.secrets"), RestoreRequest.Option.DATA_ONLY));
            assertThat(result.outcome()).as(result.told()).isEqualTo(Outcome.SUCCESS);
            assertThat(result.told()).doesNotContain("sk_live");
        }
        Files.delete(file);
        assertThat(target.jdbc()
                        .queryForList(
                                "SELECT coalesce(name, '-') || description || decrypted_secret FROM vault.decrypted_secrets ORDER BY name",
                                String.class))
                .containsExactly("payment keyfor the checkoutsk_live_of_the_shop", "-of nobody");
    }

    /** On a server that has the platform's extensions, as a superuser: nothing of the project may get lost there. */
    @Test
    void aProjectIsProvenByARestore() {
        backUp(PostgresServer.V17);
        Map<String, String> settings = new HashMap<>(store.settings());
        settings.putAll(PostgresServer.V17.settings(source));
        settings.put("VERIFY_DATABASE_URL", server.superuser().url());
        settings.put("WORK_DIR", BactrianService.temporaryFolder().toString());

        Run run = Run.bactrian(settings, "verify", key);

        assertThat(run.exit()).as(run.out() + run.err()).isZero();
        assertThat(run.out()).contains("proven");
    }

    @ParameterizedTest
    @EnumSource(
            value = PostgresServer.class,
            names = {"V17"})
    void partsOfAProjectComeBackInOneWhoseServicesAreOlder(PostgresServer version) {
        backUp(version);
        TestDatabase target = server.olderProject("older");
        Map<String, Long> platform = ofThePlatform(target);

        Restoring.Result users = restore(target, part(key, StoredFiles.ALL, RestoreRequest.Option.AUTH_ONLY));

        assertThat(users.missing())
                .as(users.told())
                .containsExactlyInAnyOrder("column \"is_anonymous\" of \"auth\".\"users\"");
        assertThat(target.rowCounts())
                .containsEntry("auth.users", 41L)
                .containsEntry("auth.identities", source.rowCounts().get("auth.identities"))
                .containsEntry("storage.objects", 0L)
                .doesNotContainKey("public.profiles");
        assertThat(target.jdbc()
                        .queryForObject(
                                "SELECT encrypted_password = extensions.crypt('password 7', encrypted_password) FROM auth.users WHERE email = 'User7@Example.com'",
                                Boolean.class))
                .isTrue();

        target.run("INSERT INTO storage.buckets (id, name, public) VALUES ('documents', 'documents', true)");
        Restoring.Result files = restore(
                target,
                part(
                        key,
                        new StoredFiles(
                                List.of("documents"),
                                List.of(
                                        "avatars/"
                                                + source.jdbc()
                                                        .queryForObject(
                                                                "SELECT name FROM storage.objects WHERE user_metadata IS NOT NULL",
                                                                String.class),
                                        "avatars/nothing"))));

        assertThat(files.missing())
                .as(files.told())
                .containsExactlyInAnyOrder(
                        "settings of bucket documents",
                        "column \"type\" of \"storage\".\"buckets\"",
                        "column \"versioning_status\" of \"storage\".\"buckets\"",
                        "column \"is_delete_marker\" of \"storage\".\"objects\"",
                        "column \"is_versioned\" of \"storage\".\"objects\"",
                        "column \"user_metadata\" of \"storage\".\"objects\"",
                        "object avatars/nothing");
        assertThat(target.jdbc().queryForList("SELECT name FROM storage.objects ORDER BY bucket_id", String.class))
                .hasSize(2)
                .contains("Verträge/2026/№ 1 & 100%.pdf");
        assertThat(target.jdbc()
                        .queryForObject("SELECT public FROM storage.buckets WHERE id = 'documents'", Boolean.class))
                .isTrue();
        assertThat(ofThePlatform(target)).isEqualTo(platform);
    }
}
