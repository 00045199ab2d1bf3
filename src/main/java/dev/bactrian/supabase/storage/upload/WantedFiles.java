package dev.bactrian.supabase.storage.upload;

import dev.bactrian.archive.SavedFile;
import dev.bactrian.archive.read.SavedList;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Those files of an archive that a restore brings back, one at a time, however many there are. */
final class WantedFiles implements Iterator<SavedFile> {

    private final SavedList list;
    private final Predicate<SavedFile> wanted;
    private @Nullable SavedFile next;
    private boolean known;

    WantedFiles(SavedList list, Predicate<SavedFile> wanted) {
        this.list = list;
        this.wanted = wanted;
    }

    @Override
    public boolean hasNext() {
        if (!known) {
            next = read();
            known = true;
        }
        return next != null;
    }

    @Override
    public SavedFile next() {
        SavedFile file = hasNext() ? next : null;
        if (file == null) {
            throw new NoSuchElementException();
        }
        known = false;
        return file;
    }

    private @Nullable SavedFile read() {
        try {
            SavedFile file = list.read();
            while (file != null && !wanted.test(file)) {
                file = list.read();
            }
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
