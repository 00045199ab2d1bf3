package dev.bactrian.archive.write;

import dev.bactrian.archive.StoredRange;
import java.io.IOException;
import java.io.InputStream;

/** Fetches what the store has already, for those who can't have it copied there. */
@FunctionalInterface
public interface RangeOpener {

    /** The range's bytes, from first to last. */
    InputStream open(StoredRange range) throws IOException;
}
