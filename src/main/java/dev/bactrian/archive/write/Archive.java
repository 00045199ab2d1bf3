package dev.bactrian.archive.write;

import dev.bactrian.archive.ArchiveSettings;
import dev.bactrian.archive.EntryPlace;
import dev.bactrian.archive.WholeStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * One zip (PKWARE APPNOTE 6.3), written once, front to back, by several workers at a time. A worker that has more than a
 * megabyte compresses straight into the zip when no other does; meanwhile the others' entries wait compressed in memory
 * or in the work folder, and are appended as they are when the straight one has ended. When both are used up, a worker
 * waits for room or for its turn to go straight: the straight worker always moves, so nothing deadlocks.
 *
 * <p>Where the process dies before {@link #finish}, the reader of {@link #stream} has got no central directory: no tool
 * takes that for an archive.
 */
public final class Archive {

    private static final long MOST_IN_MEMORY = 16L << 20;

    final ArchivePipe pipe = new ArchivePipe();
    public final WholeStream stream = new WholeStream(pipe.source());
    /** What goes out: the zip itself, or what it is wrapped in. */
    public volatile WholeStream sent = stream;

    private volatile List<String> recipients = List.of();
    final ZipStream zip;
    private final Compression compression;
    private final Object lock = new Object();
    final SpoolFiles files;
    final Spool memory = new Spool(lock, MOST_IN_MEMORY);
    final Spool spool;

    private final Queue<ArchiveEntryWriter> waiting = new ArrayDeque<>();
    final WrittenEntries written = new WrittenEntries();
    private boolean busy;
    private int open;
    private @Nullable Throwable failure;

    /**
     * Begins an archive.
     *
     * @param folder for entries that wait
     * @param spoolLimit bytes that may wait there
     * @param compression of every entry that isn't compressed already
     */
    public Archive(Path folder, long spoolLimit, Instant time, Compression compression) {
        this.files = new SpoolFiles(folder);
        this.compression = compression;
        this.spool = new Spool(lock, spoolLimit);
        this.zip = new ZipStream(pipe.sink(), FileTime.from(time));
    }

    /** As the other one, compressing by the JDK's zlib. */
    public Archive(Path folder, long spoolLimit, Instant time) {
        this(folder, spoolLimit, time, Compression.of(ArchiveSettings.Compressor.ZLIB, Compression.FASTEST));
    }

    /** The archive's bytes, to be read while it is being written; fails where {@link #abandon} was called. */
    public InputStream stream() {
        return stream;
    }

    /**
     * From now on what goes out isn't {@link #stream} but what is made of it.
     *
     * @param readers fingerprints of the keys that open it
     */
    public void encrypted(WholeStream outer, List<String> readers) {
        sent = outer;
        recipients = readers;
    }

    /** The archive as it was read to be stored, for the key it was stored under. */
    public StoredArchive stored(String key) {
        return StoredArchive.of(key, sent, recipients);
    }

    /**
     * Begins an entry. Several may be open at once.
     *
     * @throws IllegalStateException when there is an entry of that name already
     */
    public ArchiveEntryWriter begin(String name) {
        return begin(name, compression);
    }

    /** As {@link #begin(String)}, for content that is compressed already. */
    public ArchiveEntryWriter beginStored(String name) {
        return begin(name, Compression.STORED);
    }

    private ArchiveEntryWriter begin(String name, Compression how) {
        written.claim(name);
        synchronized (lock) {
            open++;
        }
        return new ArchiveEntryWriter(this, name, how);
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
        } catch (IOException | RuntimeException e) {
            // Closing would end the stream as if it were whole.
            abandon(e);
            throw e;
        }
        written.finish();
        zip.close();
    }

    /** Ends the archive with an error, for its writers and its reader. */
    public void abandon(Throwable cause) {
        synchronized (lock) {
            failure = cause;
            lock.notifyAll();
        }
        pipe.fail(cause);
        zip.abandon(cause);
        files.abandon();
    }

    /** Where an entry lies; null as long as it isn't written. */
    public @Nullable EntryPlace place(String entry) {
        return written.place(entry);
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

    /** Takes the zip for a worker that has much to write; false when another worker has it. */
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

    /** Begins the entry in the zip itself, and returns what takes its compressed bytes. */
    OutputStream beginStraight(String name) {
        return zip.begin(name);
    }

    void endStraight(ArchiveEntryWriter finished) throws IOException {
        written.place(finished.name(), zip.end(finished.facts()));
        ended();
        appendWaiting();
    }

    /** Appends a finished entry now or, when a worker is writing straight, as soon as that one ends. */
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

    /** Lets the zip go: what waits for it follows. */
    void appendWaiting() throws IOException {
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

    void discarded(String name) {
        written.forget(name);
        ended();
    }

    private void ended() {
        synchronized (lock) {
            open--;
        }
    }

    private void copy(ArchiveEntryWriter next) throws IOException {
        try (PendingEntry content = next.waiting();
                InputStream in = content.content()) {
            written.place(next.name(), zip.append(next.name(), next.facts(), in));
        } finally {
            files.forget(next.waiting());
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
