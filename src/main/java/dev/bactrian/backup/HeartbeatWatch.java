package dev.bactrian.backup;

import dev.bactrian.run.Node;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.apache.camel.Body;
import org.jspecify.annotations.Nullable;

/**
 * Tells which of the backups or restores in progress no process runs any more. Silent is one whose heartbeat is the same value for a
 * time by this process's own steady clock, whatever the value is: the clocks of the history's server and of other nodes may be set
 * forward or back. Only what this watcher has seen itself counts; when it didn't look for a while, it starts over.
 */
public final class HeartbeatWatch {

    /** Heartbeats come every two seconds. */
    private static final Duration TWO_BEATS = Duration.ofSeconds(4);

    private static final Duration LONG = Duration.ofSeconds(45);

    private static final Duration HOUR = Duration.ofHours(1);

    /** The routes look every five seconds. Who hasn't looked for longer was frozen, or couldn't read the history. */
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(15);

    private final Node node;
    private final Predicate<UUID> runsHere;
    private final LongSupplier nanos;
    private Map<UUID, Seen> seen = new HashMap<>();
    private long lastLook;

    /**
     * A heartbeat.
     *
     * @param first when this watcher saw it first
     * @param since since when this watcher has looked at it without a pause
     */
    private record Seen(@Nullable Object heartbeat, long first, long since) {

        static Seen of(@Nullable Object heartbeat, @Nullable Seen before, long now, boolean paused) {
            return before == null || !Objects.equals(before.heartbeat(), heartbeat)
                    ? new Seen(heartbeat, now, now)
                    : new Seen(heartbeat, before.first(), paused ? now : before.since());
        }
    }

    /**
     * Prepares.
     *
     * @param runsHere whether this process runs what has this id
     */
    HeartbeatWatch(Node node, Predicate<UUID> runsHere) {
        this(node, runsHere, System::nanoTime);
    }

    HeartbeatWatch(Node node, Predicate<UUID> runsHere, LongSupplier nanos) {
        this.node = node;
        this.runsHere = runsHere;
        this.nanos = nanos;
    }

    /**
     * The rows that no node will ever end, each with {@code known_gone}: true where no process of its node is left, false where all
     * that is known is that it is silent; and {@code hour_silent}.
     *
     * @param running all rows in progress, with {@code id}, {@code node} and {@code heartbeat_at}
     */
    public synchronized List<Map<String, Object>> abandoned(@Body List<Map<String, Object>> running) {
        long now = nanos.getAsLong();
        boolean paused = now - lastLook > LONGEST_PAUSE.toNanos();
        lastLook = now;
        Map<UUID, Seen> before = seen;
        seen = new HashMap<>();
        List<Map<String, Object>> abandoned = new ArrayList<>();
        for (Map<String, Object> row : running) {
            UUID id = (UUID) Objects.requireNonNull(row.get("id"));
            Seen at = Seen.of(row.get("heartbeat_at"), before.get(id), now, paused);
            seen.put(id, at);
            String owner = String.valueOf(row.get("node"));
            boolean gone = owner.equals(node.getName()) || node.isGone(owner);
            if (!runsHere.test(id) && now - at.since() >= (gone ? TWO_BEATS : LONG).toNanos()) {
                Map<String, Object> named = new HashMap<>(row);
                named.put("known_gone", gone);
                named.put("hour_silent", now - at.first() >= HOUR.toNanos());
                abandoned.add(named);
            }
        }
        return abandoned;
    }
}
