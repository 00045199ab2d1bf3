package dev.bactrian.unchanged;

/**
 * Numbers of transactions with their epoch. A row has the lower 32 bits of one; 0 to 2 of those have other meanings
 * (PostgreSQL's {@code access/transam.h}).
 */
final class Xids {

    /** So far apart may two be that their lower halves can be compared: 2^31, less what may come while a table is read. */
    private static final long FARTHEST = (1L << 31) - (1L << 27);

    private static final long FIRST_NORMAL = 3;
    private static final long PER_EPOCH = 1L << 32;

    private Xids() {}

    static boolean isPossible(long xid) {
        return xid >= FIRST_NORMAL && lower(xid) >= FIRST_NORMAL;
    }

    /** As a row has it. */
    static long lower(long xid) {
        return xid % PER_EPOCH;
    }

    static boolean areComparable(long earlier, long later) {
        return later >= earlier && later - earlier < FARTHEST;
    }
}
