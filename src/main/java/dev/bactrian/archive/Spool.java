package dev.bactrian.archive;

/** How much compressed data of one archive may wait in the work folder. Guarded by the archive's lock. */
final class Spool {

    private final long limit;
    private long used;

    Spool(long limit) {
        this.limit = limit;
    }

    boolean fits(long bytes) {
        return used + bytes <= limit;
    }

    void take(long bytes) {
        used += bytes;
    }

    void free(long bytes) {
        used -= bytes;
    }
}
