package dev.bactrian.dump.instant;

import java.time.Duration;

/** How much time of a backup goes into looks that could be left out, at the price of noticing a change later. */
final class LookBudget {

    /** All looks together may take this share of the time before one more is made that could be left out. */
    private static final double SHARE = 0.01;

    /** Rows in the catalogs that are counted in no time worth saving: some hundred tables. */
    private static final long SMALL = 50_000;

    private final boolean free;
    private final long began = System.nanoTime();
    private long spent;

    /**
     * Begins.
     *
     * @param rows how many are counted at each look
     */
    LookBudget(long rows) {
        this.free = rows < SMALL;
    }

    boolean allows() {
        return free || spent < (System.nanoTime() - began) * SHARE;
    }

    /** Notes what took so long. */
    void spend(long nanos) {
        spent += nanos;
    }

    Duration spent() {
        return Duration.ofNanos(spent);
    }
}
