package dev.bactrian.schedule;

import dev.bactrian.config.Cron;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.function.Predicate;
import org.quartz.CronTrigger;
import org.quartz.JobDetail;
import org.quartz.JobPersistenceException;
import org.quartz.Scheduler;
import org.quartz.TriggerKey;
import org.quartz.impl.jdbcjobstore.PostgreSQLDelegate;
import org.quartz.spi.OperableTrigger;

/**
 * Quartz's queries for PostgreSQL, but that a node takes only the triggers that one of its routes waits for. Services with
 * different databases may share a history: what one knows nothing of must stay for the other. And no time is left out where
 * clocks are changed.
 */
final class OwnTriggers extends PostgreSQLDelegate {

    private final Predicate<TriggerKey> own;

    OwnTriggers(Predicate<TriggerKey> own) {
        this.own = own;
    }

    @Override
    public List<TriggerKey> selectTriggerToAcquire(
            Connection connection, long noLaterThan, long noEarlierThan, int maxCount) throws SQLException {
        // All of them, since the first ones may be somebody else's.
        List<TriggerKey> mine = new ArrayList<>();
        for (TriggerKey key : super.selectTriggerToAcquire(connection, noLaterThan, noEarlierThan, Integer.MAX_VALUE)) {
            if (mine.size() < maxCount && own.test(scheduled(connection, key))) {
                mine.add(key);
            }
        }
        return mine;
    }

    /** Of a trigger that makes up for what a dead node had begun, the one that fired there: Camel names a job for it. */
    private TriggerKey scheduled(Connection connection, TriggerKey key) throws SQLException {
        if (!Scheduler.DEFAULT_RECOVERY_GROUP.equals(key.getGroup())) {
            return key;
        }
        try {
            OperableTrigger recovery = selectTrigger(connection, key);
            return recovery == null
                    ? key
                    : new TriggerKey(
                            recovery.getJobKey().getName(), recovery.getJobKey().getGroup());
        } catch (IOException | ClassNotFoundException | JobPersistenceException e) {
            throw new SQLException("The trigger " + key + " can't be read", e);
        }
    }

    @Override
    public int insertTrigger(Connection connection, OperableTrigger trigger, String state, JobDetail job)
            throws SQLException, IOException {
        loseNoNight(trigger);
        return super.insertTrigger(connection, trigger, state, job);
    }

    @Override
    public int updateTrigger(Connection connection, OperableTrigger trigger, String state, JobDetail job)
            throws SQLException, IOException {
        loseNoNight(trigger);
        return super.updateTrigger(connection, trigger, state, job);
    }

    /** Quartz leaves out a time that a change of the clocks leaves out; {@link Cron} has one in its place. */
    private static void loseNoNight(OperableTrigger trigger) {
        Date next = trigger.getNextFireTime();
        if (next != null && trigger instanceof CronTrigger times) {
            Date fired = trigger.getPreviousFireTime();
            Instant now = Instant.now();
            Instant from = fired == null || fired.toInstant().isBefore(now) ? now : fired.toInstant();
            new Cron(times.getCronExpression())
                    .after(from, times.getTimeZone().toZoneId())
                    .filter(ours -> ours.isBefore(next.toInstant()))
                    .ifPresent(ours -> trigger.setNextFireTime(Date.from(ours)));
        }
    }

    @Override
    public boolean hasMisfiredTriggersInState(
            Connection connection, String state, long before, int count, List<TriggerKey> result) throws SQLException {
        List<TriggerKey> all = new ArrayList<>();
        super.hasMisfiredTriggersInState(connection, state, before, -1, all);
        List<TriggerKey> mine = all.stream().filter(own).toList();
        result.addAll(count < 0 ? mine : mine.subList(0, Math.min(count, mine.size())));
        return result.size() < mine.size();
    }

    @Override
    public int countMisfiredTriggersInState(Connection connection, String state, long before) throws SQLException {
        List<TriggerKey> mine = new ArrayList<>();
        hasMisfiredTriggersInState(connection, state, before, -1, mine);
        return mine.size();
    }
}
