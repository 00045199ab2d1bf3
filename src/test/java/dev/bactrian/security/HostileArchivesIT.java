package dev.bactrian.security;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.Run;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import dev.bactrian.testing.stores.TestStore;
import dev.bactrian.testing.stores.ZipEdits;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Archives that somebody has made to end the process that reads them, of 256 MB of memory: each is refused by a limit. */
class HostileArchivesIT {

    private static final int ENTRIES = 450_000;

    @TempDir
    private Path folder;

    private Run run(String... words) {
        return Run.bactrian(
                Map.of(
                        "JAVA_TOOL_OPTIONS",
                        "-Xmx256m",
                        "DATABASE_URL_TARGET",
                        PostgresServer.V17.createDatabase().url(),
                        "PG_BIN",
                        BactrianService.pg17().toString(),
                        "WORK_DIR",
                        folder.resolve("work").toString()),
                words);
    }

    private void requireRefused(Path archive, String limit) {
        for (String[] words : List.of(
                new String[] {"restore", archive.toString(), "--to", "target", "--dry-run"},
                new String[] {"verify", archive.toString(), "--archive-only"})) {
            Run refused = run(words);
            String told = refused.out() + refused.err();
            assertThat(refused.exit()).as(told).isEqualTo(1);
            assertThat(told).contains(limit).doesNotContain("OutOfMemory");
        }
    }

    private interface Content {
        void write(OutputStream out) throws IOException;
    }

    private Path zipWith(String manifestName, Content manifest) throws IOException {
        Path file = folder.resolve(manifestName + ".zip");
        try (ZipOutputStream zip =
                new ZipOutputStream(new BufferedOutputStream(Files.newOutputStream(file), 1 << 16))) {
            zip.putNextEntry(new ZipEntry("manifest.json"));
            manifest.write(zip);
            zip.closeEntry();
        }
        return file;
    }

    private static void repeat(OutputStream out, String text, int times) throws IOException {
        byte[] many = text.repeat(10_000).getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < times; i += 10_000) {
            out.write(many);
        }
    }

    @Test
    void aManifestOfEndlessBlanksIsRefused() throws IOException {
        requireRefused(
                zipWith("blanks", out -> {
                    repeat(out, " ", 400_000_000);
                    out.write('{');
                }),
                "its manifest is larger than the limit of ");
    }

    /** Three bytes of text become a table of a hundred in memory. */
    @Test
    void aManifestOfEmptyTablesIsRefused() throws IOException {
        requireRefused(
                zipWith("tables", out -> {
                    out.write("{\"format_version\": 1, \"tables\": [{}".getBytes(StandardCharsets.US_ASCII));
                    repeat(out, ",{}", 5_000_000);
                    out.write("]}".getBytes(StandardCharsets.US_ASCII));
                }),
                "JSON tokens.");
    }

    @Test
    void aZipOfTooManyEntriesIsRefused() throws IOException {
        Path file = folder.resolve("entries.zip");
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 16)) {
            ByteBuffer bytes = ByteBuffer.allocate(100).order(ByteOrder.LITTLE_ENDIAN);
            for (int i = 0; i < ENTRIES; i++) {
                // Local headers of empty entries, 40 bytes each.
                bytes.clear();
                bytes.putInt(0x04034b50)
                        .putShort((short) 20)
                        .putShort((short) 0x800)
                        .putShort((short) 0);
                bytes.putInt(0)
                        .putInt(0)
                        .putInt(0)
                        .putInt(0)
                        .putShort((short) 10)
                        .putShort((short) 0);
                name(bytes, i);
                out.write(bytes.array(), 0, bytes.position());
            }
            for (int i = 0; i < ENTRIES; i++) {
                bytes.clear();
                bytes.putInt(0x02014b50)
                        .putShort((short) 20)
                        .putShort((short) 20)
                        .putShort((short) 0x800);
                bytes.putShort((short) 0)
                        .putInt(0)
                        .putInt(0)
                        .putInt(0)
                        .putInt(0)
                        .putShort((short) 10);
                bytes.putShort((short) 0)
                        .putShort((short) 0)
                        .putShort((short) 0)
                        .putShort((short) 0)
                        .putInt(0);
                bytes.putInt(i * 40);
                name(bytes, i);
                out.write(bytes.array(), 0, bytes.position());
            }
            bytes.clear();
            // That it has one entry is a lie.
            bytes.putInt(0x06054b50).putInt(0).putShort((short) 1).putShort((short) 1);
            bytes.putInt(ENTRIES * 56).putInt(ENTRIES * 40).putShort((short) 0);
            out.write(bytes.array(), 0, bytes.position());
        }
        requireRefused(file, "entries, or names");
    }

    private static void name(ByteBuffer bytes, int number) {
        bytes.put(String.format("db/%07d", number).getBytes(StandardCharsets.US_ASCII));
    }

    /** 40 million brackets would take 3 GB as elements of SQL. */
    @Test
    void anEntryThatIsReadWholeIsReadWithinLimitsToo() throws IOException {
        TestDatabase source = PostgresServer.V17.createDatabase().run("CREATE TABLE t (id serial)");
        String statement = "SELECT " + "(".repeat(40_000_000);
        Path file = folder.resolve("whole.zip");
        try (TestStore store = TestStore.start()) {
            ZipEdits edits = ZipEdits.of(
                    Files.readAllBytes(store.download(BactrianService.backUp(PostgresServer.V17, source, store))));
            for (String name : List.of("db/sequences.sql", "db/roles.sql")) {
                edits.remove(name).addFile(name, statement);
            }
            Files.write(file, edits.zip());
        }

        Run restored = run("restore", file.toString(), "--to", "target");

        String told = restored.out() + restored.err();
        assertThat(told)
                .contains("db/sequences.sql is larger than the limit of ", "db/roles.sql is larger than the limit of ")
                .doesNotContain("OutOfMemory");
    }

    @Test
    void aManifestBesideAFileIsReadWithinLimitsToo() throws IOException {
        Path file = zipWith("beside", out -> out.write('{'));
        try (OutputStream out =
                new BufferedOutputStream(Files.newOutputStream(folder.resolve("beside.manifest.json")), 1 << 16)) {
            repeat(out, "[", 400_000_000);
        }
        requireRefused(file, "its manifest is larger than the limit of ");
    }
}
