package dev.bactrian.archive.write;

import dev.bactrian.archive.Spliced;
import dev.bactrian.archive.StoredRange;
import dev.bactrian.support.BulkInputStream;
import dev.bactrian.support.BulkOutputStream;
import java.io.ByteArrayInputStream;
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

    private final Queue<Chunk> chunks = new ArrayDeque<>();
    private boolean complete;
    private @Nullable Throwable failure;

    /** Bytes, or what the store has already. */
    private sealed interface Chunk {

        record Bytes(byte[] bytes) implements Chunk {}

        record Range(StoredRange range, RangeOpener opener) implements Chunk {}
    }

    /** The writing end: chunks of the sizes they are written in; closing it is a clean end. */
    public OutputStream sink() {
        return new BulkOutputStream() {
            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                if (length > 0) {
                    byte[] chunk = new byte[length];
                    System.arraycopy(bytes, offset, chunk, 0, length);
                    put(new Chunk.Bytes(chunk));
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

    /**
     * What the store has already comes next.
     *
     * @param opener fetches it for a reader who can't have it copied there
     */
    void put(StoredRange range, RangeOpener opener) throws IOException {
        put(new Chunk.Range(range, opener));
    }

    private void put(Chunk chunk) throws IOException {
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

    private @Nullable Chunk take() throws IOException {
        synchronized (chunks) {
            while (chunks.isEmpty() && !complete && failure == null) {
                await();
            }
            refuseWhenFailed();
            Chunk chunk = chunks.poll();
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

    private final class Source extends BulkInputStream implements Spliced {
        private InputStream current = InputStream.nullInputStream();
        private Chunk.@Nullable Range ahead;
        private boolean fetching;
        private boolean ended;

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            Objects.checkFromIndexSize(offset, length, bytes.length);
            if (length == 0) {
                return 0;
            }
            while (true) {
                int count = current.read(bytes, offset, length);
                if (count >= 0) {
                    return count;
                }
                current.close();
                current = InputStream.nullInputStream();
                fetching = false;
                range();
                Chunk.Range next = ahead;
                if (next != null) {
                    current = new FetchedRange(next.opener().open(next.range()), next.range());
                    fetching = true;
                    ahead = null;
                } else if (ended) {
                    return -1;
                }
            }
        }

        @Override
        public @Nullable StoredRange range() throws IOException {
            if (ahead == null && !ended && !fetching && current.available() == 0) {
                advance();
            }
            return ahead == null ? null : ahead.range();
        }

        private void advance() throws IOException {
            Chunk next = take();
            if (next instanceof Chunk.Range range) {
                ahead = range;
            } else if (next instanceof Chunk.Bytes some) {
                current = new ByteArrayInputStream(some.bytes());
            } else {
                ended = true;
            }
        }

        @Override
        public void pass(StoredRange range) {
            if (ahead == null || !ahead.range().equals(range)) {
                throw new IllegalStateException("This range isn't what comes next");
            }
            ahead = null;
        }

        @Override
        public int available() throws IOException {
            return current.available();
        }

        @Override
        public void close() throws IOException {
            current.close();
        }
    }
}
