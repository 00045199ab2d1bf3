package dev.bactrian.supabase.storage.upload;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.bactrian.restore.FileProgress;
import dev.bactrian.restore.RestoreRequest;
import dev.bactrian.restore.RestoreRequest.Option;
import dev.bactrian.restore.StoredFiles;
import dev.bactrian.restore.steps.RestoreView.Outcome;
import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.Restoring;
import dev.bactrian.testing.Run;
import dev.bactrian.testing.TemporaryFiles;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import dev.bactrian.testing.stores.TestStore;
import dev.bactrian.testing.stores.ZipEdits;
import dev.bactrian.testing.supabase.StorageContent;
import dev.bactrian.testing.supabase.StorageServer;
import dev.bactrian.testing.supabase.SupabaseServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The files of a project, from its archive into another project's Storage, whatever happens on the way. */
class StorageRestoreIT {

    private static final AtomicInteger PROJECTS = new AtomicInteger();
    private static final int FILES = 33;
    private static final String LARGE = "talks/opening night.mp4";
    private static final StorageContent VIDEO = StorageContent.generated(1_500_000);
    private static final String PAGE = "site/index.html";

    /** What the rows of files say, but for what Storage makes anew with each upload. */
    private static final String ROWS =
            """
            SELECT concat_ws('|', id, bucket_id, name, owner, owner_id, created_at, updated_at, last_accessed_at,
                   user_metadata, metadata ->> 'size', metadata ->> 'mimetype', metadata ->> 'cacheControl',
                   metadata ->> 'eTag')
              FROM storage.objects WHERE name <> 'lost' ORDER BY 1""";

    private static SupabaseServer supabase;
    private static TestStore store;
    private static TestDatabase source;
    private static StorageServer saved;
    private static String key;

    @BeforeAll
    static void backUp() throws Exception {
        supabase = SupabaseServer.start();
        store = TestStore.start();
        source = supabase.fill(supabase.project("source"));
        saved = StorageServer.start();
        saved.buckets().serve(source);
        for (int n = 1; n <= 30; n++) {
            saved.buckets()
                    .adopt(
                            "avatars",
                            source.jdbc()
                                    .queryForObject(
                                            "SELECT name FROM storage.objects WHERE id = md5('avatar ' || ?)::uuid",
                                            String.class,
                                            Integer.toString(n)),
                            bytes("bytes " + n));
        }
        saved.buckets().adopt("documents", "Verträge/2026/№ 1 & 100%.pdf", bytes(""));
        saved.buckets().put("documents", LARGE, VIDEO, "video/mp4", "max-age=60", null);
        saved.buckets()
                .put(
                        "documents",
                        PAGE,
                        bytes("<p>"),
                        "text/html",
                        "no-cache",
                        new ObjectMapper().readTree("{\"album\": \"Été ☀️\", \"year\": \"2026\"}"));
        saved.buckets().put("documents", "lost", "lost");
        saved.buckets().lose("documents", "lost");
        Map<String, String> settings = new HashMap<>(PostgresServer.V17.settings(source));
        settings.put("DATABASE_URL", SupabaseServer.url(source));
        settings.put("BACKUP_STORAGE", "true");
        settings.put("SUPABASE_URL", saved.url());
        settings.put("SUPABASE_SERVICE_ROLE_KEY", StorageServer.SECRET_KEY);
        try (BactrianService service = BactrianService.start(settings, PostgresServer.V17.createDatabase(), store)) {
            key = service.goodBackUp().path("s3_key").asText();
        }
    }

    @AfterAll
    static void end() {
        saved.close();
        store.close();
        supabase.close();
    }

    private static StorageContent bytes(String text) {
        return StorageContent.of(text.getBytes(StandardCharsets.UTF_8));
    }

    private static RestoreRequest request(StoredFiles files, Option... options) {
        return request(key, files, options);
    }

    private static RestoreRequest request(String backup, StoredFiles files, Option... options) {
        return new RestoreRequest(
                UUID.randomUUID(),
                backup,
                "target",
                null,
                List.of(),
                List.of(),
                null,
                files,
                java.util.Set.of(options));
    }

