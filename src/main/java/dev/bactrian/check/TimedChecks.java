package dev.bactrian.check;

import dev.bactrian.problem.CheckResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/** Looks at all preconditions side by side, for a caller who doesn't wait for long. */
public final class TimedChecks implements AutoCloseable {

    /** Below the half minute after which callers and proxies give up. */
    private static final Duration LONGEST = Duration.ofSeconds(25);

    private final Supplier<List<Precondition>> preconditions;
    private final Duration longest;
    private final ExecutorService threads;
    private final AtomicBoolean busy = new AtomicBoolean();
    /** By subject. What hasn't answered in time isn't asked a second time beside the first. */
    private final Map<String, Future<List<CheckResult>>> begun = new ConcurrentHashMap<>();

    public TimedChecks(Preconditions preconditions) {
        this(preconditions::all, LONGEST);
    }

    TimedChecks(Supplier<List<Precondition>> preconditions, Duration longest) {
        this.preconditions = preconditions;
        this.longest = longest;
        this.threads = Executors.newCachedThreadPool(work -> {
            Thread thread = new Thread(work, "check");
            thread.setDaemon(true);
            return thread;
        });
    }

    /**
     * All results, in the order of the preconditions, after 25 seconds at the latest: what hasn't been found by then counts as
     * failed.
     *
     * @throws CheckRunningException while another caller's check runs
     */
    public List<CheckResult> run() throws InterruptedException {
        if (!busy.compareAndSet(false, true)) {
            throw new CheckRunningException();
        }
        try {
            long end = System.nanoTime() + longest.toNanos();
            List<Precondition> all = preconditions.get();
            // All are begun before one is waited for.
            all.forEach(this::begin);
            List<CheckResult> results = new ArrayList<>();
            for (Precondition precondition : all) {
                results.addAll(await(precondition.subject(), end));
            }
            return results;
        } finally {
            busy.set(false);
        }
    }

    private Future<List<CheckResult>> begin(Precondition precondition) {
        return begun.compute(
                precondition.subject(),
                (subject, earlier) -> earlier != null && !earlier.isDone()
                        ? earlier
                        : threads.submit(() -> precondition.look().get()));
    }

    private List<CheckResult> await(String subject, long end) throws InterruptedException {
        Future<List<CheckResult>> look = begun.get(subject);
        try {
            return look == null ? List.of() : look.get(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            return List.of(new CheckResult(
                    subject,
                    "answer",
                    false,
                    "There was no result within " + longest.toSeconds() + " seconds.",
                    "Run ./bactrian check, which waits as long as it takes."));
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
