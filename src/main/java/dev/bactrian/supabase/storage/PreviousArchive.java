package dev.bactrian.supabase.storage;

import dev.bactrian.archive.DamagedArchiveException;
import dev.bactrian.archive.EntryNames;
import dev.bactrian.archive.read.CheckedEntry;
import dev.bactrian.archive.read.SavedBackup;
import dev.bactrian.run.StoppableRun;
import dev.bactrian.support.Causes;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files that an earlier archive has. What it can't give out, or what isn't as it was saved, is somebody else's to
 * fetch: it is told once, and fails nothing. But for {@link #match}, for several threads at once.
 */
final class PreviousArchive implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(PreviousArchive.class);
    private static final int BUFFER = 1 << 16;

    private final SavedBackup saved;
    private final PreviousFileList list;
    private final StoppableRun run;
    private final AtomicBoolean unreadable = new AtomicBoolean();
    private final AtomicBoolean damaged = new AtomicBoolean();

    private PreviousArchive(SavedBackup saved, PreviousFileList list, StoppableRun run) {
        this.saved = saved;
        this.list = list;
        this.run = run;
    }

    /** Opens the list of an archive's files, once all of it is proven. */
    static PreviousArchive open(SavedBackup saved, StoppableRun run) throws IOException {
        Path copy = run.getFolder().resolve("earlier-objects.json");
        try (CheckedEntry in = CheckedEntry.open(saved, EntryNames.OBJECTS)) {
            Files.copy(in, copy);
            in.requireWhole();
        }
        return new PreviousArchive(saved, PreviousFileList.open(copy), run);
    }

    String name() {
        return saved.name();
    }

    /** A file together with what this archive has of it. To be asked in the order of the rows. */
    StorageObject match(StorageObject object) {
        if (unreadable.get()) {
            return object;
        }
        try {
            PreviousFile file = list.find(object.bucket(), object.name());
            boolean same = file != null && file.isSame(object) && saved.reader().has(file.entry());
            return same
                    ? new StorageObject(
                            object.index(), object.bucket(), object.name(), object.entry(), object.row(), file)
                    : object;
        } catch (IOException e) {
            tell(e);
            return object;
        }
    }

    /** All bytes of a short file; null when they can't be had, or aren't those that were saved. */
    byte @Nullable [] bytes(PreviousFile file) {
        try (CheckedEntry in = CheckedEntry.open(saved, file.entry(), file.sha256())) {
            byte[] bytes = in.readNBytes(Math.toIntExact(file.bytes()));
            if (in.read() < 0) {
                in.requireWhole();
                return bytes;
            }
            throw new DamagedArchiveException("the entry " + file.entry() + " is longer than what was saved");
        } catch (IOException | RuntimeException e) {
            tell(e);
            return null;
        }
    }

    /** Reads a file to its end, which proves it; false when that fails. */
    boolean proves(PreviousFile file) {
        byte[] buffer = new byte[BUFFER];
        try (CheckedEntry in = CheckedEntry.open(saved, file.entry(), file.sha256())) {
            while (in.read(buffer) >= 0 && !run.isStopped()) {
                run.getProgress().alive();
            }
            in.requireWhole();
            return true;
        } catch (IOException | RuntimeException e) {
            tell(e);
            return false;
        }
    }

    /** A file's bytes as they come, whether proven or not. */
    Content content(PreviousFile file) {
        return new Content(file);
    }

    /** Whether it is worth asking. */
    boolean isReadable() {
        return !unreadable.get();
    }

    /** Damage may be that of one file; an archive that can't be read is asked no more. */
    private void tell(Exception failure) {
        if (run.isStopped()) {
            return;
        }
        if (failure instanceof DamagedArchiveException) {
            if (damaged.compareAndSet(false, true)) {
                run.warn("The archive " + name() + ", from which unchanged files are taken, is damaged: "
                        + failure.getMessage() + ". Files that can't be read from it are fetched from the project.");
                LOG.warn(
                        "The archive {} is damaged: {}; files that can't be read from it are fetched",
                        name(),
                        failure.getMessage());
            }
        } else if (unreadable.compareAndSet(false, true)) {
            LOG.warn(
                    "The archive {} can no longer be read: {}; from now on all files are fetched",
                    name(),
                    Causes.innermost(failure).getMessage());
        }
    }

    @Override
    public void close() throws IOException {
        list.close();
    }

    /** Ends early where the archive fails. */
    final class Content implements AutoCloseable {

        private final PreviousFile file;
        private @Nullable InputStream in;

        private Content(PreviousFile file) {
            this.file = file;
        }

        int read(byte[] buffer) {
            try {
                if (in == null) {
                    in = saved.reader().open(file.entry());
                }
                return in.read(buffer);
            } catch (IOException | RuntimeException e) {
                tell(e);
                return -1;
            }
        }

        @Override
        public void close() {
            try (InputStream opened = in) {
                in = null;
            } catch (IOException | RuntimeException e) {
                // What was wanted of it has come.
            }
        }
    }
}
