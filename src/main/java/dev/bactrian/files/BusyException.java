package dev.bactrian.files;

import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The store can't answer now; later it may. */
public final class BusyException extends IOException {

    private static final long serialVersionUID = 1L;

    private final transient @Nullable Duration wait;

    /**
     * Says what the store said.
     *
     * @param wait how long the store asks to be left alone; null when it doesn't say
     */
    public BusyException(String message, @Nullable Duration wait) {
        super(message);
        this.wait = wait;
    }

    @Nullable
    Duration getWait() {
        return wait;
    }
}
