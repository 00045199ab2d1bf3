package dev.bactrian.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.bactrian.postgres.url.Database;
import dev.bactrian.run.StoppableRun;
import dev.bactrian.testing.SampleRun;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whoever marks a backup failed must find nothing moving, and everything must be freed once. */
@Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class BackupRunTest {

    private final BackupRun run = new BackupRun(
            UUID.randomUUID(), new Database("default", SampleRun.DATABASE), "key", Map.of(), Path.of("x"));
    private final IOException cause = new IOException("pg_dump failed");

    @Test
    void stoppingWaitsUntilEveryLaneHasEnded() throws InterruptedException {
        StoppableRun.Work first = run.beginWork();
        StoppableRun.Work second = run.beginWork();
        Thread stopping = start(() -> run.stop(cause));

        awaitWaiting(stopping);
        first.close();
        awaitWaiting(stopping);
        second.close();

        stopping.join();
    }

    @Test
    void stoppingWithoutWorkReturnsAtOnce() {
        run.beginWork().close();

        run.stop(cause);

        assertThat(run.isStopped()).isTrue();
    }

    @Test
    void whoeverStopsSecondWaitsToo() throws InterruptedException {
        StoppableRun.Work work = run.beginWork();
        Thread first = start(() -> run.stop(cause));
        awaitWaiting(first);

        // A stop of the service meets the failure of a lane.
        Thread second = start(() -> run.stop(new IOException("the service stops")));
        awaitWaiting(second);
        assertThat(first.isAlive())
                .as("the first must not be let go by the second")
                .isTrue();

        work.close();
        first.join();
        second.join();
        assertThat(run.getStoppedBy()).as("the first cause is the cause").isSameAs(cause);
    }

    @Test
    void stoppingAgainAfterTheEndReturnsAtOnce() {
        run.stop(cause);
        run.stop(new IOException("again"));
        try (StoppableRun.Work late = run.beginWork()) {
            assertThat(run.isStopped()).isTrue();
        }
        run.stop(new IOException("and again"));

        assertThat(run.getStoppedBy()).isSameAs(cause);
    }

    @Test
    void everybodyIsToldWhyAndMayGoOnWorkingUntilThen() throws InterruptedException {
        AtomicReference<Throwable> told = new AtomicReference<>();
        AtomicBoolean ended = new AtomicBoolean();
        StoppableRun.Work work = run.beginWork();
        Thread lane = start(() -> {
            await().until(() -> told.get() != null);
            ended.set(true);
            work.close();
        });
        run.onStop(told::set);

        run.stop(cause);

        assertThat(told.get()).isSameAs(cause);
        assertThat(ended).isTrue();
        lane.join();
    }

    @Test
    void whoRegistersAfterTheStopIsToldAtOnce() {
        run.stop(cause);
        AtomicReference<Throwable> told = new AtomicReference<>();

        run.onStop(told::set);

        assertThat(told.get()).isSameAs(cause);
    }

    @Test
    void whoHasTakenItselfOffIsNotTold() {
        AtomicBoolean told = new AtomicBoolean();
        run.onStop(why -> told.set(true)).run();

        run.stop(cause);

        assertThat(told).isFalse();
    }

    @Test
    void oneThatCannotBeStoppedDoesNotKeepTheOthersRunning() {
        AtomicBoolean told = new AtomicBoolean();
        run.onStop(why -> {
            throw new IllegalStateException("broken");
        });
        run.onStop(why -> told.set(true));

        run.stop(cause);

        assertThat(told).isTrue();
    }

    @Test
    void whatWasOpenedLastIsClosedFirst() {
        List<String> closed = new ArrayList<>();
        run.closeAtEnd(() -> closed.add("folder"));
        run.closeAtEnd(() -> closed.add("snapshot"));
        run.closeAtEnd(() -> closed.add("connection"));

        run.close();
        run.close();

        assertThat(closed).containsExactly("connection", "snapshot", "folder");
    }

    @Test
    void oneThatCannotBeClosedDoesNotKeepTheOthersOpen() {
        List<String> closed = new ArrayList<>();
        run.closeAtEnd(() -> closed.add("folder"));
        run.closeAtEnd(() -> {
            throw new IOException("the connection is gone");
        });

        run.close();

        assertThat(closed).containsExactly("folder");
    }

    @Test
    void itsTextNamesNoSecret() {
        assertThat(run.toString()).contains(run.getId().toString(), "default").doesNotContain("hush");
    }

    private static Thread start(Runnable action) {
        Thread thread = new Thread(action);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private static void awaitWaiting(Thread thread) {
        await().until(() -> thread.getState() == Thread.State.TIMED_WAITING);
    }
}
