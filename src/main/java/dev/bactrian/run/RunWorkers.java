package dev.bactrian.run;

import java.util.List;
import java.util.Map;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The threads for what a run does at once, by the name that the routes give as {@code executorService}: each run has its own
 * pool, as large as {@link StoppableRun#getWorkers} says, until its end. What is submitted waits without a limit: the thread
 * that splits has other work than a worker's.
 */
public final class RunWorkers extends AbstractExecutorService implements AutoCloseable {

    private static final long IDLE_SECONDS = 10;

    private final String name;
    private final int usual;
    private final Map<StoppableRun, ExecutorService> ofRuns = new ConcurrentHashMap<>();
    private final ExecutorService ofNone;

    /**
     * Prepares pools.
     *
     * @param name of their threads
     * @param usual how many threads where a run doesn't say
     */
    public RunWorkers(String name, int usual) {
        this.name = name;
        this.usual = usual;
        this.ofNone = pool(usual, name);
    }

    @Override
    public void execute(Runnable task) {
        StoppableRun run = CurrentRun.get();
        if (run == null) {
            ofNone.execute(task);
        } else {
            // Its thread belongs to the run, too: a split's next part is submitted by the one before.
            ofRuns.computeIfAbsent(run, this::open).execute(CurrentRun.in(run, task));
        }
    }

    private ExecutorService open(StoppableRun run) {
        int workers = run.getWorkers();
        ExecutorService pool = pool(workers == 0 ? usual : workers, name + " of " + run);
        run.closeAtEnd(() -> {
            ofRuns.remove(run);
            pool.shutdown();
        });
        return pool;
    }

    private static ExecutorService pool(int threads, String name) {
        AtomicInteger number = new AtomicInteger();
        ThreadFactory factory = task -> {
            Thread thread = new Thread(task, name + " " + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                threads, threads, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), factory);
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    @Override
    public void close() {
        shutdown();
    }

    @Override
    public void shutdown() {
        ofNone.shutdown();
        ofRuns.values().forEach(ExecutorService::shutdown);
    }

    @Override
    public List<Runnable> shutdownNow() {
        shutdown();
        return List.of();
    }

    @Override
    public boolean isShutdown() {
        return ofNone.isShutdown();
    }

    @Override
    public boolean isTerminated() {
        return ofNone.isTerminated() && ofRuns.values().stream().allMatch(ExecutorService::isTerminated);
    }

    @Override
    public boolean awaitTermination(long timeout, @Nullable TimeUnit unit) throws InterruptedException {
        long end = System.nanoTime() + (unit == null ? 0 : unit.toNanos(timeout));
        for (ExecutorService pool : ofRuns.values()) {
            if (!pool.awaitTermination(end - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                return false;
            }
        }
        return ofNone.awaitTermination(end - System.nanoTime(), TimeUnit.NANOSECONDS);
    }
}
