package dev.bactrian.supabase.storage;

import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The store can't answer now; later it may. */
public final class BusyException extends IOException {

    private static final long serialVersionUID = 1L;

    private final transient @Nullable Duration wait;
    private final boolean perhapsLost;
    private final boolean throttled;

    /**
     * Says what the store said.
     *
     * @param wait how long the store asks to be left alone; null when it doesn't say
     */
    public BusyException(String message, @Nullable Duration wait) {
        this(message, wait, false, false);
    }

    private BusyException(String message, @Nullable Duration wait, boolean perhapsLost, boolean throttled) {
        super(message);
        this.wait = wait;
        this.perhapsLost = perhapsLost;
        this.throttled = throttled;
    }

    /**
     * The store says that it has a fault of its own. Storage says that for a file, too, whose bytes aren't there: always where
     * it keeps them in a file system.
     */
    public static BusyException perhapsLost(String message) {
        return new BusyException(message, null, true, false);
    }

    /** The store says that it gets more requests than it takes, which may go on for minutes. */
    public static BusyException throttled(String message, @Nullable Duration wait) {
        return new BusyException(message, wait, false, true);
    }

    boolean isThrottled() {
        return throttled;
    }

    /** Whether the bytes that were asked for may be lost for good. */
    public boolean isPerhapsLost() {
        return perhapsLost;
    }

    @Nullable
    Duration getWait() {
        return wait;
    }
}
