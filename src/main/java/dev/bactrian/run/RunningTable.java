package dev.bactrian.run;

import java.util.concurrent.atomic.LongAdder;

/** A table whose rows are being dumped. Written by its worker, read by the backup's heartbeat. */
public final class RunningTable {

    private final String name;
    private final long size;
    private final long begun;
    private final LongAdder bytes = new LongAdder();

    RunningTable(String name, long size, long begun) {
        this.name = name;
        this.size = size;
        this.begun = begun;
    }

    /** Counts bytes of its rows, uncompressed. */
    public void moved(long count) {
        bytes.add(count);
    }

    String name() {
        return name;
    }

    /** Bytes on the server's disk. */
    long size() {
        return size;
    }

    long begun() {
        return begun;
    }

    long bytes() {
        return bytes.sum();
    }
}
