package dev.bactrian.schedule;

import dev.bactrian.backup.BackupRequest;
import dev.bactrian.config.Cron;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Header;
import org.quartz.CronTrigger;
import org.quartz.Scheduler;
import org.quartz.SchedulerException;
import org.quartz.Trigger;
import org.quartz.TriggerKey;

/** Tells which backup a schedule wants at the time at which it fires. */
public final class ScheduledRuns {

    /** Less is a busy machine. */
    private static final Duration LATE = Duration.ofSeconds(5);

    /**
     * The run that a trigger stands for. One that was missed is fired by Quartz at some later time, which isn't one of the
     * schedule's: it stands for the last time before. One that was firing at a node that died is fired again by a trigger
     * of its own, at the same scheduled time.
     *
     * @param trigger as it fires: in the cluster it may have been another's before
     */
    public ScheduledRun run(
            @Header("trigger") Trigger trigger,
            @Header("scheduler") Scheduler scheduler,
            @Header("scheduledFireTime") Date scheduled,
            @Header("fireTime") Date fired)
            throws SchedulerException {
        String database = trigger.getJobKey().getName();
        boolean again = Scheduler.DEFAULT_RECOVERY_GROUP.equals(trigger.getKey().getGroup());
        Trigger times = again
                ? scheduler.getTrigger(
                        new TriggerKey(database, trigger.getJobKey().getGroup()))
                : trigger;
        Instant due = times instanceof CronTrigger cron
                ? new Cron(cron.getCronExpression())
                        .lastUntil(scheduled.toInstant(), cron.getTimeZone().toZoneId())
                        .orElse(scheduled.toInstant())
                : scheduled.toInstant();
        Duration late = Duration.between(due, fired.toInstant());
        String why = again ? "the node that was requesting it has stopped reporting" : "no node could request it then";
        String note = late.compareTo(LATE) < 0 ? "" : ", " + late.toSeconds() + " s late, because " + why;
        return new ScheduledRun(database, due, note);
    }

    /** What is asked for. */
    public BackupRequest request(@ExchangeProperty("scheduled") ScheduledRun run) {
        return new BackupRequest(run.database(), "schedule", run.dispatchId(), null, null, null, null, null);
    }
}
