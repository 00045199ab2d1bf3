package dev.bactrian.supabase.storage;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.bactrian.archive.Manifest;
import dev.bactrian.archive.verify.ArchiveReport;
import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import dev.bactrian.testing.stores.StorageBuckets;
import dev.bactrian.testing.stores.TestStore;
import dev.bactrian.testing.supabase.StorageContent;
import dev.bactrian.testing.supabase.StorageServer;
import dev.bactrian.testing.supabase.SupabaseServer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.apache.camel.builder.AdviceWith;
import org.apache.commons.io.input.BoundedInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Files that haven't changed come from the last archive; whatever that lacks comes from the project. */
class IncrementalFilesIT {

    private static final AtomicInteger PROJECTS = new AtomicInteger();
    private static final TestDatabase CONTROL = PostgresServer.V17.createDatabase();
    private static final String BUCKET = "Team Drive";
    private static final long LARGE = 3_000_000;
    private static SupabaseServer supabase;

    private final StorageServer storage = StorageServer.start();
    private final StorageBuckets buckets = storage.buckets();
    private final TestStore store = TestStore.start();
    private BactrianService service;
    private JsonNode row;

    @BeforeAll
    static void startProject() {
        supabase = SupabaseServer.start();
    }

    @AfterAll
    static void stopProject() {
        supabase.close();
    }

    @BeforeEach
    void startService() {
        TestDatabase project = supabase.project("incremental_" + PROJECTS.incrementAndGet());
        buckets.attach(project).create(BUCKET, false);
        service = BactrianService.start(
                Map.of(
                        "DATABASE_URL",
                        SupabaseServer.url(project),
                        "SUPABASE_URL",
                        storage.url(),
                        "SUPABASE_SERVICE_ROLE_KEY",
                        StorageServer.SECRET_KEY,
                        "BACKUP_STORAGE",
                        "true",
                        "BACKUP_STORAGE_PARALLELISM",
                        "1",
                        "BACKUP_STORAGE_INCREMENTAL",
                        "true"),
                CONTROL,
                store);
        for (String name : List.of("a", "a/b", "changed", "deleted", "empty", "Ünïcode ☀/地図.png")) {
            buckets.put(BUCKET, name, name.equals("empty") ? "" : "bytes of " + name);
        }
        StorageContent large = StorageContent.generated(LARGE);
        buckets.put(BUCKET, "large", large, "application/octet-stream", "no-cache", null);
        buckets.put(BUCKET, "video", large, "video/mp4", "no-cache", null);
    }

    @AfterEach
    void stopService() {
        service.close();
        store.close();
        storage.close();
    }

    @Test
    void onlyWhatIsNewOrChangedIsFetched() throws Exception {
        assertThat(backUp().supabase().storage().reused()).isZero();
        assertThat(storage.downloads()).isEqualTo(8);

        buckets.put(BUCKET, "a-new", "bytes of a-new");
        buckets.put(BUCKET, "changed", "other bytes");
        buckets.delete(BUCKET, "deleted");
        Manifest manifest = backUp();

        assertThat(storage.downloads()).isEqualTo(10);
        assertThat(manifest.supabase().storage().objects()).isEqualTo(8);
        assertThat(manifest.supabase().storage().reused()).isEqualTo(6);
        requireAllBytes();

        backUp();

        assertThat(storage.downloads())
                .as("from an archive that was itself made that way")
                .isEqualTo(10);
        requireAllBytes();
    }

    @Test
    void whatIsDamagedInTheArchiveIsFetched() throws Exception {
        backUp();
        String key = row.path("s3_key").asText();
        byte[] archive = Files.readAllBytes(store.download(key));
        byte[] pattern = StorageContent.generated(LARGE).from(2_000_000).readNBytes(64);
        int at = indexOf(archive, pattern);
        archive[at] ^= 1;
        store.put(key, archive);

        Manifest manifest = backUp();

        assertThat(storage.downloads()).isBetween(9, 10);
        assertThat(manifest.warnings())
                .singleElement()
                .asString()
                .contains(key, "is damaged", "fetched from the project");
        requireAllBytes();
    }

