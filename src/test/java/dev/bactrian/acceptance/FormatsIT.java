package dev.bactrian.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.Run;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import dev.bactrian.testing.stores.TestStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;

/** Whole dumps beside the files per table: of the same instant, and good for a restore each. */
class FormatsIT {

    @Test
    void everyFormatGivesTheSameInstantBack() throws Exception {
        TestDatabase source = PostgresServer.V17
                .createDatabase()
                .loadSample()
                .run(
                        "CREATE SCHEMA \"odd/ schema\"",
                        "CREATE TABLE \"odd/ schema\".t AS SELECT n, repeat(md5(n::text), 20) AS text FROM generate_series(1, 20000) n",
                        "CREATE TABLE ticks (n bigint)");
        Thread writer = new Thread(() -> {
            while (!Thread.currentThread().isInterrupted()) {
                source.run("INSERT INTO ticks VALUES (1)");
            }
        });
        writer.start();
        Path folder;
        try {
            folder = backUpAndUnpack(source, "tables,dump,sql");
        } finally {
            writer.interrupt();
            writer.join();
        }

        TestDatabase fromScript = PostgresServer.V17.createDatabase();
        run(folder, fromScript, line(folder, "-f db/backup.sql"));
        TestDatabase fromTables = PostgresServer.V17.createDatabase();
        run(folder, fromTables, "pg_restore --section=pre-data --dbname=\"$TARGET\" db/schema.dump || true");
        run(folder, fromTables, "sh load-data.sh \"$TARGET\"");
        TestDatabase fromDumps = PostgresServer.V17.createDatabase();
        run(folder, fromDumps, line(folder, "db/odd%2F%20schema/odd%2F%20schema_schema_"));
        run(folder, fromDumps, line(folder, "db/public/public_schema_") + " --table=ticks");

        assertThat(count(fromScript)).isPositive().isEqualTo(count(fromTables)).isEqualTo(count(fromDumps));
        assertThat(fromScript.contentDigests()).isEqualTo(fromTables.contentDigests());
        assertThat(fromDumps.contentDigests().get("odd/ schema.t"))
                .isEqualTo(source.contentDigests().get("odd/ schema.t"));
    }

    @Test
    void onlyWhatWasChosenIsThere() throws Exception {
        TestDatabase source = PostgresServer.V17.createDatabase().run("CREATE TABLE t AS SELECT 1 AS a");

        assertThat(entries(backUpAndUnpack(source, "tables"))).noneMatch(FormatsIT::isWholeDump);
        assertThat(entries(backUpAndUnpack(source, "sql")).filter(FormatsIT::isWholeDump))
                .containsExactly("db/backup.sql");
        assertThat(entries(backUpAndUnpack(source, "dump")).filter(FormatsIT::isWholeDump))
                .singleElement()
                .asString()
                .matches("db/public/public_schema_\\d{8}_\\d{6}\\.dump");
    }

    /** Deflating what is compressed costs much and gains nothing. */
    @Test
    void aDumpIsStoredAsItIs() throws Exception {
        TestDatabase source = PostgresServer.V17
                .createDatabase()
                .run("CREATE TABLE t AS SELECT n, md5(n::text) AS text FROM generate_series(1, 100000) n");
        try (TestStore store = TestStore.start();
                BactrianService service = start(source, store, "dump")) {
            try (ZipFile zip = new ZipFile(archive(service, store).toFile())) {
                assertThat(zip.stream().filter(entry -> isWholeDump(entry.getName())))
                        .singleElement()
                        .satisfies(entry -> assertThat(entry.getCompressedSize())
                                .isBetween(entry.getSize(), entry.getSize() + entry.getSize() / 1000 + 100));
            }
        }
    }

    private static boolean isWholeDump(String entry) {
        return entry.contains("_schema_") || entry.equals("db/backup.sql");
    }

    private static Stream<String> entries(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files
                    .filter(Files::isRegularFile)
                    .map(file -> folder.relativize(file).toString())
                    .toList()
                    .stream();
        }
    }

    private static BactrianService start(TestDatabase source, TestStore store, String formats) {
        return BactrianService.start(
                Map.of("DATABASE_URL", source.url(), "BACKUP_FORMATS", formats),
                PostgresServer.V17.createDatabase(),
                store);
    }

    private static Path archive(BactrianService service, TestStore store) {
        JsonNode row = service.goodBackUp();
        return store.download(row.path("s3_key").asText());
    }

    private static Path backUpAndUnpack(TestDatabase source, String formats) throws IOException {
        try (TestStore store = TestStore.start();
                BactrianService service = start(source, store, formats)) {
            Path folder = BactrianService.temporaryFolder();
            Run unzip = Run.shell(folder, Map.of(), "unzip -q " + archive(service, store));
            assertThat(unzip.exit()).as(unzip.err()).isZero();
            return folder;
        }
    }

    /** The line of README.txt that restores from this. */
    private static String line(Path folder, String part) throws IOException {
        List<String> lines = Files.readAllLines(folder.resolve("README.txt")).stream()
                .filter(line -> line.contains(part))
                .map(String::strip)
                .toList();
        assertThat(lines).as(part).hasSize(1);
        return lines.get(0);
    }

    private static void run(Path folder, TestDatabase target, String command) {
        Run run = Run.shell(folder, Map.of("PATH", BactrianService.pg17().toString(), "TARGET", target.url()), command);
        // What a dump of one schema finds already there, or needs of others, is reported; what counts is what comes
        // back.
        assertThat(run.exit() == 0 || command.startsWith("pg_restore"))
                .as(command + "\n" + run.err())
                .isTrue();
    }

    private static long count(TestDatabase database) {
        Long count = database.jdbc().queryForObject("SELECT count(*) FROM ticks", Long.class);
        return count == null ? 0 : count;
    }
}
