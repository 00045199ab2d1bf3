package dev.bactrian.archive;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A stream some of whose bytes the store has already. Read as any other it gives those, too, fetched from there; who can have them
 * copied inside the store asks for the range, and passes over it.
 */
public interface Spliced {

    /** The range whose bytes come next; null where others come next, and at the end. Waits until that is known. */
    @Nullable
    StoredRange range() throws IOException;

    /** Goes on behind the range, as if it had been read. */
    void pass(StoredRange range) throws IOException;
}
