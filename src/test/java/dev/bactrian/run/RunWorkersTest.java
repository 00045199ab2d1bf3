package dev.bactrian.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bactrian.backup.BackupRun;
import dev.bactrian.testing.SampleRun;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each run has as many threads as it wants, whatever another one has. */
class RunWorkersTest {

    @Test
    void eachRunHasItsOwnNumber(@TempDir Path one, @TempDir Path other) throws Exception {
        try (RunWorkers workers = new RunWorkers("dump", 2)) {
            assertThat(mostAtOnce(workers, run(one, 5))).isEqualTo(5);
            assertThat(mostAtOnce(workers, run(other, 1))).isEqualTo(1);
        }
    }

    @Test
    void aRunThatSaysNothingHasTheUsualNumber(@TempDir Path folder) throws Exception {
        try (RunWorkers workers = new RunWorkers("dump", 3)) {
            assertThat(mostAtOnce(workers, run(folder, 0))).isEqualTo(3);
        }
    }

    private static BackupRun run(Path folder, int workers) {
        BackupRun run = SampleRun.in(folder);
        run.workBy(workers);
        return run;
    }

    /** As a split does it: the next part is submitted by the thread that has begun with the one before. */
    private static int mostAtOnce(RunWorkers workers, BackupRun run) throws InterruptedException {
        int parts = 12;
        AtomicInteger now = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        AtomicInteger next = new AtomicInteger();
        CountDownLatch ended = new CountDownLatch(parts);
        Runnable part = new Runnable() {
            @Override
            public void run() {
                if (next.incrementAndGet() < parts) {
                    workers.execute(this);
                }
                most.accumulateAndGet(now.incrementAndGet(), Math::max);
                try {
                    Thread.sleep(50);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                now.decrementAndGet();
                ended.countDown();
            }
        };
        CurrentRun.in(run, () -> workers.execute(part)).run();
        assertThat(ended.await(10, TimeUnit.SECONDS)).isTrue();
        run.close();
        return most.get();
    }
}
