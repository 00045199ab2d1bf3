package dev.bactrian.supabase.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.bactrian.archive.Manifest;
import dev.bactrian.archive.SupabaseContents;
import dev.bactrian.archive.verify.ArchiveReport;
import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.Run;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import dev.bactrian.testing.stores.TestStore;
import dev.bactrian.testing.supabase.StorageContent;
import dev.bactrian.testing.supabase.StorageServer;
import dev.bactrian.testing.supabase.SupabaseServer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The files of a project: from its Storage API into the archive, whatever happens on the way. */
class StorageFilesIT {

    private static final AtomicInteger PROJECTS = new AtomicInteger();
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final TestDatabase CONTROL = PostgresServer.V17.createDatabase();
    private static SupabaseServer supabase;

    @BeforeAll
    static void startProject() {
        supabase = SupabaseServer.start();
    }

    @AfterAll
    static void stopProject() {
        supabase.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"legacy", "secret"})
    void everyFileIsInTheArchiveWithWhatStorageKnowsOfIt(String kind) throws Exception {
        try (Scene scene = new Scene("legacy".equals(kind) ? StorageServer.SERVICE_ROLE : StorageServer.SECRET_KEY)) {
            Map<String, String> files = new TreeMap<>();
            for (String name : List.of(
                    "plain.txt",
                    "folder/inner.txt",
                    "folder/data.sql",
                    "a",
                    "a-x",
                    "a/b",
                    "a/b/c",
                    "two//slashes",
                    "/first",
                    "last/",
                    "../up",
                    ".hidden/.emptyFolderPlaceholder",
                    "100% of #1?.txt",
                    "Ünïcode ☀/地図.png",
                    "UPPER.txt",
                    "upper.txt")) {
                scene.storage.buckets().put("Team Drive", name, "bytes of " + name);
                files.put("Team Drive/" + name, "bytes of " + name);
            }
            scene.storage.buckets().create("objects.json", false).put("objects.json", "x", "a bucket of that name");
            files.put("objects.json/x", "a bucket of that name");
            scene.storage.buckets().put("Team Drive", "nothing", "");
            files.put("Team Drive/nothing", "");
            scene.storage
                    .buckets()
                    .put(
                            "Team Drive",
                            "page.html",
                            StorageContent.of("<p>".getBytes(UTF_8)),
                            "text/html",
                            "max-age=60",
                            JSON.readTree("{\"album\": \"Été ☀️\"}"));
            files.put("Team Drive/page.html", "<p>");

            Manifest manifest = scene.goodBackUp();

            try (ZipFile zip = scene.archive()) {
                JsonNode list = scene.list(zip);
                Map<String, String> found = new TreeMap<>();
                for (JsonNode object : list.path("objects")) {
                    String text = new String(
                            zip.getInputStream(new ZipEntry(object.path("entry").asText()))
                                    .readAllBytes(),
                            UTF_8);
                    assertThat(object.path("bytes").asLong()).isEqualTo(text.getBytes(UTF_8).length);
                    found.put(
                            object.path("bucket_id").asText() + "/"
                                    + object.path("name").asText(),
                            text);
                }
                assertThat(found).isEqualTo(files);
                assertThat(list.path("skew")).isEmpty();
                assertThat(list.path("buckets").findValuesAsText("id")).containsExactly("Team Drive", "objects.json");
                JsonNode page = object(list, "page.html");
                assertThat(page.path("content_type").asText()).isEqualTo("text/html");
                assertThat(page.path("cache_control").asText()).isEqualTo("max-age=60");
                assertThat(page.path("user_metadata").path("album").asText()).isEqualTo("Été ☀️");
                assertThat(page.path("updated_at").asText()).endsWith("Z");
                assertThat(zip.stream().map(ZipEntry::getName))
                        .contains(
                                "storage/Team%20Drive/folder/inner.txt",
                                "storage/Team%20Drive/a",
                                "storage/Team%20Drive/a%2Fb",
                                "storage/Team%20Drive/a%2Fb%2Fc",
                                "storage/Team%20Drive/%2E./up",
                                "storage/objects%2Ejson/x");
                assertUnpacked(zip);
            }
            assertThat(manifest.supabase().storage())
                    .isEqualTo(new SupabaseContents.Files(2, files.size(), bytes(files), 0, 0));
            assertThat(scene.differences()).isEmpty();
        }
    }

    /** Files that the list in the archive names are unpacked, too. */
    private static void assertUnpacked(ZipFile zip) throws IOException {
        Path folder = BactrianService.temporaryFolder().resolve("unpacked");
        Run run = Run.bactrian(
                Map.of("WORK_DIR", BactrianService.temporaryFolder().toString()),
                "unpack",
                zip.getName(),
                "--to",
                folder.toString());
        assertThat(run.exit()).as(run.err()).isZero();
        for (ZipEntry entry : Collections.list(zip.entries())) {
            assertThat(folder.resolve(entry.getName()))
                    .hasBinaryContent(zip.getInputStream(entry).readAllBytes());
        }
    }

    @Test
    void whatFailsForAWhileIsFetchedAgainAndWhatBreaksGoesOnWhereItBroke() throws Exception {
        try (Scene scene = new Scene(StorageServer.SECRET_KEY)) {
            long size = 3_000_000;
            scene.storage
                    .buckets()
                    .put("Team Drive", "large", StorageContent.generated(size), "video/mp4", "no-cache", null);
            for (String name : List.of("limited", "failing", "third")) {
                scene.storage.buckets().put("Team Drive", name, name);
            }
            scene.storage.faults().tooMany("Team Drive/limited", 1, 2);
            scene.storage.faults().internalError("Team Drive/failing", 3);
            scene.storage.faults().cut("Team Drive/large", 1_000_000, 2);
            scene.storage.faults().answer("Team Drive/third", 502, "<html>Bad gateway</html>", 1);

            scene.goodBackUp();

            try (ZipFile zip = scene.archive()) {
                assertThat(zip.getInputStream(new ZipEntry("storage/Team%20Drive/large")))
                        .hasSameContentAs(StorageContent.generated(size).from(0));
                assertThat(scene.list(zip).path("objects")).hasSize(4);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void filesThatAreGoneOrChangedSinceTheSnapshotAreListed(StorageServer.Backend backend) throws Exception {
        try (Scene scene = new Scene(StorageServer.SECRET_KEY)) {
            scene.storage.keptIn(backend);
            for (String name : List.of("deleted", "lost", "stays", "replaced", "short")) {
                scene.storage.buckets().put("Team Drive", name, "first bytes of " + name);
            }
            scene.storage
                    .faults()
                    .before("Team Drive/deleted", () -> scene.storage.buckets().delete("Team Drive", "deleted"));
            scene.storage.faults().before("Team Drive/replaced", () -> scene.storage
                    .buckets()
                    .put("Team Drive", "replaced", "later bytes"));
            scene.storage.buckets().lose("Team Drive", "lost");
            scene.storage.faults().tooShort("Team Drive/short", 3, 1);

            Manifest manifest = scene.goodBackUp();

            try (ZipFile zip = scene.archive()) {
                JsonNode list = scene.list(zip);
                assertThat(list.path("objects").findValuesAsText("name")).containsExactly("stays");
                Map<String, String> reasons = new TreeMap<>();
                list.path("skew")
                        .forEach(skew -> reasons.put(
                                skew.path("name").asText(), skew.path("reason").asText()));
                assertThat(reasons)
                        .isEqualTo(Map.of(
                                "deleted", "deleted", "replaced", "changed", "lost", "missing", "short", "missing"));
                assertThat(zip.stream().map(ZipEntry::getName).filter(name -> name.startsWith("storage/Team")))
                        .containsExactly("storage/Team%20Drive/stays");
            }
            assertThat(manifest.supabase().storage().skew()).isEqualTo(4);
            assertThat(manifest.warnings()).anySatisfy(warning -> assertThat(warning)
                    .contains("4 of 5 files aren't in the archive: 1 deleted and 1 changed", "2 whose bytes"));
            assertThat(scene.row.path("warnings").findValuesAsText("text"))
                    .as("of the API")
                    .isEqualTo(manifest.warnings());
            assertThat(scene.differences()).isEmpty();
        }
    }

    @Test
    void tooManyLackingFilesFailTheBackup() throws Exception {
        try (Scene scene = new Scene(StorageServer.SECRET_KEY, Map.of("BACKUP_STORAGE_SKEW_LIMIT", "20%"))) {
            for (String name : List.of("lost", "stays", "deleted")) {
                scene.storage.buckets().put("Team Drive", name, name);
            }
            scene.storage.buckets().lose("Team Drive", "lost");

            assertThat(scene.failure())
                    .contains(
                            "1 of 3 files isn't in the archive",
                            "lost (missing)",
                            "BACKUP_STORAGE_SKEW_LIMIT allows 20%");
        }
    }

    @Test
    void aStoreWithoutAnyOfTheFilesIsAnotherProjects() throws Exception {
        try (Scene scene = new Scene(StorageServer.SECRET_KEY, Map.of("BACKUP_STORAGE_SKEW_LIMIT", "100%"))) {
            scene.storage.buckets().put("Team Drive", "lost", "lost");
            scene.storage.buckets().lose("Team Drive", "lost");

            assertThat(scene.failure()).contains("has none of the 1 file ", "SUPABASE_URL");
        }
    }

    @Test
    void anExpiredKeyFailsTheBackupBeforeAnythingIsDumped() throws Exception {
        try (Scene scene = new Scene(StorageServer.SERVICE_ROLE)) {
            scene.storage.buckets().put("Team Drive", "x", "x");
            scene.storage.expireKeys();

            assertThat(scene.failure())
                    .contains(
                            "refuses the key of SUPABASE_SERVICE_ROLE_KEY",
                            "meaning 403 (\"exp\" claim timestamp check failed)",
                            "Project Settings, API Keys")
                    .doesNotContain(StorageServer.SERVICE_ROLE);
            assertThat(scene.storage.downloads()).isZero();
        }
    }

    @Test
    void aKeyThatExpiresOnTheWayFailsTheBackup() throws Exception {
        try (Scene scene = new Scene(StorageServer.SERVICE_ROLE)) {
            scene.storage.buckets().put("Team Drive", "x", "x");
            scene.storage
                    .faults()
                    .answer(
                            "Team Drive/x",
                            400,
                            "{\"statusCode\":\"400\",\"error\":\"jwt expired\",\"message\":\"jwt expired\"}",
                            1);

            assertThat(scene.failure()).contains("refuses the key of SUPABASE_SERVICE_ROLE_KEY", "(jwt expired)");
        }
    }

    @Test
    void withoutAKeyNothingIsDumpedUnlessThereAreNoFiles() throws Exception {
        try (Scene scene = new Scene(null)) {
            scene.storage.buckets().put("Team Drive", "x", "x");

            assertThat(scene.failure())
                    .contains("SUPABASE_SERVICE_ROLE_KEY isn't set", "Or set BACKUP_STORAGE to false");
            assertThat(scene.row.path("tables_done").asInt()).isZero();

            scene.storage.buckets().delete("Team Drive", "x");
            assertThat(scene.goodBackUp().supabase().storage()).isEqualTo(new SupabaseContents.Files(1, 0, 0, 0, 0));
        }
    }

    @Test
    void bucketsAreChosenByTheirNames() throws Exception {
        try (Scene scene = new Scene(
                StorageServer.SECRET_KEY,
                Map.of("BACKUP_INCLUDE_BUCKETS", "Team*, a.b", "BACKUP_EXCLUDE_BUCKETS", "*old"))) {
            for (String bucket : List.of("Team old", "a.b", "axb", "team")) {
                scene.storage.buckets().create(bucket, false).put(bucket, "x", bucket);
            }
            scene.storage.buckets().put("Team Drive", "x", "x");

            scene.goodBackUp();

            try (ZipFile zip = scene.archive()) {
                assertThat(scene.list(zip).path("objects").findValuesAsText("bucket_id"))
                        .containsExactly("Team Drive", "a.b");
            }
        }
    }

    @Test
    void whatASettingOrARequestLeavesOutIsNotFetched() throws Exception {
        try (Scene scene = new Scene(StorageServer.SECRET_KEY)) {
            scene.storage.buckets().put("Team Drive", "x", "x");

            assertThat(scene.goodBackUp("{\"schemas\": [\"public\"]}").supabase())
                    .isNull();
            assertThat(scene.goodBackUp("{\"exclude\": [\"storage.*\"]}")
                            .supabase()
                            .storage())
                    .isNull();
        }
        try (Scene scene = new Scene(StorageServer.SECRET_KEY, Map.of("BACKUP_STORAGE", "false"))) {
            scene.storage.buckets().put("Team Drive", "x", "x");

            assertThat(scene.goodBackUp().supabase().storage()).isNull();
        }
    }

    @Test
    void filesComeByTheS3EndpointToo() throws Exception {
        try (TestStore files = TestStore.start();
                Scene scene = new Scene(null, s3(files, TestStore.SECRET))) {
            scene.storage.buckets().create(files.bucket(), false);
            for (String name : List.of("plain.txt", "folder/Ünï & 1%.txt", "lost")) {
                scene.storage.buckets().put(files.bucket(), name, "bytes of " + name);
                files.put(name, ("bytes of " + name).getBytes(UTF_8));
            }
            files.delete("lost");

            Manifest manifest = scene.goodBackUp();

            try (ZipFile zip = scene.archive()) {
                JsonNode list = scene.list(zip);
                assertThat(list.path("objects").findValuesAsText("name"))
                        .containsExactly("folder/Ünï & 1%.txt", "plain.txt");
                assertThat(list.path("skew").findValuesAsText("reason")).containsExactly("missing");
                for (JsonNode object : list.path("objects")) {
                    assertThat(zip.getInputStream(
                                    new ZipEntry(object.path("entry").asText())))
                            .hasContent("bytes of " + object.path("name").asText());
                }
            }
            assertThat(manifest.supabase().storage().objects()).isEqualTo(2);
            assertThat(scene.storage.downloads()).isZero();
        }
    }

    /** Storage's S3 endpoint says of these that there is no such file. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void namesThatTheS3EndpointCannotBeAskedForComeByTheApiOrAreSaidToBeOutOfReach(boolean withKey) throws Exception {
        List<String> odd = List.of("/first", "//", "folder//doubled", "a//b//c/", "last//");
        try (TestStore files = TestStore.start();
                Scene scene = new Scene(withKey ? StorageServer.SECRET_KEY : null, s3(files, TestStore.SECRET))) {
            scene.storage.buckets().create(files.bucket(), false);
            files.put("folder/plain", "bytes".getBytes(UTF_8));
            scene.storage.buckets().put(files.bucket(), "folder/plain", "bytes");
            odd.forEach(name -> scene.storage.buckets().put(files.bucket(), name, "bytes of " + name));

            Manifest manifest = scene.goodBackUp();

            assertThat(scene.storage.downloads()).isEqualTo(withKey ? odd.size() : 0);
            try (ZipFile zip = scene.archive()) {
                JsonNode list = scene.list(zip);
                assertThat(list.path("objects")).hasSize(withKey ? 1 + odd.size() : 1);
                assertThat(list.path("skew").findValuesAsText("reason"))
                        .hasSize(withKey ? 0 : odd.size())
                        .allMatch("unreachable"::equals);
            }
            if (withKey) {
                assertThat(manifest.warnings()).isEmpty();
            } else {
                assertThat(manifest.warnings()).singleElement().satisfies(warning -> assertThat(warning)
                        .contains(
                                "0 whose bytes the project itself doesn't have, 5 that can't be requested over S3",
                                "Set SUPABASE_SERVICE_ROLE_KEY as well"));
            }
        }
    }

    @Test
    void anAccessKeyThatTheS3EndpointRefusesFailsTheBackup() throws Exception {
        try (TestStore files = TestStore.start();
                Scene scene = new Scene(null, s3(files, "another-secret"))) {
            scene.storage.buckets().put("Team Drive", "x", "x");

            assertThat(scene.failure())
                    .contains(
                            "refuses its access key", "Set SUPABASE_S3_ACCESS_KEY_ID and SUPABASE_S3_SECRET_ACCESS_KEY")
                    .doesNotContain("another-secret");
        }
    }

    private static Map<String, String> s3(TestStore files, String secret) {
        return Map.of(
                "SUPABASE_STORAGE",
                "s3",
                "SUPABASE_S3_ENDPOINT",
                files.endpoint().toString(),
                "SUPABASE_S3_REGION",
                "us-east-1",
                "SUPABASE_S3_ACCESS_KEY_ID",
                TestStore.KEY_ID,
                "SUPABASE_S3_SECRET_ACCESS_KEY",
                secret);
    }

    @Test
    void aCheckSaysWhetherTheFilesCanBeFetched() throws Exception {
        try (Scene scene = new Scene(StorageServer.SECRET_KEY)) {
            scene.storage.buckets().put("Team Drive", "x", "12345");
            Map<String, String> settings = new HashMap<>(scene.store.settings());
            settings.putAll(Map.of(
                    "DATABASE_URL", SupabaseServer.url(scene.project),
                    "SUPABASE_URL", scene.storage.url(),
                    "BACKUP_STORAGE", "true",
                    "PG_BIN", BactrianService.pg17().toString(),
                    "CONTROL_DATABASE_URL", CONTROL.url()));

            assertThat(Run.bactrian(settings, "check").out())
                    .containsPattern("FAILED  ?database default: files: .*SUPABASE_SERVICE_ROLE_KEY isn't set");
            settings.put("SUPABASE_SERVICE_ROLE_KEY", StorageServer.SECRET_KEY);
            assertThat(Run.bactrian(settings, "check").out())
                    .containsPattern("OK +database default: files: 1 file in 1 bucket, 5 B");
        }
    }

    private static JsonNode object(JsonNode list, String name) {
        for (JsonNode object : list.path("objects")) {
            if (object.path("name").asText().equals(name)) {
                return object;
            }
        }
        throw new AssertionError(name);
    }

    private static long bytes(Map<String, String> files) {
        return files.values().stream()
                .mapToLong(text -> text.getBytes(UTF_8).length)
                .sum();
    }

    /** A project with a bucket, and the service that backs it up. */
    private static final class Scene implements AutoCloseable {

        final StorageServer storage = StorageServer.start();
        final TestDatabase project = supabase.project("project_" + PROJECTS.incrementAndGet());
        final TestStore store = TestStore.start();
        final BactrianService service;
        JsonNode row;

        Scene(String key) {
            this(key, Map.of());
        }

        Scene(String key, Map<String, String> own) {
            storage.buckets().attach(project).create("Team Drive", false);
            Map<String, String> settings = new HashMap<>(Map.of(
                    "DATABASE_URL", SupabaseServer.url(project),
                    "SUPABASE_URL", storage.url(),
                    "BACKUP_STORAGE", "true"));
            if (key != null) {
                settings.put("SUPABASE_SERVICE_ROLE_KEY", key);
            }
            settings.putAll(own);
            service = BactrianService.start(settings, CONTROL, store);
        }

        Manifest goodBackUp() {
            return goodBackUp("{}");
        }

        Manifest goodBackUp(String request) {
            row = service.awaitEnd(service.request(request));
            assertThat(row.path("status").asText()).as(row.toString()).isEqualTo("success");
            assertThat(service.workFiles()).isEmpty();
            return service.manifest(row.path("id").asText());
        }

        String failure() {
            row = service.backUp();
            assertThat(row.path("status").asText()).as(row.toString()).isEqualTo("failed");
            assertThat(service.workFiles()).isEmpty();
            assertThat(store.danglingUploads()).isEmpty();
            return row.path("error_text").asText();
        }

        ZipFile archive() throws IOException {
            return new ZipFile(store.download(row.path("s3_key").asText()).toFile());
        }

        JsonNode list(ZipFile zip) throws IOException {
            return JSON.readTree(zip.getInputStream(new ZipEntry("storage/objects.json")));
        }

        /** What reading all of the archive says. */
        List<String> differences() throws Exception {
            String key = row.path("s3_key").asText();
            return service.app()
                    .producer()
                    .request("direct:verify-archive", exchange -> exchange.setProperty("key", key))
                    .getMessage()
                    .getBody(ArchiveReport.class)
                    .differences();
        }

        @Override
        public void close() {
            service.close();
            store.close();
            storage.close();
        }
    }
}