    /** Its rows are there before its files: a row without bytes counts for nothing, wherever Storage keeps these. */
    @ParameterizedTest
    @EnumSource
    void everyFileComesBackWithItsMetadataAndASecondRunUploadsOnlyWhatLacks(StorageServer.Backend backend)
            throws Exception {
        try (Scene scene = new Scene()) {
            scene.storage.keptIn(backend);
            Restoring.Result planned = scene.run(Restoring.everything(key, Option.DRY_RUN));
            assertThat(planned.outcome()).as(planned.told()).isEqualTo(Outcome.DRY_RUN);
            assertThat(planned.run().getFiles().getTotal()).isEqualTo(FILES);
            assertThat(planned.run().getFiles().getBytesTotal()).isGreaterThan(1_500_000);

            Restoring.Result all = scene.run(Restoring.everything(key));

            assertThat(all.missing())
                    .as(all.told())
                    .containsExactlyInAnyOrder(
                            "EVENT TRIGGER ensure_rls",
                            "secret \"payment key\" of the vault",
                            "secret without a name of the vault",
                            "cron job \"of the platform\"",
                            "file documents/lost");
            assertThat(all.outcome()).isEqualTo(Outcome.PARTIAL);
            scene.assertWhole();
            assertThat(scene.storage.uploads()).isEqualTo(FILES);

            Restoring.Result again = scene.run(request(StoredFiles.ALL, Option.STORAGE_ONLY));
            assertThat(again.missing()).as(again.told()).containsExactly("file documents/lost");
            assertThat(again.run().getFiles().getThere()).isEqualTo(FILES);

            scene.storage.buckets().lose("documents", PAGE);
            scene.storage.buckets().put("documents", LARGE, "others");
            Restoring.Result third = scene.run(request(StoredFiles.ALL, Option.STORAGE_ONLY));
            assertThat(third.run().getFiles().getUploaded()).as(third.told()).isEqualTo(2);
            scene.assertWhole();
        }
    }

    @Test
    void filesGoBackByTheS3EndpointToo() throws Exception {
        try (TestStore files = TestStore.start();
                Scene scene = new Scene(Map.of(
                        "SUPABASE_STORAGE_TARGET",
                        "s3",
                        "SUPABASE_S3_ENDPOINT_TARGET",
                        files.endpoint().toString(),
                        "SUPABASE_S3_REGION_TARGET",
                        "us-east-1",
                        "SUPABASE_S3_ACCESS_KEY_ID_TARGET",
                        TestStore.KEY_ID,
                        "SUPABASE_S3_SECRET_ACCESS_KEY_TARGET",
                        TestStore.SECRET))) {
            scene.project.run(
                    "INSERT INTO storage.buckets (id, name, public, file_size_limit, allowed_mime_types)"
                            + " VALUES ('avatars', 'avatars', true, 1048576, '{image/png,image/jpeg}'),"
                            + " ('documents', 'documents', false, NULL, NULL)",
                    "INSERT INTO storage.buckets (id, name) VALUES ('" + files.bucket() + "', '" + files.bucket()
                            + "')");
            files.createBucket("avatars");
            files.createBucket("documents");

            Restoring.Result all = scene.run(request(StoredFiles.ALL, Option.STORAGE_ONLY));

            assertThat(all.missing()).as(all.told()).containsExactly("file documents/lost");
            assertThat(all.run().getFiles().getUploaded()).isEqualTo(FILES);
            assertThat(files.get("documents", LARGE).asByteArray())
                    .isEqualTo(VIDEO.from(0).readAllBytes());
            var page = files.get("documents", PAGE);
            assertThat(page.asUtf8String()).isEqualTo("<p>");
            assertThat(page.response().contentType()).isEqualTo("text/html");
            assertThat(page.response().cacheControl()).isEqualTo("no-cache");
            assertThat(page.response().metadata()).containsExactly(Map.entry("year", "2026"));
            assertThat(scene.rows()).isEqualTo(source.jdbc().queryForList(ROWS, String.class));

            Restoring.Result again = scene.run(request(StoredFiles.ALL, Option.STORAGE_ONLY));
            assertThat(again.run().getFiles().getThere()).as(again.told()).isEqualTo(FILES);
            assertThat(scene.storage.uploads()).isZero();
        }
    }

