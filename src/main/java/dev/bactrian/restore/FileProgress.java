package dev.bactrian.restore;

import java.util.concurrent.atomic.AtomicLong;

/** How far a restore has come with the files of Storage. Its workers write it. */
public final class FileProgress {

    private final long total;
    private final long bytesTotal;
    private final AtomicLong uploaded = new AtomicLong();
    private final AtomicLong there = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private final AtomicLong rowsPutBack = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();

    /**
     * Begins with none of them.
     *
     * @param total files that are wanted
     */
    public FileProgress(long total, long bytesTotal) {
        this.total = total;
        this.bytesTotal = bytesTotal;
    }

    public void uploaded(long size) {
        uploaded.incrementAndGet();
        bytes.addAndGet(size);
    }

    /** One was there already, and left alone. */
    public void there(long size) {
        there.incrementAndGet();
        bytes.addAndGet(size);
    }

    /** One couldn't be brought back. */
    public void refused() {
        refused.incrementAndGet();
    }

    /** The row of one that is in the target was looked at, and says what it did. */
    public void rowPutBack() {
        rowsPutBack.incrementAndGet();
    }

    public long getRowsPutBack() {
        return rowsPutBack.get();
    }

    public long getTotal() {
        return total;
    }

    public long getBytesTotal() {
        return bytesTotal;
    }

    public long getUploaded() {
        return uploaded.get();
    }

    public long getThere() {
        return there.get();
    }

    /** Files that have been dealt with, well or not. */
    public long getDone() {
        return uploaded.get() + there.get() + refused.get();
    }

    /** Bytes of files that are in the target now. */
    public long getBytesDone() {
        return bytes.get();
    }
}
