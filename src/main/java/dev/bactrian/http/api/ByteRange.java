package dev.bactrian.http.api;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The part of an archive that is asked for (RFC 9110, Range Requests).
 *
 * @param start offset of the first byte
 * @param end offset of the last byte
 * @param size of the archive
 * @param partial whether a part was asked for, as is answered then
 */
public record ByteRange(long start, long end, long size, boolean partial) {

    private static final Pattern ONE = Pattern.compile("bytes=(\\d{0,18})-(\\d{0,18})");

    /**
     * Reads the header of a request. Several parts, and what it can't read, it takes for no header, as the RFC allows.
     *
     * @return null when the archive has no such part
     */
    static @Nullable ByteRange of(@Nullable String header, long size) {
        ByteRange all = new ByteRange(0, size - 1, size, false);
        Matcher asked = ONE.matcher(header == null ? "" : header.strip());
        if (!asked.matches()) {
            return all;
        }
        long first = number(asked.group(1));
        long last = number(asked.group(2));
        if (first < 0) {
            // The last bytes, so many of them.
            return last < 0 ? all : part(Math.max(0, size - last), size - 1, size);
        }
        return last >= 0 && last < first ? all : part(first, last < 0 ? size - 1 : Math.min(last, size - 1), size);
    }

    private static @Nullable ByteRange part(long start, long end, long size) {
        return start > end ? null : new ByteRange(start, end, size, true);
    }

    /** Below 0 where there is none. */
    private static long number(String digits) {
        return digits.isEmpty() ? -1 : Long.parseLong(digits);
    }

    long length() {
        return end - start + 1;
    }

    /** As the response names it. */
    String text() {
        return "bytes " + start + "-" + end + "/" + size;
    }
}
