package dev.bactrian.postgres.program;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Ends programs that have printed nothing for too long while somebody waited for it: their connection hangs, or the server
 * does. Time in which nobody read, because the store was slow, doesn't count.
 */
public final class StallWatch {

    private final Duration longest;
    private final Set<LiveOutput> watched = ConcurrentHashMap.newKeySet();

    public StallWatch(Duration longest) {
        this.longest = longest;
    }

    /** Watches a program until the returned action runs. */
    Runnable watch(LiveOutput output) {
        watched.add(output);
        return () -> watched.remove(output);
    }

    /** Ends those that stall now. Called by {@code routes/control/watchdog.camel.yaml}. */
    public void endStalled() {
        long now = System.nanoTime();
        for (LiveOutput output : watched) {
            if (output.waitedFor(now).compareTo(longest) > 0) {
                output.endStalled(longest);
            }
        }
    }
}
