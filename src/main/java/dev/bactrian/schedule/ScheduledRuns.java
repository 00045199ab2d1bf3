package dev.bactrian.schedule;

import dev.bactrian.backup.BackupRequest;
import dev.bactrian.config.Cron;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Header;
import org.quartz.CronTrigger;

/** Tells which backup a schedule wants at the time at which it fires. */
public final class ScheduledRuns {

    /** Less is a busy machine. */
    private static final Duration LATE = Duration.ofSeconds(5);

    /**
     * The run that a trigger stands for. One that was missed is fired by Quartz at some later time, which isn't one of the
     * schedule's: it stands for the last time before.
     *
     * @param trigger as it fires: in the cluster it may have been another's before
     */
    public ScheduledRun run(
            @Header("trigger") CronTrigger trigger,
            @Header("scheduledFireTime") Date scheduled,
            @Header("fireTime") Date fired) {
        Instant due = new Cron(trigger.getCronExpression())
                .lastUntil(scheduled.toInstant(), trigger.getTimeZone().toZoneId())
                .orElse(scheduled.toInstant());
        Duration late = Duration.between(due, fired.toInstant());
        String note = late.compareTo(LATE) < 0
                ? ""
                : ", made up " + late.toSeconds() + " s late because no node could ask for it then";
        return new ScheduledRun(trigger.getKey().getName(), due, note);
    }

    /** What is asked for. */
    public BackupRequest request(@ExchangeProperty("scheduled") ScheduledRun run) {
        return new BackupRequest(run.database(), "schedule", run.dispatchId(), null, null, null, null, null);
    }
}
