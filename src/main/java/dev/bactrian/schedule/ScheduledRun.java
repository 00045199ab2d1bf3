package dev.bactrian.schedule;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/**
 * One time at which a schedule wants a backup.
 *
 * @param due when it was to be asked for
 * @param note for the log: that it is late, and why; else empty
 */
public record ScheduledRun(String database, Instant due, String note) {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH-mm-ss'Z'").withZone(ZoneOffset.UTC);

    /** The same for everybody who asks for this backup: it is made once. */
    public String dispatchId() {
        return "schedule-" + database + "-" + TIME.format(due);
    }
}
