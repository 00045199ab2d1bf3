package dev.bactrian.run;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** Bytes per second over the last seconds: an average since the beginning would hide for long that something got slow. */
final class Rate {

    private static final long SECOND = 1_000_000_000L;
    private static final long WINDOW = 20 * SECOND;

    private final Deque<Sample> samples = new ArrayDeque<>();

    private record Sample(long nanos, long bytes) {}

    /**
     * Notes how many bytes there were at an instant, which must not be earlier than that of the call before.
     *
     * @return the rate up to it; null until there is a second to look back on
     */
    synchronized @Nullable Long at(long nanos, long bytes) {
        // One that is older than the window stays: the rate shall be one of the whole window.
        while (samples.size() > 1 && nanos - secondOldest().nanos >= WINDOW) {
            samples.removeFirst();
        }
        Sample oldest = samples.peekFirst();
        samples.addLast(new Sample(nanos, bytes));
        if (oldest == null || nanos - oldest.nanos < SECOND) {
            return null;
        }
        return Math.round((bytes - oldest.bytes) * (double) SECOND / (nanos - oldest.nanos));
    }

    private Sample secondOldest() {
        return samples.stream().skip(1).findFirst().orElseThrow();
    }
}