    @Test
    void whatFailsForAWhileIsTriedAgainAndAKeyThatExpiresEndsItOnce() throws Exception {
        try (Scene scene = new Scene()) {
            scene.storage.faults().tooMany("PUT documents/" + PAGE, 1, 2);
            scene.storage.faults().internalError("PUT documents/Verträge/2026/№ 1 & 100%.pdf", 3);
            scene.storage.faults().cut("PUT documents/" + LARGE, 700_000, 2);

            Restoring.Result all = scene.run(request(StoredFiles.ALL, Option.STORAGE_ONLY));

            assertThat(all.missing()).as(all.told()).containsExactly("file documents/lost");
            scene.assertWhole();

            scene.storage.buckets().lose("documents", PAGE);
            scene.storage
                    .faults()
                    .answer(
                            "PUT documents/" + PAGE,
                            400,
                            "{\"statusCode\":\"403\",\"error\":\"Unauthorized\",\"message\":\"jwt expired\"}",
                            1);
            Restoring.Result expired = scene.run(request(StoredFiles.ALL, Option.STORAGE_ONLY));
            assertThat(expired.outcome()).isEqualTo(Outcome.FAILED);
            assertThat(expired.problem().text())
                    .contains(
                            "refuses the key of SUPABASE_SERVICE_ROLE_KEY_TARGET",
                            "The database is restored; of 33 files",
                            "restore again with --storage-only")
                    .doesNotContain("is incomplete");

            assertThat(scene.run(request(StoredFiles.ALL, Option.STORAGE_ONLY)).missing())
                    .containsExactly("file documents/lost");
            scene.assertWhole();
        }
    }

    @Test
    void stoppedInTheMiddleItGoesOnWhereItStopped() throws Exception {
        try (Scene scene = new Scene();
                Restoring restoring = scene.restoring()) {
            RestoreRequest request = Restoring.everything(key);
            scene.storage.faults().before("PUT documents/" + LARGE, () -> restoring
                    .app()
                    .restores()
                    .cancel(request.id()));

            Restoring.Result cancelled = restoring.run(request);

            assertThat(cancelled.problem().text())
                    .contains("This restore was cancelled", "The database is restored; of 33 files")
                    .contains("--storage-only");
            FileProgress first = cancelled.run().getFiles();
            assertThat(first.getUploaded()).isBetween(5L, FILES - 1L);

            Restoring.Result rest = restoring.run(request(StoredFiles.ALL, Option.STORAGE_ONLY));
            assertThat(rest.missing()).as(rest.told()).containsExactly("file documents/lost");
            assertThat(rest.run().getFiles().getThere()).isGreaterThanOrEqualTo(first.getUploaded());
            scene.assertWhole();
        }
    }

    @Test
    void someFilesAreChosenAndWhatABucketDoesNotTakeIsListed() throws Exception {
        try (Scene scene = new Scene()) {
            scene.project.run("INSERT INTO storage.buckets (id, name, file_size_limit, allowed_mime_types)"
                    + " VALUES ('documents', 'documents', 1000000, '{video/*,text/plain}')");

            Restoring.Result some =
                    scene.run(request(new StoredFiles(List.of(), List.of("documents/" + PAGE, "documents/" + LARGE))));

            assertThat(some.outcome()).as(some.told()).isEqualTo(Outcome.PARTIAL);
            assertThat(some.missing())
                    .containsExactlyInAnyOrder(
                            "settings of bucket documents", "file documents/" + PAGE, "file documents/" + LARGE);
            assertThat(some.told())
                    .contains("meaning 413 (The object exceeded the maximum allowed size)")
                    .contains("meaning 415 (mime type text/html is not supported)");
            assertThat(scene.storage.uploads()).isZero();

            scene.project.run("UPDATE storage.buckets SET file_size_limit = NULL, allowed_mime_types = NULL");
            Restoring.Result bucket = scene.run(request(new StoredFiles(List.of("documents"), List.of())));
            assertThat(bucket.missing()).as(bucket.told()).containsExactly("file documents/lost");
            assertThat(scene.storage.uploads()).isEqualTo(3);
        }
    }

