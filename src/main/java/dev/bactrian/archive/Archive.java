package dev.bactrian.archive;

import dev.bactrian.backup.StoredArchive;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Queue;
import java.util.Set;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import org.apache.commons.compress.archivers.zip.Zip64Mode;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * One zip (PKWARE APPNOTE 6.3), written once, front to back, by several lanes at a time. A lane that has more than a
 * megabyte compresses straight into the zip when no other does; meanwhile the others' entries wait compressed in memory
 * or in the work folder, and are appended as they are when the straight one has ended. When both are used up, a lane
 * waits for room or for its turn to go straight: the straight lane always moves, so nothing deadlocks.
 *
 * <p>Where the process dies before {@link #finish}, the reader of {@link #stream} has got no central directory: no tool
 * takes that for an archive.
 */
public final class Archive {

    /** zlib's fastest level: at level 6 compression is by far the slowest part of a backup. */
    static final int LEVEL = Deflater.BEST_SPEED;

    private static final int BUFFER = 1 << 16;
    private static final long MOST_IN_MEMORY = 16L << 20;

    private final ArchivePipe pipe = new ArchivePipe();
    private final MeasuredStream stream = new MeasuredStream(pipe.source());
    private final ZipArchiveOutputStream zip;
    private final Path folder;
    private final FileTime time;
    private final Object lock = new Object();
    /** Room in the work folder, and for ended entries in memory. */
    final Spool spool;

    final Spool memory = new Spool(lock, MOST_IN_MEMORY);
    private final Queue<ArchiveEntryWriter> waiting = new ArrayDeque<>();
    private final Set<String> names = new HashSet<>();
    private boolean busy;
    private int open;
    private int files;
    private @Nullable Throwable failure;

    /**
     * Begins an archive.
     *
     * @param folder for entries that wait
     * @param spoolLimit bytes that may wait there
     * @param time of every entry
     */
    public Archive(Path folder, long spoolLimit, Instant time) {
        this.folder = folder;
        this.time = FileTime.from(time);
        this.spool = new Spool(lock, spoolLimit);
        this.zip = new ZipArchiveOutputStream(new BufferedOutputStream(pipe.sink(), BUFFER));
        zip.setLevel(LEVEL);
        zip.setEncoding("UTF-8");
    }

    /** The archive's bytes, to be read while it is being written; fails where {@link #abandon} was called. */
    public InputStream stream() {
        return stream;
    }

    /** The archive as it was read from {@link #stream}, for the key it was stored under. */
    public StoredArchive stored(String key) {
        return new StoredArchive(key, stream.bytes(), stream.sha256());
    }

    /**
     * Begins an entry. Several may be open at once.
     *
     * @throws IllegalStateException when there is an entry of that name already
     */
    public ArchiveEntryWriter begin(String name) {
        synchronized (lock) {
            if (!names.add(name)) {
                throw new IllegalStateException("The archive has an entry " + name + " already");
            }
            open++;
        }
        return new ArchiveEntryWriter(this, name);
    }

    /** Writes the central directory and ends the stream cleanly. */
    public void finish() throws IOException {
        synchronized (lock) {
            refuseWhenFailed();
            if (open > 0) {
                throw new IllegalStateException("Entries are still open");
            }
        }
        try {
            zip.finish();
            zip.flush();
        } catch (IOException | RuntimeException e) {
            // Closing would end the stream as if it were whole.
            abandon(e);
            throw e;
        }
        zip.close();
    }

    /** Ends the archive with an error, for its writers and its reader. */
    public void abandon(Throwable cause) {
        synchronized (lock) {
            failure = cause;
            lock.notifyAll();
        }
        pipe.fail(cause);
    }

    /** Makes room for bytes in the work folder; false when the caller may, and must, go straight from now on. */
    boolean waitForRoom(long bytes) throws IOException {
        synchronized (lock) {
            while (true) {
                refuseWhenFailed();
                if (!busy) {
                    busy = true;
                    return false;
                }
                if (spool.tryTake(bytes)) {
                    return true;
                }
                waitForChange();
            }
        }
    }

    /** Takes the zip for a lane that has much to write; false when another lane has it. */
    boolean takeStraight() throws IOException {
        synchronized (lock) {
            refuseWhenFailed();
            if (busy) {
                return false;
            }
            busy = true;
            return true;
        }
    }

    void beginStraight(String name) throws IOException {
        // Sizes are known only at the end, and may be beyond 4 GiB.
        zip.setUseZip64(Zip64Mode.Always);
        zip.putArchiveEntry(entry(name));
    }

    void writeStraight(byte[] bytes, int offset, int length) throws IOException {
        zip.write(bytes, offset, length);
    }

    void endStraight() throws IOException {
        zip.closeArchiveEntry();
        ended();
        appendWaiting();
    }

    /** Appends a finished entry now or, when a lane is writing straight, as soon as that one ends. */
    void append(ArchiveEntryWriter finished) throws IOException {
        synchronized (lock) {
            refuseWhenFailed();
            waiting.add(finished);
            if (busy) {
                return;
            }
            busy = true;
        }
        appendWaiting();
    }

    private void appendWaiting() throws IOException {
        while (true) {
            ArchiveEntryWriter next;
            synchronized (lock) {
                next = waiting.poll();
                if (next == null) {
                    busy = false;
                    lock.notifyAll();
                    return;
                }
            }
            copy(next);
            next.freeRoom();
            ended();
        }
    }

    private void ended() {
        synchronized (lock) {
            open--;
        }
    }

    private void copy(ArchiveEntryWriter next) throws IOException {
        ZipArchiveEntry entry = entry(next.name());
        entry.setSize(next.bytes());
        entry.setCrc(next.crc());
        entry.setCompressedSize(next.waiting().size());
        zip.setUseZip64(Zip64Mode.AsNeeded);
        try (Deflated content = next.waiting();
                InputStream in = content.content()) {
            zip.addRawArchiveEntry(entry, in);
        }
    }

    private ZipArchiveEntry entry(String name) {
        ZipArchiveEntry entry = new ZipArchiveEntry(name);
        entry.setMethod(ZipEntry.DEFLATED);
        entry.setTime(time);
        return entry;
    }

    Path nextFile() {
        synchronized (lock) {
            return folder.resolve("waiting-" + files++);
        }
    }

    private void waitForChange() throws IOException {
        try {
            lock.wait();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private void refuseWhenFailed() throws IOException {
        if (failure != null) {
            throw new IOException("The archive was abandoned: " + failure.getMessage(), failure);
        }
    }
}
