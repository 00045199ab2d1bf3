package dev.bactrian.supabase.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bactrian.archive.write.Archive;
import dev.bactrian.backup.BackupRun;
import dev.bactrian.problem.ProblemException;
import dev.bactrian.testing.SampleRun;
import dev.bactrian.testing.supabase.StorageContent;
import dev.bactrian.testing.supabase.StorageServer;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client of the Storage API makes of its answers. */
class ApiFileStoreTest {

    private static final String SETTING = "SUPABASE_SERVICE_ROLE_KEY_PROD";

    private final StorageServer server = StorageServer.start();

    @BeforeEach
    void fill() {
        server.buckets().create("b", false).put("b", "x", "0123456789");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 4})
    void aFileIsReadFromWhereItIsWanted(long from) throws Exception {
        try (FileStore store = store(StorageServer.SECRET_KEY);
                Download download = store.open("b", "x", from)) {
            assertThat(download.size()).isEqualTo(10);
            assertThat(download.eTag()).isEqualTo("781e5e245d69b566979b86e28d23f2c7");
            assertThat(download.content().readAllBytes())
                    .isEqualTo("0123456789".substring((int) from).getBytes());
        }
    }

    @Test
    void aFileThatIsNotThereIsRefused() throws Exception {
        try (FileStore store = store(StorageServer.SERVICE_ROLE)) {
            for (List<String> gone : List.of(List.of("b", "no"), List.of("no", "x"))) {
                assertThatThrownBy(() -> store.open(gone.get(0), gone.get(1), 0))
                        .isInstanceOf(RefusedFileException.class)
                        .hasMessageContaining("the answer was 400, meaning 404 (");
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void onlyBytesCountAsThere(StorageServer.Backend backend) throws Exception {
        server.keptIn(backend);
        server.buckets().put("b", "lost", "its row stays");
        server.buckets().lose("b", "lost");
        server.buckets().put("b", "empty", "");
        try (FileStore store = store(StorageServer.SECRET_KEY)) {
            assertThat(store.find(upload("x", 10))).isEqualTo(new FoundFile(10, "781e5e245d69b566979b86e28d23f2c7"));
            assertThat(store.find(upload("lost", 13))).isNull();
            assertThat(store.find(upload("no", 1))).isNull();
            assertThat(store.find(upload("empty", 0))).isEqualTo(new FoundFile(0, "d41d8cd98f00b204e9800998ecf8427e"));
            FoundFile emptied = store.find(upload("empty", 7));
            // There, or not known to be there: not as it should be, at any rate.
            assertThat(emptied == null ? 0 : emptied.size()).isZero();
            assertThat(server.glances()).isZero();
            assertThat(server.downloads()).as("each was asked for once").isEqualTo(5);
        }
    }

    @Test
    void onlyAFirstByteIsReadOfALargeFile() throws Exception {
        server.buckets().put("b", "large", StorageContent.generated(50_000_000), "video/mp4", "no-cache", null);
        try (FileStore store = store(StorageServer.SECRET_KEY)) {
            assertThat(store.find(upload("large", 50_000_000)).size()).isEqualTo(50_000_000);
            server.faults().cut("b/large", 0, 1);
            assertThatThrownBy(() -> store.find(upload("large", 50_000_000))).isInstanceOf(BusyException.class);
        }
    }

    private static Upload upload(String name, long size) {
        return new Upload("b", name, size, null, null, null, java.io.InputStream::nullInputStream);
    }

    @ParameterizedTest
    @ValueSource(strings = {"sb_secret_wrong", "eyJ.eyJ.sig"})
    void aWrongKeyEndsEverythingAndIsNotShown(String key) {
        try (FileStore store = store(key)) {
            assertThatThrownBy(() -> store.open("b", "x", 0))
                    .isInstanceOf(ProblemException.class)
                    .hasMessageContaining("refuses the key of " + SETTING + ": the answer was 401 (Invalid API key)")
                    .hasMessageNotContaining(key);
        }
    }

    @Test
    void aProjectThatIsPausedOrOverItsLimitsEndsEverything() {
        server.faults().answer("b/x", 540, "{\"message\":\"Project paused\"}", 1);
        server.faults()
                .answer("b/x", 402, "{\"message\":\"Service for this project is restricted: exceed_egress_quota\"}", 1);
        try (FileStore store = store(StorageServer.SECRET_KEY)) {
            for (String said : List.of("540 (Project paused)", "exceed_egress_quota")) {
                assertThatThrownBy(() -> store.open("b", "x", 0))
                        .isInstanceOf(ProblemException.class)
                        .hasMessageContaining(said)
                        .hasMessageContaining("paused, or over its plan's limits");
            }
        }
    }

    @Test
    void whatIsNoStorageApiIsNamed() {
        try (FileStore store =
                new ApiFileStore(URI.create(server.url() + "/rest"), StorageServer.SECRET_KEY, SETTING, 1)) {
            assertThatThrownBy(store::buckets)
                    .isInstanceOf(ProblemException.class)
                    .hasMessageContaining("isn't a project's Storage API");
        }
    }

    @Test
    void aServerThatFailsForGoodEndsTheBackup(@TempDir Path folder) throws Exception {
        assertEndsTheBackup(503, "{\"message\":\"Service Unavailable\"}", 9, folder);
    }

    @Test
    void aServerThatTakesNoMoreRequestsIsAskedForLonger(@TempDir Path folder) throws Exception {
        assertEndsTheBackup(429, "{\"statusCode\":\"429\",\"code\":\"SlowDown\",\"message\":\"Too many\"}", 17, folder);
    }

    private void assertEndsTheBackup(int status, String body, int times, Path folder) throws Exception {
        server.faults().answer("b/x", status, body, Integer.MAX_VALUE);
        try (BackupRun run = SampleRun.in(folder);
                FileStore store = store(StorageServer.SECRET_KEY);
                FilesRun files = new FilesRun(new FilePlan(List.of(), "[]", 1, 10), store, run.getFolder())) {
            StorageObject object = new ObjectRows(
                            List.of(Map.<String, Object>of("bucket_id", "b", "name", "x", "row", "{}"))
                                    .iterator())
                    .next();

            assertThatThrownBy(() -> new FileFetch(Duration.ofNanos(10_000))
                            .fetch(object, run, new Archive(run.getFolder(), 0, Instant.EPOCH), files))
                    .isInstanceOf(ProblemException.class)
                    .hasMessageContaining(
                            "The file b/x couldn't be fetched, " + times + " times in a row: the answer was " + status)
                    .hasMessageContaining("BACKUP_STORAGE_PARALLELISM");
            assertThat(server.downloads()).isEqualTo(times);
        }
    }

    private FileStore store(String key) {
        return new ApiFileStore(URI.create(server.url()), key, SETTING, 2);
    }
}