    @Test
    void anArchiveThatIsGoneIsDoneWithout() throws Exception {
        backUp();
        store.delete(row.path("s3_key").asText());

        assertThat(backUp().supabase().storage().reused()).isZero();
        assertThat(storage.downloads()).isEqualTo(16);
        requireAllBytes();
    }

    @Test
    void anArchiveThatGoesMeanwhileIsDoneWithout() throws Exception {
        backUp();
        String key = row.path("s3_key").asText();
        buckets.put(BUCKET, "0-new", "the first to be fetched");
        storage.faults().before(BUCKET + "/0-new", () -> store.delete(key));

        Manifest manifest = backUp();

        assertThat(manifest.supabase().storage().reused()).isLessThan(8);
        assertThat(manifest.supabase().storage().objects()).isEqualTo(9);
        requireAllBytes();
    }

    @Test
    void whatBreaksOffInTheMiddleOfAFileGoesOnFromTheProject() throws Exception {
        backUp();
        AtomicInteger reads = new AtomicInteger();
        AtomicBoolean breaking = new AtomicBoolean(true);
        AdviceWith.adviceWith(service.app().context(), "read-range", advice -> advice.weaveById("get-range")
                .after()
                .process(exchange -> {
                    long length = exchange.getMessage().getHeader("rangeEnd", Long.class)
                            - exchange.getMessage().getHeader("rangeStart", Long.class);
                    // The first proves the file; the others read it, and what is left of it.
                    if (breaking.get() && length > LARGE / 4 && reads.incrementAndGet() > 1) {
                        exchange.getMessage().setBody(cut(exchange.getMessage().getBody(InputStream.class)));
                    }
                }));

        Manifest manifest = backUp();

        breaking.set(false);
        assertThat(reads.get()).isGreaterThan(2);
        assertThat(manifest.supabase().storage().objects()).isEqualTo(8);
        assertThat(storage.downloads()).isGreaterThan(8).isLessThanOrEqualTo(11);
        requireAllBytes();
    }

    private static InputStream cut(InputStream in) throws IOException {
        return BoundedInputStream.builder()
                .setInputStream(in)
                .setMaxCount(100_000)
                .get();
    }

    private static int indexOf(byte[] where, byte[] what) {
        for (int at = 0; ; at++) {
            if (ByteBuffer.wrap(where, at, what.length).equals(ByteBuffer.wrap(what))) {
                return at;
            }
        }
    }

    private Manifest backUp() {
        row = service.awaitEnd(service.request("{}"));
        assertThat(row.path("status").asText()).as(row.toString()).isEqualTo("success");
        assertThat(service.workFiles()).isEmpty();
        return service.manifest(row.path("id").asText());
    }

    /** Every file of the project is in the last archive, and that is whole. */
    private void requireAllBytes() throws Exception {
        try (ZipFile zip =
                new ZipFile(store.download(row.path("s3_key").asText()).toFile())) {
            JsonNode list = new ObjectMapper().readTree(zip.getInputStream(new ZipEntry("storage/objects.json")));
            for (JsonNode object : list.path("objects")) {
                StorageBuckets.Stored stored =
                        buckets.get(BUCKET, object.path("name").asText());
                assertThat(object.path("version").asText()).isEqualTo(stored.version());
                assertThat(zip.getInputStream(new ZipEntry(object.path("entry").asText())))
                        .hasSameContentAs(stored.content().from(0));
            }
        }
        assertThat(service.app()
                        .producer()
                        .request(
                                "direct:verify-archive",
                                exchange -> exchange.setProperty(
                                        "key", row.path("s3_key").asText()))
                        .getMessage()
                        .getBody(ArchiveReport.class)
                        .differences())
                .isEmpty();
    }
}
