package dev.bactrian.store;

import dev.bactrian.archive.StoredObject;
import java.time.Instant;

/** Files of a store that is a folder: one has another name until it is whole. */
final class PartFiles {

    /** What a file's name ends in while it is written. */
    static final String PART = ".part";

    private PartFiles() {}

    /** A file as a list shows it: under the key that it has, or is going to have. */
    static StoredObject object(String name, long size, Instant modified) {
        return name.endsWith(PART)
                ? new StoredObject(name.substring(0, name.length() - PART.length()), 0, modified, false)
                : new StoredObject(name, size, modified, true);
    }
}
