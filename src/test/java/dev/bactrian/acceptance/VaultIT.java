package dev.bactrian.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.bactrian.archive.read.FileSource;
import dev.bactrian.archive.read.SavedBackup;
import dev.bactrian.encryption.DecryptionKey;
import dev.bactrian.restore.steps.RestoreView;
import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.Restoring;
import dev.bactrian.testing.keys.PgpKeys;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import dev.bactrian.testing.stores.TestStore;
import dev.bactrian.testing.supabase.SupabaseServer;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The secrets of a vault are in an archive that is encrypted, and in no other. */
class VaultIT {

    private static final String SECRET = "sk_live_of_the_vault";
    /** What JSON must escape, and what isn't ASCII. */
    private static final String ODD = "two\nlines, \"quotes\", \\ and ünïcode ✓";

    private static SupabaseServer server;
    private static TestDatabase project;
    private static TestStore store;

    @TempDir
    private Path folder;

    @BeforeAll
    static void start() {
        server = SupabaseServer.start();
        project = server.project("vaulted");
        project.jdbc().queryForList("SELECT vault.create_secret(?, 'payment', 'for the checkout')", SECRET);
        project.jdbc().queryForList("SELECT vault.create_secret(?)", ODD);
        store = TestStore.start();
    }

    @AfterAll
    static void stop() {
        store.close();
        server.close();
    }

    private static BactrianService serve(String url, Map<String, String> own) {
        Map<String, String> settings = new java.util.HashMap<>(
                Map.of("DATABASE_URL", url, "BACKUP_STORAGE", "false", "BACKUP_AUTH_USERS", "false"));
        settings.putAll(own);
        return BactrianService.start(settings, PostgresServer.V17.createDatabase(), store);
    }

    private static Map<String, String> encrypted() {
        return Map.of("BACKUP_ENCRYPT_TO", PgpKeys.publicKey("alice").toString());
    }

    @Test
    void anEncryptedArchiveHoldsTheSecretsInReadableForm() throws Exception {
        try (BactrianService service = serve(SupabaseServer.url(project), encrypted())) {
            String key = service.goodBackUp().path("s3_key").asText();

            SavedBackup saved = opened(store.download(key));
            String text = new String(saved.reader().open("vault/secrets.json").readAllBytes(), StandardCharsets.UTF_8);
            JsonNode secrets = BactrianService.json(text);
            assertThat(secrets).hasSize(2);
            assertThat(secrets.at("/0/name").asText()).isEqualTo("payment");
            assertThat(secrets.at("/0/description").asText()).isEqualTo("for the checkout");
            assertThat(secrets.at("/0/secret").asText()).isEqualTo(SECRET);
            assertThat(secrets.at("/1/name").isNull()).isTrue();
            assertThat(secrets.at("/1/secret").asText()).isEqualTo(ODD);
            assertThat(Instant.parse(secrets.at("/0/created_at").asText())).isBeforeOrEqualTo(Instant.now());
            assertThat(text.lines()).as("one per line").hasSize(4);
            assertThat(saved.manifest().supabase().vault().secrets()).isEqualTo(2);
            assertThat(saved.manifest().warnings()).noneMatch(warning -> warning.contains("vault"));
            assertThat(saved.manifest().files()).containsKey("vault/secrets.json");
            assertThat(store.text(key.replaceFirst("[^/]+$", "manifest.json"))).doesNotContain(SECRET);
            comeBack(key);
        }
    }

    /** In another project, encrypted with its own key. */
    private static void comeBack(String key) {
        TestDatabase target = server.project("elsewhere");
        Restoring.Result result;
        try (Restoring restoring = Restoring.into(
                target,
                store,
                Map.of(
                        "DATABASE_URL_TARGET",
                        SupabaseServer.url(target),
                        "BACKUP_DECRYPT_KEY_FILE",
                        PgpKeys.privateKey("alice").toString()))) {
            result = restoring.run(Restoring.everything(key));
        }
        assertThat(result.outcome()).as(result.told()).isEqualTo(RestoreView.Outcome.SUCCESS);
        assertThat(result.told()).doesNotContain(SECRET);
        assertThat(decrypted(target)).isEqualTo(decrypted(project));
        assertThat(target.jdbc().queryForList("SELECT secret FROM vault.secrets", String.class))
                .doesNotContainAnyElementsOf(
                        project.jdbc().queryForList("SELECT secret FROM vault.secrets", String.class));
    }

    private static List<Map<String, Object>> decrypted(TestDatabase of) {
        return of.jdbc()
                .queryForList("SELECT name, description, decrypted_secret FROM vault.decrypted_secrets ORDER BY"
                        + " decrypted_secret");
    }

    private SavedBackup opened(Path sealed) throws Exception {
        DecryptionKey key = PgpKeys.opening("alice", null);
        Path zip = folder.resolve("backup.zip");
        try (InputStream in = key.open(Files.newInputStream(sealed))) {
            Files.copy(in, zip);
        }
        return SavedBackup.open(new FileSource(zip), null);
    }

    @Test
    void anArchiveThatIsNotEncryptedHoldsNoneAndSaysSo() throws Exception {
        try (BactrianService service = serve(SupabaseServer.url(project), Map.of())) {
            JsonNode row = service.goodBackUp();

            SavedBackup saved = SavedBackup.open(
                    new FileSource(store.download(row.path("s3_key").asText())), null);
            assertThat(saved.reader().has("vault/secrets.json")).isFalse();
            assertThat(saved.manifest().warnings())
                    .anyMatch(warning -> warning.contains("The 2 secrets of the vault can't be restored")
                            && warning.contains("BACKUP_ENCRYPT_TO"));
        }
        try (BactrianService service = serve(SupabaseServer.url(project), Map.of("BACKUP_VAULT", "false"))) {
            assertThat(service.manifest(service.goodBackUp().path("id").asText())
                            .warnings())
                    .noneMatch(warning -> warning.contains("vault"));
        }
    }

    @Test
    void aVaultThatCannotBeReadFailsTheBackupBeforeAnythingIsDumped() {
        String url = project.backupRole("reader_of_all", "of-the-reader");
        project.run(
                "REVOKE ALL ON vault.decrypted_secrets FROM PUBLIC",
                "GRANT USAGE ON SCHEMA vault TO reader_of_all",
                "REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA vault FROM PUBLIC");
        try (BactrianService service = serve(url, encrypted())) {
            JsonNode row = service.backUp();

            assertThat(row.path("status").asText()).isEqualTo("failed");
            assertThat(row.path("error_text").asText())
                    .contains("The role reader_of_all can't read the secrets of the vault.")
                    .contains("GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA vault TO reader_of_all")
                    .contains("BACKUP_VAULT=false");
        }
    }
}
