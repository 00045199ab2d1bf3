package dev.bactrian.archive.write;

import dev.bactrian.support.BulkOutputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Compressed bytes of one entry that wait for their turn, in memory or in a file. */
final class PendingEntry extends BulkOutputStream {

    /** Bytes from which on an entry is better kept in a file. */
    static final int MEMORY = 1 << 20;

    private ByteArrayOutputStream memory = new ByteArrayOutputStream();
    private volatile @Nullable Path file;
    private volatile @Nullable OutputStream fileOut;
    private long size;

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        if (fileOut == null) {
            memory.write(bytes, offset, length);
        } else {
            fileOut.write(bytes, offset, length);
        }
        size += length;
    }

    /** Moves everything into this file, to which it adds from now on. */
    void moveTo(Path target) throws IOException {
        file = target;
        OutputStream out = Files.newOutputStream(target);
        fileOut = out;
        memory.writeTo(out);
        memory = new ByteArrayOutputStream(0);
    }

    boolean inMemory() {
        return file == null;
    }

    long size() {
        return size;
    }

    /** Nothing more will come. */
    void finish() throws IOException {
        if (fileOut != null) {
            fileOut.close();
        }
    }

    /** The bytes, after {@link #finish}. */
    InputStream content() throws IOException {
        return file == null ? new ByteArrayInputStream(memory.toByteArray()) : Files.newInputStream(file);
    }

    /** Frees its file, whoever may still write. */
    void abandon() {
        try {
            close();
        } catch (IOException e) {
            // The folder goes as a whole soon.
        }
    }

    @Override
    public void close() throws IOException {
        finish();
        if (file != null) {
            Files.deleteIfExists(file);
        }
    }
}
