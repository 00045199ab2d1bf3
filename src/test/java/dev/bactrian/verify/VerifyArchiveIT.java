package dev.bactrian.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.bactrian.archive.verify.ArchiveReport;
import dev.bactrian.problem.ProblemException;
import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import dev.bactrian.testing.stores.TestStore;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.zip.CRC32;
import org.apache.camel.Exchange;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.apache.commons.compress.archivers.zip.ZipFile;
import org.apache.commons.compress.utils.SeekableInMemoryByteChannel;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Whatever is wrong with an archive is found by reading it, without a database. */
class VerifyArchiveIT {

    private static final long SEED = 20261120;
    private static final String DATA = "db/app/tables/item/data.sql";

    private static TestStore store;
    private static BactrianService service;
    private static String key;
    private static byte[] archive;
    private static String manifest;
    private static String otherManifest;

    @BeforeAll
    static void backUp() throws IOException {
        TestDatabase source = PostgresServer.V17
                .createDatabase()
                .run(
                        "CREATE SCHEMA app",
                        "CREATE TABLE app.item (id int PRIMARY KEY, text text)",
                        "INSERT INTO app.item SELECT n, md5(n::text) FROM generate_series(1, 3000) n",
                        // More than a megabyte when compressed goes straight into the zip, sizes at the end.
                        "CREATE TABLE app.wide (id int PRIMARY KEY, text text)",
                        "INSERT INTO app.wide SELECT n, (SELECT string_agg(md5(random()::text || n || m), '') FROM generate_series(1, 40) m) FROM generate_series(1, 2000) n",
                        "CREATE TABLE app.\"odd/../name\\\" (id int)",
                        "CREATE TABLE app.empty ()",
                        "SELECT lo_from_bytea(0, 'large')");
        store = TestStore.start();
        service =
                BactrianService.start(PostgresServer.V17.settings(source), PostgresServer.V17.createDatabase(), store);
        otherManifest = Files.readString(store.download(manifestKey(backUpOnce())));
        key = backUpOnce();
        archive = Files.readAllBytes(store.download(key));
        manifest = Files.readString(store.download(manifestKey(key)));
    }

    @AfterAll
    static void stop() {
        service.close();
        store.close();
    }

    private static String backUpOnce() {
        JsonNode row = service.goodBackUp();
        return row.path("s3_key").asText();
    }

    private static String manifestKey(String archiveKey) {
        return archiveKey.substring(0, archiveKey.lastIndexOf('/')) + "/manifest.json";
    }

    @Test
    void anIntactArchiveIsReadToItsEndAndHasNoDifference() throws Exception {
        Exchange answer =
                service.app().producer().request("direct:verify-archive", exchange -> exchange.setProperty("key", key));

        assertThat(answer.getException()).isNull();
        ArchiveReport report = answer.getMessage().getBody(ArchiveReport.class);
        assertThat(report.differences()).isEmpty();
        assertThat(report.key()).isEqualTo(key);
        assertThat(report.tables()).isEqualTo(4);
        assertThat(report.rows()).isEqualTo(5000);
        assertThat(report.bytes()).isEqualTo(archive.length).isGreaterThan(1 << 20);
        assertThat(report.entries()).isGreaterThan(12);
        assertThat(check(archive, manifest)).isEmpty();
    }

    @Test
    void anArchiveThatIsNotThereIsSaidSo() throws Exception {
        Exchange answer = service.app()
                .producer()
                .request("direct:verify-archive", exchange -> exchange.setProperty("key", "backups/archive/no/no.zip"));

        assertThat(answer.getException())
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("doesn't return backups/archive/no/no.zip");
    }

    @Test
    void everyFlippedByteIsFound() {
        Random random = new Random(SEED);
        for (int i = 0; i < 60; i++) {
            byte[] copy = archive.clone();
            // Half of them outside of the one large entry.
            int at = i % 2 == 0 ? random.nextInt(copy.length) : copy.length - 1 - random.nextInt(6000);
            copy[at] ^= (byte) (1 << random.nextInt(8));
            assertThat(check(copy, manifest))
                    .as("byte %d of %d", at, copy.length)
                    .isNotEmpty();
        }
    }

