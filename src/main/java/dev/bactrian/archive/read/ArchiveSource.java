package dev.bactrian.archive.read;

import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** The bytes of a stored archive, wherever it lies. Several threads may read at once. */
public interface ArchiveSource {

    /** What errors call it. */
    String name();

    /** Its length in bytes. */
    long size();

    /** As it lies in the store or on the disk: larger than {@link #size} where it was encrypted there. */
    default long storedSize() {
        return size();
    }

    /** SHA-256 of it as it lies there; null where it hasn't been read whole. */
    default @Nullable String storedSha256() {
        return null;
    }

    /** All of it; when the connection breaks, it is asked for again from where it broke. */
    default InputStream readAll() {
        return new ResumingStream(this, 0, size());
    }

    /**
     * Whether what came damaged is worth a second look: where it came over a network, only the way may have changed it.
     * Whoever looks after what reads it is told.
     *
     * @param what came damaged, for messages
     */
    default boolean readsAgain(String what) {
        return false;
    }

    /** Whether {@link #readsAgain} says so at all. */
    default boolean isFetched() {
        return false;
    }

    /**
     * Opens a part of it.
     *
     * @param from offset of the first byte
     * @param length bytes, at least 1, all of which lie inside
     * @throws IOException when the part can't be read
     */
    InputStream read(long from, long length) throws IOException;
}
