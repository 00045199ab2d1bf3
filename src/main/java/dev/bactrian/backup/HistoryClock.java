package dev.bactrian.backup;

import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.function.LongSupplier;
import org.apache.camel.Body;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sees that the clock of the history's server is set, by this process's own steady clock: what it then says is late, needn't be. */
public final class HistoryClock {

    private static final Logger LOG = LoggerFactory.getLogger(HistoryClock.class);

    /** Less is the time that an answer takes, or a clock that is being corrected slowly. */
    private static final Duration STEP = Duration.ofSeconds(30);

    private final LongSupplier nanos;
    private long lastNanos;
    private @Nullable Instant last;
    private Duration ahead = Duration.ZERO;

    public HistoryClock() {
        this(System::nanoTime);
    }

    HistoryClock(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /**
     * By how many seconds it was set forward since this process first looked, and not back again: so much later is what was written
     * before only seemingly.
     *
     * @param time the server's
     */
    public synchronized long ahead(@Body Timestamp time) {
        Instant now = time.toInstant();
        long at = nanos.getAsLong();
        if (last != null) {
            Duration step = Duration.between(last, now).minusNanos(at - lastNanos);
            if (step.abs().compareTo(STEP) > 0) {
                ahead = ahead.plus(step).isNegative() ? Duration.ZERO : ahead.plus(step);
                LOG.warn(
                        "The control database's clock was set {} by {} s. Running backups and restores continue; "
                                + "earlier times in the history are by the previous clock",
                        step.isNegative() ? "back" : "forward",
                        step.abs().toSeconds());
            }
        }
        last = now;
        lastNanos = at;
        return ahead.toSeconds();
    }
}