    /** What the checksum of the whole would find as well is found without it, too, where only the file is left. */
    @Test
    void flippedBytesOfContentsAndDirectoryAreFoundWithoutTheManifestBesideIt() {
        Random random = new Random(SEED);
        for (int i = 0; i < 40; i++) {
            byte[] copy = archive.clone();
            int at = i % 2 == 0 ? copy.length / 4 + random.nextInt(copy.length / 2) : copy.length - 22 + i % 12 + 8;
            copy[at] ^= (byte) (1 << random.nextInt(8));
            assertThat(check(copy, null)).as("byte %d of %d", at, copy.length).isNotEmpty();
        }
    }

    @Test
    void everyTruncationIsFound() {
        Random random = new Random(SEED);
        for (int i = 0; i < 20; i++) {
            int length = i < 4 ? i * 7 : i < 10 ? archive.length - i + 3 : random.nextInt(archive.length);
            byte[] copy = Arrays.copyOf(archive, length);
            assertThat(check(copy, manifest))
                    .as("%d of %d", length, archive.length)
                    .isNotEmpty();
            assertThat(check(copy, null))
                    .as("%d of %d alone", length, archive.length)
                    .isNotEmpty();
        }
    }

    @Test
    void anotherBackupsManifestIsFound() {
        assertThat(check(archive, otherManifest))
                .anyMatch(difference -> difference.contains("they belong to the backups"))
                .anyMatch(difference -> difference.contains("SHA-256"));
    }

    @Test
    void aMissingManifestIsFoundInTheStore() throws Exception {
        assertThat(report(archive, null, true).differences())
                .containsExactly("There is no manifest next to the archive. An incomplete backup has none.");
        assertThat(report(archive, null, false).differences()).isEmpty();
        assertThat(report(archive, "no json", true).differences()).isNotEmpty();
        assertThat(report(archive, "[1]", true).differences()).isNotEmpty();
        assertThat(report(archive, "{}", true).differences()).isNotEmpty();
    }

    @Test
    void anEntryThatWouldBeWrittenElsewhereIsFound() throws IOException {
        for (String name : List.of(
                "../evil",
                "/etc/evil",
                "db/../../evil",
                "db\\..\\evil",
                "C:/evil",
                "db/evil\n",
                "db//evil",
                "db/.evil")) {
            byte[] changed = rebuilt(entries -> with(entries, new Entry(name, bytes("evil"))));
            assertThat(check(changed, null))
                    .as(name)
                    .anyMatch(difference -> difference.contains("has a name that Bactrian never uses"));
        }
    }

    @Test
    void anEntryThatNobodyNamesIsFound() throws IOException {
        assertThat(check(rebuilt(entries -> with(entries, new Entry("db/extra.sql", bytes("DROP")))), null))
                .containsExactly("The entry db/extra.sql isn't in the manifest.");
    }

    @Test
    void aMissingEntryIsFound() throws IOException {
        for (String name :
                List.of(DATA, "db/app/tables/item/schema.sql", "db/roles.sql", "manifest.json", "README.txt")) {
            byte[] changed = rebuilt(entries -> {
                entries.removeIf(entry -> entry.name().equals(name));
                return entries;
            });
            assertThat(check(changed, null)).as(name).isNotEmpty();
        }
    }

    @Test
    void aTableThatIsThereTwiceIsFound() throws IOException {
        byte[] changed = rebuilt(entries -> with(entries, entry(entries, DATA)));

        assertThat(check(changed, null)).containsExactly("The entry " + DATA + " is in the archive twice.");
    }

    /** With right checksums of the zip's own: only the manifest knows. */
    @Test
    void changedRowsAreFoundWithTheirTable() throws IOException {
        String content = new String(entry(unpacked(), DATA).content(), StandardCharsets.UTF_8);
        for (String changed : List.of(
                content.replace("\n7\t", "\n70\t"),
                content.replaceFirst("\n7\t[^\n]*", ""),
                content.replaceFirst("(\n7\t[^\n]*)", "$1$1"),
                content.replace("\\.\n", ""),
                content.replace("\"app\".\"item\"", "\"app\".\"wide\""),
                content.replace("COPY", "DELETE FROM x; COPY"),
                content + content,
                "")) {
            byte[] bad = rebuilt(entries -> {
                entries.replaceAll(entry -> entry.name().equals(DATA) ? new Entry(DATA, bytes(changed)) : entry);
                return entries;
            });
            assertThat(check(bad, null))
                    .isNotEmpty()
                    .allMatch(difference -> difference.contains("\"app\".\"item\"") || difference.contains(DATA));
        }
    }

