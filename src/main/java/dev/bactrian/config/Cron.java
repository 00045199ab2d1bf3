package dev.bactrian.config;

import java.text.ParseException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.util.Date;
import java.util.Optional;
import java.util.TimeZone;
import org.quartz.CronExpression;

/**
 * When something is to be done, as Quartz writes it: second minute hour day-of-month month day-of-week, and a year where one
 * is meant.
 */
public record Cron(String text) {

    /** What a bad one is answered with. */
    public static final String FORM =
            "Write it as Quartz does, second minute hour day-of-month month day-of-week with ? for "
                    + "whichever of the two days isn't used: 0 0 2 * * ? for every night at two.";

    /** As long as Quartz's table has room. */
    private static final int LONGEST = 120;
    /** In seconds: some years. */
    private static final long LONGEST_AGO = 1L << 29;

    /**
     * A checked one.
     *
     * @throws IllegalArgumentException saying what to write, when it isn't one
     */
    public Cron {
        if (text.length() > LONGEST || !CronExpression.isValidExpression(text)) {
            throw new IllegalArgumentException("isn't a cron expression of Quartz. " + FORM);
        }
    }

    /**
     * One for times to come.
     *
     * @throws IllegalArgumentException saying what to write, when it isn't one or names no time that is still to come
     */
    public static Cron of(String text) {
        Cron cron = new Cron(text);
        if (cron.after(Instant.now(), ZoneOffset.UTC).isEmpty()) {
            throw new IllegalArgumentException("names no time that is still to come. " + FORM);
        }
        return cron;
    }

    /**
     * The first time after an instant; empty when there is none. One that falls into the hour that a change of the clocks leaves
     * out is at that hour's end, lest a night goes by without; unless the next one follows as soon as that anyway.
     */
    public Optional<Instant> after(Instant instant, ZoneId zone) {
        CronExpression asTheClockShows = expression(text, zone);
        CronExpression asIfNeverChanged = expression(text, ZoneOffset.UTC);
        Optional<Instant> next = next(asTheClockShows, instant);
        for (ZoneOffsetTransition change = zone.getRules().nextTransition(instant);
                change != null && (next.isEmpty() || change.getInstant().isBefore(next.get()));
                change = zone.getRules().nextTransition(change.getInstant())) {
            // Local times are reckoned with as if they were UTC's, which has no changes.
            Instant begin = change.getDateTimeBefore().toInstant(ZoneOffset.UTC);
            Instant end = change.getDateTimeAfter().toInstant(ZoneOffset.UTC);
            Optional<Instant> unchanged = next(asIfNeverChanged, begin.minusMillis(1));
            if (unchanged.isEmpty()) {
                break;
            }
            Instant soon = change.getInstant().plus(change.getDuration());
            boolean leftOut = unchanged.get().isBefore(end);
            if (leftOut && (next.isEmpty() || next.get().isAfter(soon))) {
                return Optional.of(change.getInstant());
            }
        }
        return next;
    }

    private static Optional<Instant> next(CronExpression expression, Instant instant) {
        return Optional.ofNullable(expression.getNextValidTimeAfter(Date.from(instant)))
                .map(Date::toInstant);
    }

    /** The last time that isn't after an instant; empty when there was none for years. */
    public Optional<Instant> lastUntil(Instant instant, ZoneId zone) {
        // Quartz only looks ahead: so from further and further back, until there is one.
        for (long back = 1; back < LONGEST_AGO; back *= 2) {
            Optional<Instant> found = after(instant.minusSeconds(back), zone);
            Optional<Instant> last = Optional.empty();
            while (found.isPresent() && !found.get().isAfter(instant)) {
                last = found;
                found = after(found.get(), zone);
            }
            if (last.isPresent()) {
                return last;
            }
        }
        return Optional.empty();
    }

    private static CronExpression expression(String text, ZoneId zone) {
        try {
            CronExpression expression = new CronExpression(text);
            expression.setTimeZone(TimeZone.getTimeZone(zone));
            return expression;
        } catch (ParseException e) {
            throw new IllegalArgumentException("isn't a cron expression of Quartz. " + FORM, e);
        }
    }

    @Override
    public String toString() {
        return text;
    }
}
