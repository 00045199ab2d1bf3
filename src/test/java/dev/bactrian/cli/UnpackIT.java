package dev.bactrian.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.Run;
import dev.bactrian.testing.keys.PgpKeys;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import dev.bactrian.testing.stores.TestStore;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command unpack, judged by what it prints and writes, and its exit code. */
class UnpackIT {

    private static final String DATA = "db/app/tables/item/data.sql";

    private static TestStore store;
    private static Map<String, String> settings;
    private static String key;

    @TempDir
    private Path folder;

    @BeforeAll
    static void start() {
        TestDatabase database = PostgresServer.V17
                .createDatabase()
                .run(
                        "CREATE SCHEMA app",
                        "CREATE TABLE app.item AS SELECT n AS id, md5(n::text) AS text FROM generate_series(1, 50000) n",
                        "CREATE TABLE app.log (day date) PARTITION BY RANGE (day)",
                        "CREATE TABLE app.log_old PARTITION OF app.log FOR VALUES FROM ('2020-01-01') TO ('2021-01-01')",
                        "INSERT INTO app.log VALUES ('2020-05-05')");
        store = TestStore.start();
        settings = new HashMap<>(store.settings());
        settings.put("WORK_DIR", BactrianService.temporaryFolder().toString());
        settings.put("PG_BIN", BactrianService.pg17().toString());
        backUp(database, Map.of());
        key = archive(".zip");
        backUp(database, Map.of("BACKUP_ENCRYPT_TO", PgpKeys.publicKey("alice").toString()));
    }

    @AfterAll
    static void stop() {
        store.close();
    }

    private static void backUp(TestDatabase database, Map<String, String> more) {
        Map<String, String> all = new HashMap<>(settings);
        all.put("DATABASE_URL", database.url());
        all.put("CONTROL_DATABASE_URL", PostgresServer.V17.createDatabase().url());
        all.putAll(more);
        Run run = Run.bactrian(all, "backup");
        assertThat(run.exit()).as(run.err()).isZero();
    }

    private static String archive(String end) {
        return store.keys().stream()
                .filter(found -> found.contains("/archive/") && found.endsWith(end))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void everyFileIsWhatTheArchiveHas() throws IOException {
        Path to = folder.resolve("new/unpacked");

        Run run = Run.bactrian(settings, "unpack", key, "--to", to.toString());

        assertThat(run.exit()).as(run.err()).isZero();
        Map<String, String> expected = contents(store.download(key));
        assertThat(files(to)).isEqualTo(expected);
        assertThat(run.out()).containsPattern("Files +" + expected.size() + ", \\d");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(to.resolve(DATA))))
                .isEqualTo("rw-------");

        Run again = Run.bactrian(settings, "unpack", key, "--to", to.toString(), "--table", "app.item");
        assertThat(again.exit()).isEqualTo(1);
        assertThat(again.err()).contains("is db/app/tables/item/", "Nothing was written.", "aren't overwritten");
        assertThat(files(to)).isEqualTo(expected);
    }

    /** From a local file; a partitioned table comes with its partitions. */
    @Test
    void someTablesAreUnpacked() throws IOException {
        Path to = folder.resolve("some");
        String zip = store.download(key).toString();

        Run run = Run.bactrian(settings, "unpack", zip, "--to", to.toString(), "--table", "app.log");

        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(files(to))
                .containsOnlyKeys(
                        "db/app/tables/log/schema.sql",
                        "db/app/tables/log_old/schema.sql",
                        "db/app/tables/log_old/data.sql");

        Run none = Run.bactrian(settings, "unpack", zip, "--to", to.toString(), "--table", "app.Item");
        assertThat(none.exit()).isEqualTo(1);
        assertThat(none.err()).contains("no table app.Item", "Did you mean app.item?");

        // A link in the folder leads nowhere.
        Path outside = Files.createDirectory(folder.resolve("outside"));
        Path linked = Files.createDirectory(folder.resolve("linked"));
        Files.createSymbolicLink(linked.resolve("db"), outside);
        Run link = Run.bactrian(settings, "unpack", zip, "--to", linked.toString(), "--table", "app.item");
        assertThat(link.exit()).isEqualTo(1);
        assertThat(link.err()).contains("is a link");
        assertThat(outside).isEmptyDirectory();
    }

    @Test
    void anEncryptedArchiveNeedsItsKey() throws IOException {
        Path to = folder.resolve("open");
        String sealed = archive(".pgp");

        Run without = Run.bactrian(settings, "unpack", sealed, "--to", to.toString());
        assertThat(without.exit()).isEqualTo(1);
        assertThat(without.err()).contains("is encrypted, and no private key is configured");
        assertThat(to).doesNotExist();

        Run run = Run.bactrian(
                settings,
                "unpack",
                sealed,
                "--to",
                to.toString(),
                "--table",
                "app.item",
                "--decrypt-key",
                PgpKeys.privateKey("alice").toString());
        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(files(to)).containsOnlyKeys("db/app/tables/item/schema.sql", DATA);
        assertThat(files(to).get(DATA)).isEqualTo(contents(store.download(key)).get(DATA));
    }

    /** The zip's directory is right, and so is each CRC: the manifest alone says that the rows are others. */
    @Test
    void aFileThatIsNotWhatTheManifestSaysGetsNoName() throws IOException {
        byte[] archive = Files.readAllBytes(store.download(key));
        Map<String, byte[]> swapped = new HashMap<>();
        try (ZipFile zip = new ZipFile(store.download(key).toFile());
                InputStream data = zip.getInputStream(zip.getEntry(DATA))) {
            byte[] rows = data.readAllBytes();
            rows[rows.length / 2] ^= 1;
            swapped.put(DATA, rows);
        }
        Path file =
                Files.write(folder.resolve("swapped.zip"), dev.bactrian.testing.stores.SwappedZip.of(archive, swapped));
        Path to = folder.resolve("wrong");

        Run run = Run.bactrian(settings, "unpack", file.toString(), "--to", to.toString(), "--table", "app.item");

        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.err()).contains(DATA, "differs from the one in the manifest", "each of them is intact");
        assertThat(files(to)).containsOnlyKeys("db/app/tables/item/schema.sql");
    }

    private static Map<String, String> contents(Path archive) throws IOException {
        Map<String, String> contents = new TreeMap<>();
        try (ZipFile zip = new ZipFile(archive.toFile())) {
            for (ZipEntry entry : Collections.list(zip.entries())) {
                try (InputStream in = zip.getInputStream(entry)) {
                    contents.put(entry.getName(), hash(in.readAllBytes()));
                }
            }
        }
        return contents;
    }

    private static Map<String, String> files(Path root) throws IOException {
        Map<String, String> contents = new TreeMap<>();
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                contents.put(root.relativize(file).toString(), hash(Files.readAllBytes(file)));
            }
        }
        return contents;
    }

    private static String hash(byte[] bytes) {
        return dev.bactrian.support.Sha256.of(bytes);
    }
}