    @Test
    void aDamagedFileLeavesNothingBehind() throws Exception {
        try (Scene scene = new Scene()) {
            Path file = TemporaryFiles.file("damaged", ".zip");
            Files.write(
                    file,
                    ZipEdits.of(Files.readAllBytes(store.download(key)))
                            .change("storage/documents/site/index.html", text -> "<b>")
                            .zip());

            Restoring.Result result = scene.run(request(file.toString(), StoredFiles.ALL, Option.STORAGE_ONLY));

            assertThat(result.missing())
                    .as(result.told())
                    .containsExactlyInAnyOrder("file documents/lost", "file documents/" + PAGE);
            assertThat(result.told()).contains("isn't what was saved (length or SHA-256 differ)");
            assertThat(scene.storage.uploads()).isEqualTo(FILES - 1);
            assertThat(scene.storage.buckets().get("documents", PAGE).content()).isNull();
            Files.delete(file);
        }
    }

    @Test
    void withoutAKeyEverythingElseIsRestored() throws Exception {
        try (Scene scene = new Scene(Map.of("SUPABASE_SERVICE_ROLE_KEY_TARGET", ""))) {
            Restoring.Result all = scene.run(Restoring.everything(key));

            assertThat(all.outcome()).as(all.told()).isEqualTo(Outcome.PARTIAL);
            assertThat(all.missing()).anyMatch(part -> part.startsWith("33 files of Storage, "));
            assertThat(all.told())
                    .contains("SUPABASE_SERVICE_ROLE_KEY_TARGET isn't set", "restore again with --storage-only");
            assertThat(scene.project.rowCounts()).containsEntry("auth.users", 41L);

            Restoring.Result refused = scene.run(request(StoredFiles.ALL, Option.STORAGE_ONLY));
            assertThat(refused.problem().text())
                    .contains("SUPABASE_SERVICE_ROLE_KEY_TARGET isn't set", "Nothing was changed.");
            Run command = scene.command("restore", key, "--to", "target", "--storage-only");
            assertThat(command.err()).contains("SUPABASE_SERVICE_ROLE_KEY_TARGET isn't set");
            assertThat(command.exit()).as("wrong configuration").isEqualTo(2);
        }
    }

    @Test
    void theApiBringsFilesBackToo() throws Exception {
        try (Scene scene = new Scene()) {
            Map<String, String> settings = new HashMap<>(scene.settings);
            settings.put("RESTORE_API_KEY", BactrianService.RESTORE_KEY);
            settings.put("PG_BIN", BactrianService.pg17().toString());
            try (BactrianService service =
                    BactrianService.start(settings, PostgresServer.V17.createDatabase(), store)) {
                JsonNode everything = restored(service, scene, "");
                // As from the command line: what the platform refuses, and a file that the archive doesn't have.
                assertThat(everything.path("status").asText())
                        .as(everything.toString())
                        .isEqualTo("partial");
                assertThat(everything.at("/report/not_applied").findValuesAsText("what"))
                        .filteredOn(what -> what.startsWith("file"))
                        .containsExactly("file documents/lost");
                assertThat(everything.at("/report/files").asInt())
                        .as(everything.toString())
                        .isEqualTo(FILES);
                scene.assertWhole();

                scene.storage.buckets().lose("documents", PAGE);
                JsonNode rest = restored(service, scene, ", \"storage_only\": true");
                assertThat(rest.at("/report/files").asInt()).as(rest.toString()).isEqualTo(1);
                scene.assertWhole();

                scene.storage.buckets().lose("documents", PAGE);
                scene.storage.buckets().lose("documents", LARGE);
                JsonNode one = restored(service, scene, ", \"objects\": [\"documents/" + PAGE + "\"]");
                assertThat(one.at("/report/files").asInt()).as(one.toString()).isEqualTo(1);
                assertThat(scene.storage.buckets().get("documents", PAGE).content())
                        .isNotNull();
                assertThat(scene.storage.buckets().get("documents", LARGE).content())
                        .isNull();
            }
        }
    }

