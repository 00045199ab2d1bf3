package dev.bactrian.backup;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Which queued backups this process may take: a service takes any, a command only the one it asked for (and none until
 * it has asked).
 */
public final class ClaimScope {

    private static final UUID NONE = new UUID(0, 0);

    private volatile @Nullable UUID only;

    private ClaimScope(@Nullable UUID only) {
        this.only = only;
    }

    public static ClaimScope any() {
        return new ClaimScope(null);
    }

    public static ClaimScope none() {
        return new ClaimScope(NONE);
    }

    public void narrow(UUID id) {
        only = id;
    }

    /** Null for any. */
    public @Nullable UUID only() {
        return only;
    }
}
