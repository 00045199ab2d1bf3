package dev.bactrian.archive.write;

import dev.bactrian.support.BulkInputStream;
import dev.bactrian.support.BulkOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * A bounded pipe from the workers that write the archive to the step that stores it. Unlike the JDK's piped streams it
 * takes writers of several threads that come and go, and a failure of either side reaches the other: the reader gets an
 * {@link IOException} in place of the end, so that half an archive never looks like a whole one.
 */
public final class ArchivePipe {

    private static final int MOST_CHUNKS = 64;

    private final Queue<byte[]> chunks = new ArrayDeque<>();
    private boolean complete;
    private @Nullable Throwable failure;

    /** The writing end: chunks of the sizes they are written in; closing it is a clean end. */
    public OutputStream sink() {
        return new BulkOutputStream() {
            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                if (length > 0) {
                    byte[] chunk = new byte[length];
                    System.arraycopy(bytes, offset, chunk, 0, length);
                    put(chunk);
                }
            }

            @Override
            public void close() {
                complete();
            }
        };
    }

    /** The reading end. Closing it early lets writers block until somebody calls {@link #fail}. */
    public InputStream source() {
        return new Source();
    }

    /** Ends both sides with an error. */
    public void fail(Throwable cause) {
        synchronized (chunks) {
            if (failure == null && !complete) {
                failure = cause;
                chunks.clear();
            }
            chunks.notifyAll();
        }
    }

    private void put(byte[] chunk) throws IOException {
        synchronized (chunks) {
            while (chunks.size() >= MOST_CHUNKS && failure == null) {
                await();
            }
            refuseWhenFailed();
            chunks.add(chunk);
            chunks.notifyAll();
        }
    }

    /** A clean end. */
    public void complete() {
        synchronized (chunks) {
            complete = true;
            chunks.notifyAll();
        }
    }

    private byte @Nullable [] take() throws IOException {
        synchronized (chunks) {
            while (chunks.isEmpty() && !complete && failure == null) {
                await();
            }
            refuseWhenFailed();
            byte[] chunk = chunks.poll();
            chunks.notifyAll();
            return chunk;
        }
    }

    private void refuseWhenFailed() throws IOException {
        if (failure != null) {
            throw new IOException("The archive was abandoned: " + failure.getMessage(), failure);
        }
    }

    private void await() throws InterruptedIOException {
        try {
            chunks.wait();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
    }

    private final class Source extends BulkInputStream {
        private byte[] current = new byte[0];
        private int position;

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            Objects.checkFromIndexSize(offset, length, bytes.length);
            if (length == 0) {
                return 0;
            }
            if (position == current.length) {
                byte[] next = take();
                if (next == null) {
                    return -1;
                }
                current = next;
                position = 0;
            }
            int count = Math.min(length, current.length - position);
            System.arraycopy(current, position, bytes, offset, count);
            position += count;
            return count;
        }

        @Override
        public int available() {
            return current.length - position;
        }
    }
}
