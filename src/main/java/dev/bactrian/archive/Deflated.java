package dev.bactrian.archive;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.Deflater;
import org.jspecify.annotations.Nullable;

/** Compressed bytes of one entry that wait for their turn (raw deflate, RFC 1951), in memory or in a file. */
final class Deflated implements AutoCloseable {

    /** Bytes from which on an entry is better kept in a file. */
    static final int MEMORY = 1 << 20;

    private static final int BUFFER = 1 << 16;

    private final Deflater deflater;
    private byte[] buffer = new byte[BUFFER];
    private ByteArrayOutputStream memory = new ByteArrayOutputStream();
    private boolean finished;
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

    /** Ends the compressed stream, and frees what only writing needs: thousands of ended entries may wait. */
    void finish() throws IOException {
        if (finished) {
            return;
        }
        finished = true;
        deflater.finish();
        while (!deflater.finished()) {
            keep(deflater.deflate(buffer));
        }
        deflater.end();
        buffer = new byte[0];
        if (fileOut != null) {
            fileOut.close();
        }
    }

    /** Moves everything into this file, to which it adds from now on. */
    void moveTo(Path target) throws IOException {
        file = target;
        OutputStream out = Files.newOutputStream(target);
        fileOut = out;
        memory.writeTo(out);
        memory = new ByteArrayOutputStream(0);
        if (finished) {
            out.close();
        }
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
        return file == null ? new ByteArrayInputStream(memory.toByteArray()) : Files.newInputStream(file);
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
