package dev.bactrian.dump.plan;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.bactrian.archive.Manifest;
import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import dev.bactrian.testing.stores.TestStore;
import dev.bactrian.testing.supabase.StorageServer;
import dev.bactrian.testing.supabase.SupabaseServer;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A project's users and files are in its backups, or the backup says why they aren't. */
class SupabaseRecognitionIT {

    private static final String KEY = "SUPABASE_SERVICE_ROLE_KEY";

    private static SupabaseServer supabase;
    private static TestStore store;

    @BeforeAll
    static void start() {
        supabase = SupabaseServer.start();
        store = TestStore.start();
    }

    @AfterAll
    static void stop() {
        store.close();
        supabase.close();
    }

    @Test
    void aProjectIsSavedAsOneAndItsCopyAsAnyDatabaseWhereTheSettingSaysSo() {
        TestDatabase project = supabase.fill(supabase.project("known"));
        assertThat(project.jdbc()
                        .queryForList(
                                "SELECT pg_get_userbyid(nspowner) FROM pg_namespace WHERE nspname IN ('auth', 'storage')",
                                String.class))
                .as("the platform's own")
                .containsOnly("supabase_admin");
        try (Scene scene = new Scene(project, Map.of())) {
            assertThat(scene.goodBackUp().supabase().auth().users()).isEqualTo(41);
        }
        // Without a key for its 31 files.
        try (Scene scene = new Scene(project, Map.of("SUPABASE", "no", "BACKUP_STORAGE", "true"))) {
            Manifest manifest = scene.goodBackUp();
            assertThat(manifest.supabase()).isNull();
            assertThat(manifest.warnings()).isEmpty();
        }
        try (Scene scene = new Scene(project, Map.of("BACKUP_STORAGE", "true"))) {
            assertThat(scene.failure())
                    .contains(KEY + " isn't set.", "a copy of a project's database", "SUPABASE to no");
        }
    }

    @Test
    void aKeyForADatabaseThatIsNotRecognisedFailsTheBackupAndSaysWhy() {
        TestDatabase project = supabase.project("taken");
        project.run(
                "INSERT INTO auth.users (id) VALUES (gen_random_uuid())",
                "ALTER TABLE storage.objects OWNER TO postgres");
        Map<String, String> key = Map.of(KEY, StorageServer.SECRET_KEY, "BACKUP_STORAGE", "true");
        try (Scene scene = new Scene(project, key)) {
            assertThat(scene.failure())
                    .contains(
                            KEY + " is set, but the database default isn't recognized as a whole Supabase project's: "
                                    + "storage.objects belongs to postgres, not to supabase_storage_admin.",
                            "SUPABASE=yes");
        }
        project.run("ALTER TABLE auth.users OWNER TO postgres", "ALTER TABLE storage.buckets OWNER TO postgres");
        try (Scene scene = new Scene(project, key)) {
            assertThat(scene.failure())
                    .contains(
                            "isn't recognized as a Supabase project's: auth.users belongs to postgres, not to "
                                    + "supabase_auth_admin; storage.buckets belongs to postgres",
                            "SUPABASE=no");
        }
        try (Scene scene = new Scene(supabase.superuser(), key)) {
            assertThat(scene.failure())
                    .contains("it has neither a table auth.users nor the tables storage.buckets and");
        }
        try (Scene scene = new Scene(supabase.superuser(), Map.of("SUPABASE", "yes"))) {
            assertThat(scene.failure())
                    .contains("SUPABASE is yes, but the database default has neither a table auth.users");
        }
        try (Scene scene = new Scene(project, Map.of("SUPABASE", "yes"))) {
            Manifest manifest = scene.goodBackUp();
            assertThat(manifest.supabase().auth().users()).isEqualTo(1);
            assertThat(manifest.warnings()).isEmpty();
        }
    }

    @Test
    void otherApplicationsTablesOfTheseNamesAreAWarningThatCanBeTurnedOff() {
        TestDatabase shop = PostgresServer.V17
                .createDatabase()
                .run("CREATE SCHEMA auth", "CREATE TABLE auth.users (id int)", "INSERT INTO auth.users VALUES (1)");
        try (Scene scene = new Scene(shop.url(), Map.of())) {
            Manifest manifest = scene.goodBackUp();
            assertThat(manifest.supabase()).isNull();
            assertThat(manifest.warnings()).singleElement().satisfies(warning -> assertThat(warning)
                    .contains("auth.users belongs to postgres, not to supabase_auth_admin", "SUPABASE=no"));
        }
        try (Scene scene = new Scene(shop.url(), Map.of("SUPABASE", "no"))) {
            assertThat(scene.goodBackUp().warnings()).isEmpty();
        }
    }

    /** The service with one database. */
    private static final class Scene implements AutoCloseable {
        private final BactrianService service;

        Scene(TestDatabase project, Map<String, String> own) {
            this(SupabaseServer.url(project), own);
        }

        Scene(String url, Map<String, String> own) {
            Map<String, String> settings =
                    new HashMap<>(Map.of("DATABASE_URL", url, "BACKUP_STORAGE", "false", "BACKUP_VAULT", "false"));
            settings.putAll(own);
            service = BactrianService.start(settings, PostgresServer.V17.createDatabase(), store);
        }

        Manifest goodBackUp() {
            return service.manifest(service.goodBackUp().path("id").asText());
        }

        String failure() {
            JsonNode row = service.backUp();
            assertThat(row.path("status").asText()).as(row.toString()).isEqualTo("failed");
            return row.path("error_text").asText();
        }

        @Override
        public void close() {
            service.close();
        }
    }
}
