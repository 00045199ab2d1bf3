package dev.bactrian.http.api;

import dev.bactrian.support.BulkInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The body of an answer: an entry's content. Its last byte is only given away when the end behind it was good, so that a
 * damaged entry never makes an answer of full length. It can be closed at any time, by any thread, without waiting.
 */
final class EntryDownload extends BulkInputStream {

    private final InputStream content;
    private final Runnable whenBroken;
    private final ReentrantLock reading = new ReentrantLock();
    private volatile boolean over;
    private boolean closed;
    /** A byte that was read and not yet given away; below 0 when there is none, since all was read. */
    private int held;

    /**
     * Reads the first byte, so that what can't be read at all is known before an answer begins.
     *
     * @param whenBroken is run when reading fails later
     */
    EntryDownload(InputStream content, Runnable whenBroken) throws IOException {
        this.content = content;
        this.whenBroken = whenBroken;
        try {
            this.held = content.read();
        } catch (IOException e) {
            content.close();
            throw e;
        }
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        reading.lock();
        try {
            if (over) {
                throw new IOException("The client has disconnected");
            }
            return next(bytes, offset, length);
        } catch (IOException | RuntimeException e) {
            over = true;
            whenBroken.run();
            throw e;
        } finally {
            reading.unlock();
            closeWhenOver();
        }
    }

    private int next(byte[] bytes, int offset, int length) throws IOException {
        if (held < 0) {
            return -1;
        }
        byte first = (byte) held;
        if (length == 1) {
            held = content.read();
            bytes[offset] = first;
            return 1;
        }
        int count = content.read(bytes, offset + 1, length - 1);
        bytes[offset] = first;
        if (count < 0) {
            held = -1;
            return 1;
        }
        held = bytes[offset + count] & 0xFF;
        return count;
    }

    /** Ends it; one that is being read just now is closed by its reader. */
    @Override
    public void close() {
        over = true;
        closeWhenOver();
    }

    /** Called by whoever has let go of the lock, too: an end that came meanwhile isn't missed. */
    private void closeWhenOver() {
        if (!over || !reading.tryLock()) {
            return;
        }
        try {
            if (!closed) {
                closed = true;
                content.close();
            }
        } catch (IOException e) {
            // Nothing more is wanted of it.
        } finally {
            reading.unlock();
        }
    }
}
