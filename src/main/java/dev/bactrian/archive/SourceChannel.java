package dev.bactrian.archive;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.SeekableByteChannel;
import org.jspecify.annotations.Nullable;

/**
 * An archive's source for readers that jump about in it, as one of a zip's directory does: reads a block at a time, and
 * keeps the last one and that of the archive's end.
 */
final class SourceChannel implements SeekableByteChannel {

    /** The directory of some 500 tables fits in. */
    static final int TAIL = 1 << 17;

    private static final int BLOCK = 1 << 20;

    private final ArchiveSource source;
    private final byte[] tail;
    private final long tailStart;
    private byte[] block = {};
    private long blockStart;
    private long position;
    private @Nullable IOException failure;

    SourceChannel(ArchiveSource source) throws IOException {
        this.source = source;
        this.tailStart = Math.max(0, source.size() - TAIL);
        this.tail = fetch(tailStart, (int) (source.size() - tailStart));
    }

    /** Why the source couldn't be read, however a reader above has wrapped it. */
    @Nullable
    IOException failure() {
        return failure;
    }

    private byte[] fetch(long from, int length) throws IOException {
        if (length == 0) {
            return new byte[0];
        }
        try {
            return read(from, length);
        } catch (IOException e) {
            failure = e;
            throw e;
        }
    }

    private byte[] read(long from, int length) throws IOException {
        try (InputStream in = source.read(from, length)) {
            byte[] bytes = in.readNBytes(length);
            if (bytes.length < length) {
                throw new EOFException(source.name() + " ends at byte " + (from + bytes.length)
                        + ", before its size of " + source.size());
            }
            return bytes;
        }
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
        if (position >= source.size()) {
            return -1;
        }
        if (position < tailStart && (position < blockStart || position >= blockStart + block.length)) {
            blockStart = position;
            block = fetch(position, (int) Math.min(BLOCK, tailStart - position));
        }
        byte[] bytes = position >= tailStart ? tail : block;
        int at = (int) (position - (position >= tailStart ? tailStart : blockStart));
        int count = Math.min(into.remaining(), bytes.length - at);
        into.put(bytes, at, count);
        position += count;
        return count;
    }

    @Override
    public long position() {
        return position;
    }

    @Override
    public SeekableByteChannel position(long newPosition) throws IOException {
        if (newPosition < 0) {
            throw new DamagedArchiveException("its directory points before its beginning");
        }
        position = newPosition;
        return this;
    }

    @Override
    public long size() {
        return source.size();
    }

    @Override
    public int write(ByteBuffer from) {
        throw new NonWritableChannelException();
    }

    @Override
    public SeekableByteChannel truncate(long size) {
        throw new NonWritableChannelException();
    }

    @Override
    public boolean isOpen() {
        return true;
    }

    @Override
    public void close() {
        // Each read is closed by itself.
    }
}
