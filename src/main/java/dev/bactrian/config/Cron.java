package dev.bactrian.config;

import java.text.ParseException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
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

    /** The first time after an instant; empty when there is none. */
    public Optional<Instant> after(Instant instant, ZoneId zone) {
        return Optional.ofNullable(expression(text, zone).getNextValidTimeAfter(Date.from(instant)))
                .map(Date::toInstant);
    }

    /** The last time that isn't after an instant; empty when there was none for years. */
    public Optional<Instant> lastUntil(Instant instant, ZoneId zone) {
        CronExpression expression = expression(text, zone);
        Date end = Date.from(instant);
        // Quartz only looks ahead: so from further and further back, until there is one.
        for (long back = 1; back < LONGEST_AGO; back *= 2) {
            Date found = expression.getNextValidTimeAfter(Date.from(instant.minusSeconds(back)));
            Date last = null;
            while (found != null && !found.after(end)) {
                last = found;
                found = expression.getNextValidTimeAfter(found);
            }
            if (last != null) {
                return Optional.of(last.toInstant());
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
