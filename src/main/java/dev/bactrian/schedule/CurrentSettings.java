package dev.bactrian.schedule;

import dev.bactrian.config.RetentionRules;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What holds now: as users have set it at run time, else as the configuration says. */
public record CurrentSettings(
        Value<Boolean> backupEnabled, Value<ZoneId> zone, List<Schedule> schedules, Value<RetentionRules> retention) {

    /**
     * One of them.
     *
     * @param updatedAt when users set it at run time; null when it is the configuration's
     * @param problem that there is a value in the table, too, which can't be read, and what holds in its place; else null
     */
    public record Value<T>(T value, @Nullable Instant updatedAt, @Nullable String problem) {

        public Value(T value, @Nullable Instant updatedAt) {
            this(value, updatedAt, null);
        }
    }
}
