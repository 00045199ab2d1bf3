package dev.bactrian.postgres.program;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Ends programs that have printed nothing for {@code BACKUP_STALL_TIMEOUT} while their output was waited for: their connection hangs,
 * or the server does. Time in which nothing was read, because the store was slow, doesn't count. A backup that makes no progress in another way,
 * {@code routes/control/watchdog.camel.yaml} ends.
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
