package dev.bactrian.http.api;

import dev.bactrian.schedule.CurrentSettings;
import dev.bactrian.schedule.Schedule;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Tells of a schedule whose time has passed without anybody having asked for a backup. */
final class Overdue {

    /** A node that is started again makes up what it has missed; and a try that fails is followed by others. */
    static final Duration GRACE = Duration.ofMinutes(15);

    /** Clocks of several machines don't show quite the same. */
    private static final Duration CLOCKS = Duration.ofMinutes(1);

    private final CurrentSettings settings;
    private final Instant started;
    private final Instant now;

    /**
     * Prepares it.
     *
     * @param started when this process began to follow schedules
     */
    Overdue(CurrentSettings settings, Instant started, Instant now) {
        this.settings = settings;
        this.started = started;
        this.now = now;
    }

    /**
     * The first time of the schedule for which none was asked for; empty when there is none, or it is only just past, and while
     * backups are switched off. What was asked for and failed or was cancelled isn't overdue, nor what was skipped because
     * another backup of the whole database went on.
     *
     * @param row the database's of find-asked.sql
     */
    Optional<Instant> since(Schedule schedule, Map<String, Object> row) {
        if (!settings.backupEnabled().value()) {
            return Optional.empty();
        }
        // Times before any of these weren't this schedule's, or were heeded.
        return Stream.of(
                        time(row, "asked_at"),
                        time(row, "ended_at").filter(ended -> row.get("asked_at") != null),
                        time(row, "scheduled_since").or(() -> Optional.of(started)),
                        Optional.ofNullable(schedule.updatedAt()),
                        Optional.ofNullable(settings.zone().updatedAt()),
                        Optional.ofNullable(settings.backupEnabled().updatedAt()))
                .flatMap(Optional::stream)
                .max(Instant::compareTo)
                .flatMap(heeded -> schedule.after(heeded.plus(CLOCKS)))
                .filter(due -> due.plus(GRACE).isBefore(now));
    }

    private static Optional<Instant> time(Map<String, Object> row, String column) {
        return Optional.ofNullable(row.get(column)).map(value -> ((Timestamp) value).toInstant());
    }
}
