package dev.bactrian.backup;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** How far a backup has come. Written by its lanes, read by its heartbeat. */
public final class Progress {

    private volatile @Nullable Integer tablesTotal;
    private final AtomicInteger tablesDone = new AtomicInteger();
    private final LongAdder bytesDone = new LongAdder();
    private volatile long movedAt = System.nanoTime();

    public void expect(int tables) {
        tablesTotal = tables;
        alive();
    }

    public void tableDone() {
        tablesDone.incrementAndGet();
        alive();
    }

    /** Counts bytes of table data, uncompressed. */
    public void moved(long bytes) {
        bytesDone.add(bytes);
        alive();
    }

    /** Something got further that isn't counted here. */
    public void alive() {
        movedAt = System.nanoTime();
    }

    /** How long nothing has got further, in seconds. */
    public long getIdleSeconds() {
        return (System.nanoTime() - movedAt) / 1_000_000_000L;
    }

    /** Null until the tables have been counted. */
    public @Nullable Integer getTablesTotal() {
        return tablesTotal;
    }

    public int getTablesDone() {
        return tablesDone.get();
    }

    public long getBytesDone() {
        return bytesDone.sum();
    }
}
