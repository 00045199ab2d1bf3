package dev.bactrian.archive.write;

/** How much compressed data of one archive may wait in one place. Shares the archive's lock. */
final class Spool {

    private final Object lock;
    private final long limit;
    private long used;

    Spool(Object lock, long limit) {
        this.lock = lock;
        this.limit = limit;
    }

    /** Takes room where there is enough. */
    boolean tryTake(long bytes) {
        synchronized (lock) {
            if (used + bytes > limit) {
                return false;
            }
            used += bytes;
            return true;
        }
    }

    /** Gives room back, and wakes whoever waits for it. */
    void free(long bytes) {
        synchronized (lock) {
            used -= bytes;
            lock.notifyAll();
        }
    }
}
