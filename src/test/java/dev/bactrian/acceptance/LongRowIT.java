package dev.bactrian.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.Run;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import dev.bactrian.testing.stores.TestStore;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;

/** A row that is longer than all of the process's memory, in tables that psql reads: it is nowhere held as a whole. */
class LongRowIT {

    private static final int LENGTH = 300_000_000;
    private static final int LONGEST_MINUTES = 10;

    @Test
    void aRowMayBeLongerThanTheMemory() throws Exception {
        try (TestStore store = TestStore.start()) {
            TestDatabase source = PostgresServer.V17
                    .createDatabase()
                    .run(
                            "CREATE TABLE large AS SELECT n, md5(n::text) AS text FROM generate_series(1, 20000) n",
                            "INSERT INTO large SELECT 0, repeat('x', " + LENGTH + ")",
                            "CREATE TABLE of_extension AS SELECT repeat('y', " + LENGTH + ") AS text",
                            "ALTER EXTENSION plpgsql ADD TABLE of_extension");
            Map<String, String> settings = new HashMap<>(PostgresServer.V17.settings(source));
            settings.putAll(store.settings());
            settings.putAll(Map.of(
                    "CONTROL_DATABASE_URL",
                    PostgresServer.V17.createDatabase().url(),
                    "WORK_DIR",
                    BactrianService.temporaryFolder().toString(),
                    "BACKUP_SPLIT_ABOVE",
                    "1MB",
                    "JAVA_TOOL_OPTIONS",
                    "-Xmx256m"));

            Process backup = Run.start(settings, "backup", "default");

            assertThat(backup.waitFor(LONGEST_MINUTES, TimeUnit.MINUTES)).isTrue();
            assertThat(backup.exitValue()).isZero();
            String key = store.keys().stream()
                    .filter(name -> name.contains("/archive/") && name.endsWith(".zip"))
                    .findFirst()
                    .orElseThrow();
            try (ZipFile zip = new ZipFile(store.download(key).toFile())) {
                assertThat(longest(zip, 'x', "db/public/tables/large/data.")).isEqualTo(LENGTH);
                assertThat(longest(zip, 'y', "db/public/tables/of_extension/data.sql"))
                        .isEqualTo(LENGTH);
                assertThat(zip.getEntry("db/public/tables/large/data.0002.sql")).isNotNull();
            }
        }
    }

    /** How many of a letter follow each other at most in entries whose names begin so. */
    private static int longest(ZipFile zip, char letter, String name) throws IOException {
        int longest = 0;
        for (ZipEntry entry :
                zip.stream().filter(found -> found.getName().startsWith(name)).toList()) {
            byte[] buffer = new byte[1 << 16];
            int running = 0;
            try (InputStream in = zip.getInputStream(entry)) {
                for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                    for (int at = 0; at < count; at++) {
                        running = buffer[at] == letter ? running + 1 : 0;
                        longest = Math.max(longest, running);
                    }
                }
            }
        }
        return longest;
    }
}
