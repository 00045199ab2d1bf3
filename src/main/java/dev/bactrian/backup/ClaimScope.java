package dev.bactrian.backup;

import java.util.Collection;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which queued backups this process may take: a service takes any, a command only those it asked for (and none until it
 * has asked).
 */
public final class ClaimScope {

    private volatile @Nullable String only;

    private ClaimScope(@Nullable String only) {
        this.only = only;
    }

    public static ClaimScope any() {
        return new ClaimScope(null);
    }

    public static ClaimScope none() {
        return new ClaimScope("");
    }

    public void narrow(Collection<UUID> ids) {
        only = ids.stream().map(UUID::toString).collect(Collectors.joining(","));
    }

    /** Ids, separated by commas; null for any. */
    public @Nullable String only() {
        return only;
    }
}
