package dev.bactrian.dump.plan;

import org.jspecify.annotations.Nullable;

/**
 * One of the ranges of blocks that a table's rows are read in, each in an entry of its own. A row version has one place
 * ({@code ctid}: block, and number in it) as long as the table has the same file, so it is in exactly one of them.
 *
 * @param number from 1 on
 * @param count of the table's ranges
 * @param from the first block
 * @param to the first block beyond it; null for the last range, which has no end: a table may have grown
 */
public record BlockRange(int number, int count, long from, @Nullable Long to) {

    /** What it has of a table's bytes: all ranges have as many blocks. */
    public long share(long bytes) {
        return bytes / count;
    }

    /** The condition for its rows. */
    public String condition() {
        return "ctid >= '(" + from + ",0)'" + (to == null ? "" : " AND ctid < '(" + to + ",0)'");
    }
}
