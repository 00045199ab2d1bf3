package dev.bactrian.archive.write;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The files of one archive's entries that wait in the work folder. */
final class SpoolFiles {

    private final Path folder;
    private final Set<PendingEntry> open = new HashSet<>();
    private int made;
    private boolean abandoned;

    SpoolFiles(Path folder) {
        this.folder = folder;
    }

    /** Moves what an entry keeps in memory into a file. */
    void take(PendingEntry waiting) throws IOException {
        Path file;
        synchronized (this) {
            if (abandoned) {
                throw new IOException("The archive was abandoned");
            }
            file = folder.resolve("waiting-" + made++);
            open.add(waiting);
        }
        waiting.moveTo(file);
    }

    /** It waits no more. */
    synchronized void forget(PendingEntry waiting) {
        open.remove(waiting);
    }

    /** Closes all: their workers never come back to them, and an open file keeps its space though it is deleted. */
    void abandon() {
        List<PendingEntry> left;
        synchronized (this) {
            abandoned = true;
            left = List.copyOf(open);
        }
        left.forEach(PendingEntry::abandon);
    }
}
