package dev.bactrian.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bactrian.postgres.url.Database;
import dev.bactrian.postgres.url.Databases;
import dev.bactrian.problem.ProblemException;
import dev.bactrian.run.StoppableRun;
import dev.bactrian.run.WorkFolder;
import dev.bactrian.testing.SampleRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The backups of this process, and what becomes of them when it is told to stop. */
@Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class BackupRunsTest {

    private static final Duration LONG = Duration.ofMinutes(10);

    @TempDir
    private Path folder;

    private BackupRuns runs;

    @BeforeEach
    void open() {
        runs = new BackupRuns(
                new Databases(List.of(new Database("default", SampleRun.DATABASE))), WorkFolder.open(folder));
    }

    @Test
    void aBackupHasAnEmptyFolderThatEndsWithIt() throws IOException {
        BackupRun run = begin();
        assertThat(run.getFolder()).isEmptyDirectory();
        Files.writeString(run.getFolder().resolve("waiting"), "x");

        runs.close(run);

        assertThat(run.getFolder()).doesNotExist();
    }

    @Test
    void aDatabaseThatIsNotConfiguredHereFailsTheBackupAndLeavesNothing() {
        assertThatThrownBy(() -> runs.begin(Map.of("id", UUID.randomUUID(), "s3_key", "k", "database", "gone")))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("DATABASE_URL_GONE");
        assertThat(runs.active()).isEmpty();
    }

    @Test
    void aBackupIsActiveUntilItsRowSaysHowItEnded() throws IOException {
        BackupRun run = begin();

        runs.close(run);
        assertThat(runs.isActive(run.getId())).isTrue();

        runs.forget(run);
        assertThat(runs.isActive(run.getId())).isFalse();
        assertThat(runs.active()).isEmpty();
    }

    /** Another node took it for dead: it ends, and whoever saw that doesn't wait for the end. */
    @Test
    void aBackupWhoseRowWasEndedElsewhereIsStopped() throws IOException {
        BackupRun run = begin();
        try (StoppableRun.Work work = run.beginWork()) {
            runs.endedElsewhere(run);
        }

        assertThat(run.getStoppedBy())
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("ended by something else");
    }

    @Test
    void aBackupThatFailedBeforeItBeganNeedsNothing() {
        runs.stop(null, new IOException("x"));
        runs.close(null);
        runs.forget(null);

        assertThat(runs.open()).isTrue();
    }

    @Test
    void aStoppingServiceLetsABackupFinish() throws Exception {
        BackupRun run = begin();
        Thread stopping = shutDown(LONG, LONG);

        runs.forget(run);

        stopping.join();
        assertThat(run.isStopped()).isFalse();
    }

    /** Its row names this node already: nobody else would make it, and the end of the process would fail it. */
    @Test
    void aBackupThatIsJustTakenFromTheQueueIsLeftToFinish() throws Exception {
        Map<String, Object> row = Map.of("id", UUID.randomUUID(), "s3_key", "k", "database", "default");
        assertThat(runs.open()).isTrue();
        Thread stopping = shutDown(LONG, LONG);

        runs.claimed(row);
        BackupRun run = runs.begin(row);
        assertThat(stopping.isAlive()).isTrue();
        runs.forget(run);

        stopping.join();
        assertThat(run.isStopped()).isFalse();
    }

    @Test
    void whereNoBackupWasInTheQueueNothingIsWaitedFor() {
        assertThat(runs.open()).isTrue();
        runs.claimed(null);

        runs.shutDown(LONG, LONG);

        assertThat(runs.open()).isFalse();
    }

    @Test
    void aBackupThatCanNotBeginIsNotWaitedFor() {
        Map<String, Object> row = Map.of("id", UUID.randomUUID(), "s3_key", "k", "database", "gone");
        assertThat(runs.open()).isTrue();
        runs.claimed(row);
        assertThatThrownBy(() -> runs.begin(row)).isInstanceOf(ProblemException.class);

        runs.shutDown(LONG, LONG);

        assertThat(runs.active()).isEmpty();
    }

    @Test
    void aStoppingServiceBeginsNoBackup() {
        runs.shutDown(LONG, LONG);

        assertThat(runs.open()).isFalse();
    }

    @Test
    void aBackupThatTakesTooLongIsStoppedWithTheRemedyAndItsEndIsAwaited() throws Exception {
        BackupRun run = begin();
        AtomicReference<Throwable> why = new AtomicReference<>();
        run.onStop(cause -> {
            why.set(cause);
            // As the failure route does, once the row is written.
            new Thread(() -> runs.forget(run)).start();
        });

        runs.shutDown(Duration.ZERO, LONG);

        assertThat(why.get()).isInstanceOf(ProblemException.class).hasMessageContaining("SHUTDOWN_GRACE");
        assertThat(runs.active()).isEmpty();
    }

    @Test
    void aBackupThatNeverEndsDoesNotHoldTheProcessForEver() throws Exception {
        BackupRun run = begin();

        runs.shutDown(Duration.ZERO, Duration.ofMillis(1));

        assertThat(run.isStopped()).isTrue();
        assertThat(runs.active()).containsExactly(run);
    }

    private Thread shutDown(Duration grace, Duration toFail) throws InterruptedException {
        Thread stopping = new Thread(() -> runs.shutDown(grace, toFail));
        stopping.start();
        org.awaitility.Awaitility.await().until(() -> stopping.getState() == Thread.State.TIMED_WAITING);
        return stopping;
    }

    private BackupRun begin() throws IOException {
        return runs.begin(Map.of("id", UUID.randomUUID(), "s3_key", "k", "database", "default"));
    }
}
