package dev.bactrian.run;

import dev.bactrian.support.Printable;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Something that runs in several threads and must be ended as one: a backup or a restore. When one of its workers fails,
 * {@link #stop} ends the others and waits for them, so that whoever writes down the failure finds nothing moving.
 */
public abstract class StoppableRun implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(StoppableRun.class);
    private static final Duration LONGEST_STOP = Duration.ofSeconds(60);

    private final UUID id;
    private final Path folder;
    private final Progress progress = new Progress();
    private final Evidence evidence = new Evidence();
    private final CopyOnWriteArrayList<String> warnings = new CopyOnWriteArrayList<>();
    private final CopyOnWriteArrayList<Consumer<Throwable>> stoppers = new CopyOnWriteArrayList<>();
    private final Deque<AutoCloseable> resources = new ArrayDeque<>();
    /** Not a Phaser: two who stop at once would count as each other's workers. */
    private int working;

    private volatile int workers;

    private @Nullable Throwable stoppedBy;

    protected StoppableRun(UUID id, Path folder) {
        this.id = id;
        this.folder = folder;
    }

    public UUID getId() {
        return id;
    }

    /** What its steps have written down of what they did. */
    public Evidence getEvidence() {
        return evidence;
    }

    /** For what waits its turn; cleared at the end. */
    public Path getFolder() {
        return folder;
    }

    public Progress getProgress() {
        return progress;
    }

    /** How many tables it reads or loads at once; 0 as long as that isn't known. */
    public int getWorkers() {
        return workers;
    }

    /** From now on it reads or loads so many at once. */
    public void workBy(int number) {
        workers = number;
    }

    /** Notes what whoever runs the service should look at, though all went well. */
    public void warn(String warning) {
        warnings.addIfAbsent(Printable.line(warning));
    }

    public List<String> getWarnings() {
        return List.copyOf(warnings);
    }

    /** Whether it waits where something is taken or busy for now; otherwise that is the answer. */
    public boolean waits() {
        return true;
    }

    /** Registers what must be ended when it stops early; told at once when it has stopped already. */
    public synchronized Runnable onStop(Consumer<Throwable> stopper) {
        if (stoppedBy != null) {
            stopper.accept(stoppedBy);
        }
        stoppers.add(stopper);
        return () -> stoppers.remove(stopper);
    }

    /** Waits, which isn't taken for a stall; false, and at once, when it is stopped or its thread interrupted. */
    public boolean pause(Duration time) {
        CountDownLatch stopped = new CountDownLatch(1);
        Runnable forget = onStop(cause -> stopped.countDown());
        try {
            boolean over = stopped.await(time.toMillis(), TimeUnit.MILLISECONDS);
            getProgress().alive();
            return !over;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            forget.run();
        }
    }

    /** Registers what must be freed at the end, however it ends; the last one first. */
    public synchronized void closeAtEnd(AutoCloseable resource) {
        resources.push(resource);
    }

    /** Counts a thread in that works for this, until it closes what it gets. */
    public synchronized Work beginWork() {
        working++;
        AtomicBoolean ended = new AtomicBoolean();
        return () -> {
            if (ended.compareAndSet(false, true)) {
                endWork();
            }
        };
    }

    private synchronized void endWork() {
        working--;
        notifyAll();
    }

    /** A thread's part in a run. */
    @FunctionalInterface
    public interface Work extends AutoCloseable {
        @Override
        void close();
    }

    /** Makes everything that is under way end soon, and doesn't wait for it. */
    public void interrupt(Throwable cause) {
        synchronized (this) {
            if (stoppedBy == null) {
                stoppedBy = cause;
            }
        }
        for (Consumer<Throwable> stopper : stoppers) {
            try {
                stopper.accept(cause);
            } catch (RuntimeException e) {
                // The others must be stopped all the same.
                LOG.warn("{}: part of the run could not be stopped: {}", this, e.getMessage());
            }
        }
    }

    /** As {@link #interrupt}, and waits until everything has ended. */
    public void stop(Throwable cause) {
        interrupt(cause);
        long end = System.nanoTime() + LONGEST_STOP.toNanos();
        synchronized (this) {
            while (working > 0) {
                long left = (end - System.nanoTime()) / 1_000_000;
                if (left <= 0) {
                    LOG.warn(
                            "{}: part of the run is still running {} s after it was stopped",
                            this,
                            LONGEST_STOP.toSeconds());
                    return;
                }
                try {
                    wait(left);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return;
                }
            }
        }
    }

    /** Whether {@link #stop} has been called: workers must not begin anything new. */
    public synchronized boolean isStopped() {
        return stoppedBy != null;
    }

    /** Why it was stopped: the first cause, whatever else broke because of it. */
    public synchronized @Nullable Throwable getStoppedBy() {
        return stoppedBy;
    }

    @Override
    public void close() {
        while (true) {
            AutoCloseable next;
            synchronized (this) {
                next = resources.poll();
            }
            if (next == null) {
                return;
            }
            try {
                next.close();
            } catch (Exception e) {
                LOG.warn("{}: {} could not be closed: {}", this, next.getClass().getSimpleName(), e.getMessage());
            }
        }
    }
}
