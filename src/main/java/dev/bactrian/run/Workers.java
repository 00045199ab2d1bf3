package dev.bactrian.run;

import java.time.Duration;

/**
 * How many tables one run reads or loads at once: near the database as many as its machine can compute with, far away more,
 * since each of them mostly waits for answers.
 *
 * @param near where an answer takes no time
 * @param most at any distance; the same as {@code near} where a number was set
 */
public record Workers(int near, int most) {

    /** Of the time that an answer takes, what is worth one more; measured at 20 ms on two cores (docs/adr/0055). */
    private static final Duration PER_WORKER = Duration.ofMillis(5);

    /** The same at any distance. */
    public static Workers fixed(int number) {
        return new Workers(number, number);
    }

    /** Whether the distance makes no difference. */
    public boolean isFixed() {
        return near == most;
    }

    /** How many where an answer takes so long. */
    public int at(Duration roundTrip) {
        long more = Math.round((double) roundTrip.toNanos() / PER_WORKER.toNanos());
        return (int) Math.min(most, near + more);
    }
}
