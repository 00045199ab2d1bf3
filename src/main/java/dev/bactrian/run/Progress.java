package dev.bactrian.run;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** How far a backup has come. Written by its workers, read by its heartbeat. */
public final class Progress {

    /** There are as many as workers; who looks wants to know which one takes long. */
    private static final int TABLES_SHOWN = 5;

    private static final long SECOND = 1_000_000_000L;

    private volatile @Nullable Integer tablesTotal;
    private final AtomicInteger tablesDone = new AtomicInteger();
    private final LongAdder bytesDone = new LongAdder();
    /** Sizes of the tables that haven't ended. */
    private final AtomicLong sizesLeft = new AtomicLong();

    private final Map<String, RunningTable> running = new ConcurrentHashMap<>();
    private final Rate rate = new Rate();
    private volatile long movedAt = System.nanoTime();

    public void expect(int tables) {
        tablesTotal = tables;
        alive();
    }

    /** The same with their sizes on the server's disk, in bytes, by which the rest is estimated. */
    public void expect(int tables, long sizes) {
        sizesLeft.set(sizes);
        rate.at(System.nanoTime(), getBytesDone());
        expect(tables);
    }

    public void tableDone() {
        tablesDone.incrementAndGet();
        alive();
    }

    /**
     * Shows a table as one that is being dumped; the same again for one that is shown already.
     *
     * @param size bytes on the server's disk, as they were expected
     */
    public RunningTable begin(String table, long size) {
        alive();
        return running.computeIfAbsent(table, name -> new RunningTable(name, size, System.nanoTime()));
    }

    /** Counts a table that was begun as done. */
    public void done(RunningTable table) {
        ended(table);
        tableDone();
    }

    /** What was begun has ended, but isn't a whole table. */
    public void ended(RunningTable part) {
        if (running.remove(part.name(), part)) {
            sizesLeft.addAndGet(-part.size());
        }
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
        return (System.nanoTime() - movedAt) / SECOND;
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

    /** What it is doing now, as {@link LiveProgress#json}; asked by the heartbeat, from one thread. */
    public String getLive() {
        return lookAt(System.nanoTime()).json();
    }

    /** Not named as the property: Camel's simple language would take it for that. */
    LiveProgress lookAt(long now) {
        long left = sizesLeft.get();
        for (RunningTable table : running.values()) {
            left -= Math.min(table.size(), table.bytes());
        }
        long done = getBytesDone();
        List<LiveProgress.TableProgress> tables = running.values().stream()
                .sorted(Comparator.comparingLong(RunningTable::begun).thenComparing(RunningTable::name))
                .limit(TABLES_SHOWN)
                .map(table -> new LiveProgress.TableProgress(
                        table.name(), table.bytes(), Math.max(0, (now - table.begun()) / SECOND)))
                .toList();
        return LiveProgress.of(done, left, rate.at(now, done), tables);
    }
}
