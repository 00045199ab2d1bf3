package dev.bactrian.archive.verify;

import dev.bactrian.archive.DamagedArchiveException;
import dev.bactrian.archive.EntryNames;
import dev.bactrian.archive.SavedFile;
import dev.bactrian.archive.read.SavedList;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import org.apache.commons.io.input.CloseShieldInputStream;

/** Holds the files of Storage against {@code storage/objects.json}, which comes after them. */
final class FileList {

    private final Map<String, EntryFacts> entries;
    private final Differences differences;
    private long files;
    private int taken;

    /**
     * Prepares the comparison.
     *
     * @param entries that have been read so far; those that are what the list says are taken out
     */
    FileList(Map<String, EntryFacts> entries, Differences differences) {
        this.entries = entries;
        this.differences = differences;
    }

    /** How many files the list names. */
    long files() {
        return files;
    }

    /** How many of them were taken out. */
    int taken() {
        return taken;
    }

    /**
     * Reads the list.
     *
     * @throws IOException when the archive can't be read
     */
    void compare(InputStream list) throws IOException {
        try (SavedList saved = new SavedList(CloseShieldInputStream.wrap(list))) {
            for (SavedFile file = saved.read(); file != null; file = saved.read()) {
                if (!file.lacking()) {
                    compare(file);
                }
            }
        } catch (DamagedArchiveException e) {
            differences.add("The entry " + e.getMessage() + ".");
        }
    }

    private void compare(SavedFile file) {
        files++;
        String name = file.entry();
        String title = "the file " + file.bucket() + "/" + file.name();
        EntryFacts facts = EntryNames.isStorageFile(name) ? entries.remove(name) : null;
        if (facts == null) {
            differences.add("The entry " + name + ", " + title + ", is missing.");
            return;
        }
        taken++;
        if (!EntryNames.isSafe(name)) {
            differences.add("The entry " + name + ", " + title + ", has a name that Bactrian never uses: unpacking it "
                    + "could write anywhere.");
        }
        if (facts.bytes() != file.size() || !facts.sha256().equals(file.sha256())) {
            differences.add(
                    "The entry " + name + ", " + title + ", isn't what was saved: its size or its SHA-256 differs.");
        }
    }
}
