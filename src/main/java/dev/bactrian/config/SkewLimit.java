package dev.bactrian.config;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How many files a backup may lack and still be good.
 *
 * @param number of files, or percent of all of them
 */
public record SkewLimit(int number, boolean percent) {

    private static final Pattern FORM = Pattern.compile("(\\d{1,9})\\s*(%?)");
    private static final int ALL = 100;

    /** Reads {@code 10} or {@code 2%}. */
    static SkewLimit of(String text) {
        Matcher form = FORM.matcher(text);
        if (form.matches()) {
            SkewLimit limit = new SkewLimit(
                    Integer.parseInt(form.group(1)), !form.group(2).isEmpty());
            if (!limit.percent() || limit.number() <= ALL) {
                return limit;
            }
        }
        throw new IllegalArgumentException(
                "Write a number of files, for example 10, or a share of them, for example 2%.");
    }

    /** Whether so many of so many are too many. */
    public boolean isExceeded(long lacking, long all) {
        return percent ? lacking * ALL > all * number : lacking > number;
    }

    @Override
    public String toString() {
        return number + (percent ? "%" : "");
    }
}