    private static JsonNode restored(BactrianService service, Scene scene, String more) {
        String body = "{\"backup\": \"%s\", \"database\": \"target\", \"confirm\": \"%s\"%s}"
                .formatted(key, scene.project.name(), more);
        return service.restored(body);
    }

    @Test
    void aDatabaseThatIsNoProjectGetsNoFiles() {
        TestDatabase plain = PostgresServer.V17.createDatabase();
        try (Restoring restoring = Restoring.into(plain, store)) {
            Restoring.Result planned = restoring.run(Restoring.everything(
                    key, Option.DRY_RUN, Option.SKIP_MISSING_EXTENSIONS, Option.NO_OWNER, Option.NO_PRIVILEGES));

            assertThat(planned.told()).contains("33 files of Storage", "Unzip the archive's folder storage/");
        }
    }

    @Test
    void filesDoNotGoIntoAnotherProjectThanTheDatabase() throws Exception {
        try (Scene scene = new Scene(Map.of("SUPABASE_URL_TARGET", saved.url()))) {
            Restoring.Result refused = scene.run(Restoring.everything(key));

            assertThat(refused.problem().text())
                    .contains(
                            "isn't the one that the target database belongs to: it has the buckets avatars, "
                                    + "documents, the"
                                    + " database (none).",
                            "Nothing was changed.");
            assertThat(saved.uploads()).isZero();
            assertThat(scene.command("restore", key, "--to", "target").exit())
                    .as("wrong configuration")
                    .isEqualTo(2);
        }
    }

    /** An empty project. */
    private static final class Scene implements AutoCloseable {

        final StorageServer storage = StorageServer.start();
        final TestDatabase project = supabase.project("target_" + PROJECTS.incrementAndGet());
        private final Map<String, String> settings = new HashMap<>();

        Scene() {
            this(Map.of());
        }

        Scene(Map<String, String> own) {
            storage.buckets().serve(project);
            settings.put("DATABASE_URL_TARGET", SupabaseServer.url(project));
            settings.put("SUPABASE_URL_TARGET", storage.url());
            settings.put("SUPABASE_SERVICE_ROLE_KEY_TARGET", StorageServer.SECRET_KEY);
            settings.putAll(own);
            settings.values().removeIf(String::isEmpty);
        }

        Restoring restoring() {
            return Restoring.into(project, store, settings);
        }

        Restoring.Result run(RestoreRequest request) {
            try (Restoring restoring = restoring()) {
                return restoring.run(request);
            }
        }

        Run command(String... arguments) {
            Map<String, String> all = new HashMap<>(store.settings());
            all.put("PG_BIN", BactrianService.pg17().toString());
            all.put("WORK_DIR", BactrianService.temporaryFolder().toString());
            all.putAll(settings);
            return Run.bactrian(all, arguments);
        }

        List<String> rows() {
            return project.jdbc().queryForList(ROWS, String.class);
        }

        /** Bytes and rows of all files are those of the source. */
        void assertWhole() throws IOException {
            assertThat(rows()).isEqualTo(source.jdbc().queryForList(ROWS, String.class));
            List<Map<String, Object>> names =
                    source.jdbc().queryForList("SELECT bucket_id, name FROM storage.objects WHERE name <> 'lost'");
            assertThat(names).hasSize(FILES);
            for (Map<String, Object> name : names) {
                String bucket = name.get("bucket_id").toString();
                String path = name.get("name").toString();
                assertThat(storage.buckets().get(bucket, path).content())
                        .as(path)
                        .isNotNull();
                assertThat(storage.buckets().get(bucket, path).content().from(0))
                        .as(path)
                        .hasSameContentAs(
                                saved.buckets().get(bucket, path).content().from(0));
            }
        }

        @Override
        public void close() {
            storage.close();
        }
    }
}
