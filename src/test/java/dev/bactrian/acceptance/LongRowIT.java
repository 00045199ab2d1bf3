package dev.bactrian.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.Run;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import dev.bactrian.testing.stores.TestStore;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
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
            String archive = store.download(key).toString();
            Run sizes = Run.shell(
                    BactrianService.temporaryFolder(),
                    Map.of(),
                    "unzip -p '" + archive
                            + "' 'db/public/tables/large/data.*.sql' | LC_ALL=C grep -c xxxxxxxx; unzip -p '"
                            + archive
                            + "' 'db/public/tables/*/data*.sql' | wc -c; unzip -l '" + archive
                            + "' | grep -c 'large/data.000'");
            assertThat(sizes.exit()).as(sizes.err()).isZero();
            String[] counts = sizes.out().split("\\s+");
            assertThat(counts[0]).isEqualTo("1");
            assertThat(Long.parseLong(counts[1])).isGreaterThan(2L * LENGTH);
            assertThat(Integer.parseInt(counts[2])).isGreaterThan(1);
        }
    }
}
