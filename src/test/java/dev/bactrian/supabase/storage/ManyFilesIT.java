package dev.bactrian.supabase.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.Run;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import dev.bactrian.testing.stores.TestStore;
import dev.bactrian.testing.supabase.StorageContent;
import dev.bactrian.testing.supabase.StorageServer;
import dev.bactrian.testing.supabase.SupabaseServer;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * Very many files and a very large one, by a process of 256 MB. {@code -Dfiles.count=100000 -Dfiles.largest=5000000000}
 * makes it the full measure.
 */
class ManyFilesIT {

    private static final int COUNT = Integer.getInteger("files.count", 1_000);
    private static final long LARGEST = Long.getLong("files.largest", 200_000_000);
    private static final int LONGEST_MINUTES = 30;

    @Test
    void neitherTheirNumberNorTheirSizeNeedsMemory() throws Exception {
        try (SupabaseServer supabase = SupabaseServer.start();
                StorageServer storage = StorageServer.start();
                TestStore store = TestStore.start()) {
            TestDatabase project = supabase.project("many_files");
            storage.buckets().attach(project).create("many", false);
            storage.buckets().fill("many", COUNT, StorageContent.generated(1_000));
            storage.buckets()
                    .put("many", "a-large-one", StorageContent.generated(LARGEST), "video/mp4", "no-cache", null);
            Map<String, String> settings = new HashMap<>(store.settings());
            settings.putAll(Map.of(
                    "DATABASE_URL", SupabaseServer.url(project),
                    "CONTROL_DATABASE_URL", PostgresServer.V17.createDatabase().url(),
                    "PG_BIN", BactrianService.pg17().toString(),
                    "WORK_DIR", BactrianService.temporaryFolder().toString(),
                    "SUPABASE_URL", storage.url(),
                    "SUPABASE_SERVICE_ROLE_KEY", StorageServer.SECRET_KEY,
                    "BACKUP_STORAGE", "true",
                    "BACKUP_SPOOL", "16MB",
                    "JAVA_TOOL_OPTIONS", "-Xmx256m"));

            assertThat(run(settings, "backup")).isZero();

            String key = store.keys().stream()
                    .filter(name -> name.contains("/archive/") && name.endsWith(".zip"))
                    .findFirst()
                    .orElseThrow();
            assertThat(run(settings, "verify", "--archive-only", key)).isZero();
        }
    }

    private static int run(Map<String, String> settings, String... arguments) throws InterruptedException {
        long begin = System.nanoTime();
        Process process = Run.start(settings, arguments);
        assertThat(process.waitFor(LONGEST_MINUTES, TimeUnit.MINUTES)).isTrue();
        System.out.printf(
                "%s of %d files and one of %d bytes: %.1f s%n",
                arguments[0], COUNT, LARGEST, (System.nanoTime() - begin) / 1e9);
        return process.exitValue();
    }
}
