package dev.bactrian.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bactrian.database.Database;
import dev.bactrian.database.DatabaseUrl;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class StoppedRunTest {

    private final BackupRun run = new BackupRun(
            UUID.randomUUID(),
            new Database("default", DatabaseUrl.parse("postgresql://user:password@localhost/database")),
            "key",
            Map.of(),
            Path.of("none"));

    /** The service's end and the failure route both stop a backup: neither may go on while something still moves. */
    @Test
    void everyStopWaitsForAllWork() {
        BackupRun.Work first = run.beginWork();
        BackupRun.Work last = run.beginWork();
        CompletableFuture<Void> one = CompletableFuture.runAsync(() -> run.stop(new IllegalStateException("one")));
        CompletableFuture<Void> other = CompletableFuture.runAsync(() -> run.stop(new IllegalStateException("other")));

        first.close();
        Awaitility.await()
                .during(Duration.ofMillis(200))
                .until(() -> run.isStopped() && !one.isDone() && !other.isDone());
        last.close();

        assertThat(CompletableFuture.allOf(one, other)).succeedsWithin(Duration.ofSeconds(5));
    }
}
