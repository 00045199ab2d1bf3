package dev.bactrian.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.zip.CRC32;

/** A part of an upload, in the work folder until it is stored. One thread fills it; then several may read it, any number of times. */
final class SpooledPart implements AutoCloseable {

    private final Path file;
    private final FileChannel channel;
    private final long most;
    private final MessageDigest md5 = SentParts.md5();
    private final CRC32 crc = new CRC32();
    private long size;

    /**
     * Begins a part.
     *
     * @param file that doesn't exist yet
     * @param most bytes that it takes
     */
    SpooledPart(Path file, long most) throws IOException {
        this.file = file;
        this.most = most;
        this.channel = FileChannel.open(
                file, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    /** Takes as many as there is room for; how many these are. */
    int write(byte[] bytes, int offset, int length) throws IOException {
        int count = (int) Math.min(length, most - size);
        ByteBuffer buffer = ByteBuffer.wrap(bytes, offset, count);
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
        md5.update(bytes, offset, count);
        crc.update(bytes, offset, count);
        size += count;
        return count;
    }

    boolean isFull() {
        return size == most;
    }

    long size() {
        return size;
    }

    /** Up to so many bytes from a position on, as many as there are. */
    ByteBuffer read(long position, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(length, size - position));
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, position + buffer.position()) < 0) {
                throw new IOException(file + " has become shorter");
            }
        }
        return buffer.flip();
    }

    /** Its hashes; nothing may be written any more. */
    SentParts.Part end() {
        return new SentParts.Part(size, md5.digest(), crc.getValue());
    }

    /** Frees its space, also while others read it: they fail then. */
    @Override
    public void close() throws IOException {
        channel.close();
        Files.deleteIfExists(file);
    }
}