    @Test
    void aDirectoryThatTellsSomethingElseIsFound() {
        byte[] copy = archive.clone();
        int at = lastIndex(copy, bytes("db/app/tables/item/data.sql"));
        copy[at] = 'X';
        assertThat(check(copy, null))
                .hasSize(1)
                .first()
                .asString()
                .startsWith("The zip's directory doesn't match the entries");
    }

    /** The manifest has no checksum of a table's definition: only the zip has. */
    @Test
    void aDefinitionThatIsNotWhatWasWrittenIsFound() throws IOException {
        CRC32 crc = new CRC32();
        crc.update(entry(unpacked(), "db/app/tables/item/schema.sql").content());
        byte[] told = ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt((int) crc.getValue())
                .array();
        byte[] copy = archive.clone();
        int inDirectory = lastIndex(copy, told);
        copy[inDirectory] ^= 1;
        copy[lastIndex(copy, told)] ^= 1;

        assertThat(check(copy, null)).hasSize(1).first().asString().contains("item/schema.sql", "CRC-32");
    }

    /** A broken connection says nothing about the archive. */
    @Test
    void anArchiveThatCannotBeReadIsNoDifference() {
        InputStream breaking = new FilterInputStream(new ByteArrayInputStream(archive)) {
            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                int count = super.read(bytes, offset, Math.min(length, 4096));
                if (in.available() < archive.length / 2) {
                    throw new IOException("Connection reset");
                }
                return count;
            }
        };
        assertThatThrownBy(() -> report(breaking, manifest, false)).hasMessageContaining("couldn't be read to the end");
    }

    @Test
    void theStreamIsClosed() throws Exception {
        AtomicInteger closed = new AtomicInteger();
        InputStream counting = new FilterInputStream(new ByteArrayInputStream(archive)) {
            @Override
            public void close() {
                closed.incrementAndGet();
            }
        };
        report(counting, manifest, false);

        assertThat(closed).hasValueGreaterThan(0);
    }

    private static List<String> check(byte[] bytes, String beside) {
        try {
            return report(bytes, beside, false).differences();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static ArchiveReport report(byte[] bytes, String beside, boolean stored) throws Exception {
        return report(new ByteArrayInputStream(bytes), beside, stored);
    }

    private static ArchiveReport report(InputStream in, String beside, boolean stored) throws Exception {
        Exchange answer = service.app().producer().request("direct:check-archive", exchange -> {
            exchange.setProperty("key", key);
            exchange.setProperty("manifestText", beside);
            exchange.setProperty("stored", stored);
            exchange.getMessage().setBody(in);
        });
        if (answer.getException() != null) {
            throw answer.getException();
        }
        return answer.getMessage().getBody(ArchiveReport.class);
    }

    private record Entry(String name, byte[] content) {}

    private static List<Entry> unpacked() throws IOException {
        List<Entry> entries = new ArrayList<>();
        try (ZipFile zip = ZipFile.builder()
                .setSeekableByteChannel(new SeekableInMemoryByteChannel(archive))
                .get()) {
            for (ZipArchiveEntry entry : Collections.list(zip.getEntriesInPhysicalOrder())) {
                entries.add(new Entry(entry.getName(), zip.getInputStream(entry).readAllBytes()));
            }
        }
        return entries;
    }

    /** A zip without a fault of its own. */
    private static byte[] rebuilt(UnaryOperator<List<Entry>> change) throws IOException {
        java.io.ByteArrayOutputStream out = new java.io.ByteArrayOutputStream();
        try (ZipArchiveOutputStream zip = new ZipArchiveOutputStream(out)) {
            for (Entry entry : change.apply(unpacked())) {
                zip.putArchiveEntry(new RawName(entry.name()));
                zip.write(entry.content());
                zip.closeArchiveEntry();
            }
        }
        return out.toByteArray();
    }

    /** The library would turn backslashes. */
    private static final class RawName extends ZipArchiveEntry {
        RawName(String name) {
            super("x");
            setName(name, name.getBytes(StandardCharsets.UTF_8));
        }
    }

    private static List<Entry> with(List<Entry> entries, Entry more) {
        entries.add(more);
        return entries;
    }

    private static Entry entry(List<Entry> entries, String name) {
        return entries.stream()
                .filter(entry -> entry.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static int lastIndex(byte[] bytes, byte[] wanted) {
        for (int at = bytes.length - wanted.length; at >= 0; at--) {
            if (Arrays.equals(bytes, at, at + wanted.length, wanted, 0, wanted.length)) {
                return at;
            }
        }
        throw new AssertionError("not there");
    }
}
