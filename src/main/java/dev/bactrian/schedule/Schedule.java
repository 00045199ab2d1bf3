package dev.bactrian.schedule;

import dev.bactrian.config.Cron;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * When a database is backed up without anybody asking.
 *
 * @param cron null for never
 * @param updatedAt when users set it at run time; null when it is the configuration's
 * @param problem that the one set at run time can't be read; else null
 */
public record Schedule(
        String database, @Nullable Cron cron, ZoneId zone, @Nullable Instant updatedAt, @Nullable String problem) {

    public Schedule(String database, @Nullable Cron cron, ZoneId zone, @Nullable Instant updatedAt) {
        this(database, cron, zone, updatedAt, null);
    }

    /** The next time after an instant; empty when there is none. */
    public Optional<Instant> after(Instant instant) {
        return Optional.ofNullable(cron).flatMap(times -> times.after(instant, zone));
    }
}
