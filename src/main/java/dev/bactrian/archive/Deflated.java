package dev.bactrian.archive;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.Deflater;
import org.jspecify.annotations.Nullable;

/**
 * Compressed bytes of one entry that wait for their turn (raw deflate, RFC 1951): first in memory, then, from
 * {@link #MEMORY} bytes on, in a file.
 */
final class Deflated implements AutoCloseable {

    static final int MEMORY = 1 << 20;
    private static final int BUFFER = 1 << 16;

    private final Deflater deflater;
    private final byte[] buffer = new byte[BUFFER];
    private final ByteArrayOutputStream memory = new ByteArrayOutputStream();
    private @Nullable Path file;
    private @Nullable OutputStream fileOut;
    private long size;

    Deflated(int level) {
        this.deflater = new Deflater(level, true);
    }

    void write(byte[] bytes, int offset, int length) throws IOException {
        deflater.setInput(bytes, offset, length);
        while (!deflater.needsInput()) {
            keep(deflater.deflate(buffer));
        }
    }

    /** Ends the compressed stream. */
    void finish() throws IOException {
        deflater.finish();
        while (!deflater.finished()) {
            keep(deflater.deflate(buffer));
        }
        if (fileOut != null) {
            fileOut.close();
        }
    }

    /** From now on into this file; what is in memory stays there. */
    void continueIn(Path target) throws IOException {
        file = target;
        fileOut = Files.newOutputStream(target);
    }

    boolean inMemory() {
        return file == null;
    }

    long size() {
        return size;
    }

    private void keep(int count) throws IOException {
        if (fileOut == null) {
            memory.write(buffer, 0, count);
        } else {
            fileOut.write(buffer, 0, count);
        }
        size += count;
    }

    /** The compressed bytes, after {@link #finish}. */
    InputStream content() throws IOException {
        InputStream head = new ByteArrayInputStream(memory.toByteArray());
        return file == null ? head : new SequenceInputStream(head, Files.newInputStream(file));
    }

    @Override
    public void close() throws IOException {
        deflater.end();
        if (fileOut != null) {
            fileOut.close();
        }
        if (file != null) {
            Files.deleteIfExists(file);
        }
    }
}
