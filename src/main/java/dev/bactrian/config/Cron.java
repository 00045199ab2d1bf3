package dev.bactrian.config;

import java.text.ParseException;
import java.time.Duration;
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
            "Write it in Quartz's form, second minute hour day-of-month month day-of-week, with ? for the one of the "
                    + "two days that isn't used: 0 0 2 * * ? for every night at two.";

    /** As long as Quartz's table has room. */
    private static final int LONGEST = 120;

    private static final Duration CLOSEST = Duration.ofMinutes(1);
    /** After so many times in a row, an expression with several seconds has had two of them in one minute. */
    private static final int TIMES_TRIED = 10;
    /** In seconds: some years. */
    private static final long LONGEST_AGO = 1L << 29;

    /**
     * A checked one.
     *
     * @throws IllegalArgumentException saying what to write, when it isn't one
     */
    public Cron {
        if (text.length() > LONGEST || !CronExpression.isValidExpression(text)) {
            throw new IllegalArgumentException("isn't a Quartz cron expression. " + FORM);
        }
    }

    /**
     * One for times to come.
     *
     * @throws IllegalArgumentException saying what to write, when it isn't one, names no time that is still to come, or times that
     *     are less than a minute apart
     */
    public static Cron of(String text) {
        Cron cron = kept(text);
        if (cron.after(Instant.now(), ZoneOffset.UTC).isEmpty()) {
            throw new IllegalArgumentException("has no time in the future. " + FORM);
        }
        return cron;
    }

    /**
     * One that was accepted before; its times may have passed meanwhile.
     *
     * @throws IllegalArgumentException saying what to write, when it isn't one or names times that are less than a minute apart
     */
    public static Cron kept(String text) {
        Cron cron = new Cron(text);
        CronExpression times = expression(text, ZoneOffset.UTC);
        Optional<Instant> last = next(times, Instant.now());
        for (int i = 0; i < TIMES_TRIED && last.isPresent(); i++) {
            Optional<Instant> next = next(times, last.get());
            if (next.isPresent() && Duration.between(last.get(), next.get()).compareTo(CLOSEST) < 0) {
                throw new IllegalArgumentException(
                        "has times that are less than a minute apart. Write one number, such as 0, for the second, "
                                + "which comes first. " + FORM);
            }
            last = next;
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
            throw new IllegalArgumentException("isn't a Quartz cron expression. " + FORM, e);
        }
    }

    @Override
    public String toString() {
        return text;
    }
}
