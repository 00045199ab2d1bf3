package dev.bactrian.backup;

import dev.bactrian.run.Node;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.Predicate;

/** What the routes need that watch over others' work. */
public final class WatchBeans {

    private WatchBeans() {}

    /**
     * Gives each bean to a registry, under the name the routes use.
     *
     * @param backups whether this process makes the backup of this id
     */
    public static void bind(BiConsumer<String, Object> registry, Predicate<UUID> backups) {
        registry.accept("node", new Node());
        registry.accept("backupWatch", watch(backups));
        registry.accept("latestWatch", watch(backups));
    }

    /** A watch over what other processes do. */
    public static HeartbeatWatch watch(Predicate<UUID> here) {
        return new HeartbeatWatch(new Node(), here);
    }
}
