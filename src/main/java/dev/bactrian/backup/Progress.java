package dev.bactrian.backup;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** How far a backup has come. Written by its lanes, read by its heartbeat. */
public final class Progress {

    private volatile @Nullable Integer tablesTotal;
    private final AtomicInteger tablesDone = new AtomicInteger();
    private final LongAdder bytesDone = new LongAdder();

    public void expect(int tables) {
        tablesTotal = tables;
    }

    public void tableDone() {
        tablesDone.incrementAndGet();
    }

    /** Counts bytes of table data, uncompressed. */
    public void moved(long bytes) {
        bytesDone.add(bytes);
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
