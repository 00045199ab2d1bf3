package dev.bactrian.restore.unpack;

import dev.bactrian.archive.SavedFile;
import dev.bactrian.archive.read.SavedBackup;
import dev.bactrian.archive.read.SavedEntries;
import dev.bactrian.archive.read.SavedList;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * The entries to unpack, each with its SHA-256: first those that the manifest names, then the files of Storage, whose hashes
 * are in a list of any length. That is an entry itself, and is read from where it was unpacked to.
 */
final class UnpackedEntries implements Iterator<UnpackedEntry>, AutoCloseable {

    private final Iterator<String> named;
    private final Map<String, String> hashes;
    private final @Nullable Path storageList;
    private @Nullable SavedList files;
    private @Nullable UnpackedEntry next;

    /**
     * Prepares the entries.
     *
     * @param named all but files of Storage
     * @param storageList where the list of those is unpacked to; null when none of them is wanted
     */
    UnpackedEntries(SavedBackup saved, List<String> named, @Nullable Path storageList) {
        this.named = named.iterator();
        this.hashes = SavedEntries.hashes(saved);
        this.storageList = storageList;
    }

    @Override
    public boolean hasNext() {
        if (next == null) {
            next = named.hasNext() ? named(named.next()) : file();
        }
        return next != null;
    }

    @Override
    public UnpackedEntry next() {
        if (!hasNext() || next == null) {
            throw new NoSuchElementException();
        }
        UnpackedEntry found = next;
        next = null;
        return found;
    }

    private UnpackedEntry named(String name) {
        return new UnpackedEntry(name, hashes.get(name));
    }

    private @Nullable UnpackedEntry file() {
        if (storageList == null) {
            return null;
        }
        try {
            if (files == null) {
                files = new SavedList(Files.newInputStream(storageList));
            }
            for (SavedFile file = files.read(); file != null; file = files.read()) {
                if (!file.lacking()) {
                    return new UnpackedEntry(file.entry(), file.sha256());
                }
            }
            return null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        if (files != null) {
            files.close();
        }
    }
}
