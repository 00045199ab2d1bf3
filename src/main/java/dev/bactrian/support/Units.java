package dev.bactrian.support;

import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sizes and times as people write and read them. */
public final class Units {

    private static final Pattern AMOUNT = Pattern.compile("(\\d{1,12})\\s*([A-Za-z]*)");
    private static final String[] SIZES = {"B", "KB", "MB", "GB", "TB"};
    private static final int STEP = 1024;
    /** Far below what a long of nanoseconds holds, which waiting counts in. */
    private static final Duration LONGEST = Duration.ofDays(3650);

    private Units() {}

    /** Reads {@code 512MB}, {@code 2GB} or plain bytes; a KB is 1,024 bytes. */
    public static long bytes(String text) {
        Matcher amount = AMOUNT.matcher(text);
        if (amount.matches()) {
            long factor = 1;
            for (String unit : SIZES) {
                long value = Long.parseLong(amount.group(1));
                if ((unit.equalsIgnoreCase(amount.group(2)) || (amount.group(2).isEmpty() && "B".equals(unit)))
                        && value <= Long.MAX_VALUE / factor) {
                    return value * factor;
                }
                factor *= STEP;
            }
        }
        throw new IllegalArgumentException("Write a size, for example 512MB or 2GB.");
    }

    /** Reads {@code 500ms}, {@code 8s}, {@code 30m} or {@code 2h}. */
    public static Duration duration(String text) {
        Matcher amount = AMOUNT.matcher(text);
        if (amount.matches()) {
            long value = Long.parseLong(amount.group(1));
            Duration time =
                    switch (amount.group(2).toLowerCase(Locale.ROOT)) {
                        case "ms" -> Duration.ofMillis(value);
                        case "s" -> Duration.ofSeconds(value);
                        case "m" -> Duration.ofMinutes(value);
                        case "h" -> Duration.ofHours(value);
                        default -> null;
                    };
            if (time != null && time.compareTo(LONGEST) <= 0) {
                return time;
            }
        }
        throw new IllegalArgumentException("Write a time, for example 30s, 5m or 2h.");
    }

    /** {@code 1 table}, {@code 2 tables}. */
    public static String counted(long count, String one) {
        return count + " " + noun(count, one);
    }

    /** {@code table} of one, {@code tables} of more or none. */
    public static String noun(long count, String one) {
        return count == 1 ? one : one + "s";
    }

    /** A time for people: {@code 30 min} or {@code 2.5 s}. */
    public static String readable(Duration duration) {
        return duration.toSeconds() % 60 == 0 && duration.toMinutes() > 0
                ? duration.toMinutes() + " min"
                : duration.toMillis() / 1000.0 + " s";
    }

    /** A size for people: {@code 212.4 MB}. */
    public static String readable(long bytes) {
        double value = bytes;
        int unit = 0;
        while (value >= STEP && unit < SIZES.length - 1) {
            value /= STEP;
            unit++;
        }
        return unit == 0 ? bytes + " B" : String.format(Locale.ROOT, "%.1f %s", value, SIZES[unit]);
    }
}
