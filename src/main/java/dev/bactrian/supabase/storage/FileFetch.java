package dev.bactrian.supabase.storage;

import dev.bactrian.archive.write.Archive;
import dev.bactrian.archive.write.ArchiveEntryWriter;
import dev.bactrian.backup.BackupRun;
import dev.bactrian.problem.ProblemException;
import dev.bactrian.run.StoppableRun;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import org.apache.camel.Body;
import org.apache.camel.ExchangeProperty;
import org.jspecify.annotations.Nullable;

/**
 * Streams one file from its store into the archive. A transfer that breaks goes on where it broke. Only bytes that are
 * those of the row go in: as many, and with the eTag, as it says; of a row that says neither, whatever the store has.
 */
public final class FileFetch {

    private static final Duration FIRST_WAIT = Duration.ofMillis(250);

    private final Duration firstWait;

    public FileFetch() {
        this(FIRST_WAIT);
    }

    FileFetch(Duration firstWait) {
        this.firstWait = firstWait;
    }

    /**
     * Makes a file an entry of the archive.
     *
     * @throws ProblemException when the store can't be read, or the file changed when a part of it was in the archive
     */
    public FetchedFile fetch(
            @Body StorageObject object,
            @ExchangeProperty("run") BackupRun run,
            @ExchangeProperty("archive") Archive archive,
            @ExchangeProperty("files") FilesRun files)
            throws IOException {
        try (StoppableRun.Work work = run.beginWork()) {
            return new Transfer(object, run, archive, files).run(new RequestRetry(run, firstWait));
        }
    }

    /** One file's way. */
    private static final class Transfer {

        private static final int BUFFER = 1 << 16;

        /** How often in a row Storage may have a fault of its own before a file's bytes count as lost: some seconds. */
        private static final int MOST_FAULTS = 5;

        /** The same, once so many files are lost that this is no accident. */
        private static final int FEWER_FAULTS = 2;

        private static final int MANY_LOST = 5;

        private final StorageObject object;
        private final BackupRun run;
        private final Archive archive;
        private final FilesRun files;
        private final FileStore store;
        private @Nullable ArchiveEntryWriter entry;
        private long written;

        Transfer(StorageObject object, BackupRun run, Archive archive, FilesRun files) {
            this.object = object;
            this.run = run;
            this.archive = archive;
            this.files = files;
            this.store = files.store();
            this.entry = files.takeBegun(object);
            this.written = entry == null ? 0 : entry.bytes();
        }

        FetchedFile run(RequestRetry retry) throws IOException {
            int faults = 0;
            while (true) {
                long before = written;
                try {
                    String doubt = attempt();
                    return doubt == null ? whole() : doubtful(doubt, false);
                } catch (RefusedFileException e) {
                    return doubtful(String.valueOf(e.getMessage()), e instanceof OutOfReachException);
                } catch (BusyException e) {
                    if (written > before) {
                        retry.refresh();
                    }
                    faults = e.isPerhapsLost() ? faults + 1 : 0;
                    if (faults >= mostFaults() && written == 0 && isWell()) {
                        return doubtful(e.getMessage() + ", " + faults + " times in a row", false);
                    }
                    retry.await("The file " + object.shown() + " couldn't be fetched", e);
                }
            }
        }

        private int mostFaults() {
            return files.skew(Skew.Reason.MISSING) >= MANY_LOST ? FEWER_FAULTS : MOST_FAULTS;
        }

        /** Whether the store fails in this file alone. */
        private boolean isWell() throws IOException {
            try {
                store.buckets();
                return true;
            } catch (BusyException e) {
                return false;
            }
        }

        /** Why the bytes aren't the row's; null when all of them are in the entry. */
        private @Nullable String attempt() throws IOException {
            try (Download download = store.open(object.bucket(), object.name(), written)) {
                Runnable ended = run.onStop(cause -> close(download));
                try {
                    String doubt = doubt(download);
                    return doubt == null ? copy(download) : doubt;
                } finally {
                    ended.run();
                }
            }
        }

        private static void close(Download download) {
            try {
                download.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private @Nullable String doubt(Download download) {
            if (object.size() >= 0 && download.size() >= 0 && object.size() != download.size()) {
                return "the store has " + download.size() + " bytes, its row says " + object.size();
            }
            String eTag = object.eTag();
            if (eTag != null && download.eTag() != null && !eTag.equals(download.eTag())) {
                return "the store has other bytes than its row says: the eTags differ";
            }
            return null;
        }

        private @Nullable String copy(Download download) throws IOException {
            ArchiveEntryWriter target = begin();
            byte[] buffer = new byte[BUFFER];
            long skip = written - download.from();
            for (int count = read(download, buffer); count >= 0; count = read(download, buffer)) {
                int known = (int) Math.min(skip, count);
                skip -= known;
                target.write(buffer, known, count - known);
                written += count - known;
                run.getProgress().moved(count - known);
            }
            if (download.size() >= 0 && written < download.size()) {
                throw new BusyException("it ended after " + written + " of " + download.size() + " bytes", null);
            }
            long expected = object.size() >= 0 ? object.size() : written;
            return written == expected ? null : "the store returned " + written + " bytes, its row says " + expected;
        }

        /** Only what the store fails in is tried again; an archive that takes nothing fails the backup. */
        private static int read(Download download, byte[] buffer) throws BusyException {
            try {
                return download.content().read(buffer);
            } catch (IOException e) {
                throw new BusyException("the connection broke (" + e.getClass().getSimpleName() + ")", null);
            }
        }

        private ArchiveEntryWriter begin() {
            ArchiveEntryWriter begun = entry;
            if (begun == null) {
                begun = object.beginEntry(archive);
                entry = begun;
            }
            return begun;
        }

        private FetchedFile whole() throws IOException {
            ArchiveEntryWriter done = begin();
            done.close();
            return new FetchedFile(object, null, done.bytes(), done.sha256(), false, false);
        }

        private FetchedFile doubtful(String doubt, boolean outOfReach) throws IOException {
            if (entry != null && !entry.discard()) {
                throw ProblemException.stopped(
                        "The file " + object.shown()
                                + " changed while it was being fetched, after a part of it was written to the "
                                + "archive: " + doubt + ".",
                        "Start the backup again.");
            }
            return FetchedFile.without(object, doubt, outOfReach);
        }
    }
}
