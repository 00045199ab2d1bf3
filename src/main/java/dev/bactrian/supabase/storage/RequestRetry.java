package dev.bactrian.supabase.storage;

import dev.bactrian.problem.ProblemException;
import dev.bactrian.run.StoppableRun;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;

/** How often, and after which time, a store is asked again for one thing. */
public final class RequestRetry {

    private static final int MOST_FAILURES = 8;
    /** With the pauses below, some four minutes. */
    private static final int MOST_REFUSALS = 16;

    private static final Duration LONGEST = Duration.ofSeconds(30);
    private static final Duration LONGEST_ASKED_FOR = Duration.ofMinutes(5);

    private final StoppableRun run;
    private final Duration first;
    private int failures;

    /**
     * Begins with all of it.
     *
     * @param first time to wait, which doubles with each failure in a row
     */
    public RequestRetry(StoppableRun run, Duration first) {
        this.run = run;
        this.first = first;
    }

    /** One request. */
    @FunctionalInterface
    public interface Attempt<T> {
        T send() throws IOException;
    }

    /**
     * Asks until there is an answer.
     *
     * @param what as of {@link #await}
     */
    public <T> T send(String what, Attempt<T> attempt) throws IOException {
        while (true) {
            try {
                return attempt.send();
            } catch (BusyException e) {
                if (!run.waits()) {
                    throw e;
                }
                await(what, e);
            }
        }
    }

    /** Something came: what failed before counts no more. */
    public void refresh() {
        failures = 0;
    }

    /**
     * Waits until it is time to ask again; ends at once when the run is stopped.
     *
     * @param what didn't work, as the beginning of a sentence
     * @throws ProblemException when that has failed too often
     */
    public void await(String what, BusyException failure) throws IOException {
        failures++;
        if (failures > (failure.isThrottled() ? MOST_REFUSALS : MOST_FAILURES)) {
            throw ProblemException.stopped(
                    what + ", " + failures + " times in a row: " + failure.getMessage() + ".",
                    "Check the project's state in its dashboard, and the network, then try again. If the project "
                            + "limits requests, lower BACKUP_STORAGE_PARALLELISM.",
                    failure);
        }
        Duration doubled = first.multipliedBy(1L << (failures - 1));
        Duration usual = doubled.compareTo(LONGEST) < 0 ? doubled : LONGEST;
        // Workers that were refused together don't come back together.
        Duration own = usual.dividedBy(2).plusNanos(ThreadLocalRandom.current().nextLong(usual.toNanos() / 2 + 1));
        Duration asked = Objects.requireNonNullElse(failure.getWait(), own);
        if (!run.pause(asked.compareTo(LONGEST_ASKED_FOR) < 0 ? asked : LONGEST_ASKED_FOR)) {
            throw new IOException("The run was stopped");
        }
    }
}
