package dev.bactrian.supabase.storage.upload;

import dev.bactrian.archive.SavedFile;
import dev.bactrian.archive.read.SavedBackup;
import dev.bactrian.restore.FileProgress;
import dev.bactrian.restore.NotApplied;
import dev.bactrian.restore.RestoreReport;
import dev.bactrian.supabase.storage.FileStore;
import dev.bactrian.support.Units;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/** The files of one restore while they are brought back. For several threads at once. */
final class UploadRun {

    private final FileStore store;
    private final SavedBackup saved;
    private final FileProgress progress;
    private final FileRows rows;
    private final Refusals refusals;

    UploadRun(FileStore store, SavedBackup saved, FileProgress progress, FileRows rows, Refusals refusals) {
        this.store = store;
        this.saved = saved;
        this.progress = progress;
        this.rows = rows;
        this.refusals = refusals;
    }

    /** What couldn't be brought back, each by its name as long as there aren't very many. */
    static final class Refusals {

        /** More nobody reads one by one, and they must fit into memory. */
        private static final int MOST_NAMED = 1_000;

        private final RestoreReport report;
        private final AtomicLong count = new AtomicLong();
        private final AtomicBoolean told = new AtomicBoolean();

        Refusals(RestoreReport report) {
            this.report = report;
        }

        void add(SavedFile file, String reason) {
            if (count.incrementAndGet() <= MOST_NAMED) {
                report.add(new NotApplied("file " + file.shown(), reason, null));
            }
        }

        /** Says how many there were beside those that are named. */
        void tellRest() {
            if (count.get() > MOST_NAMED && told.compareAndSet(false, true)) {
                report.add(new NotApplied(
                        Units.counted(count.get() - MOST_NAMED, "more file"),
                        "The reasons are of the same kind as those of the " + MOST_NAMED + " that are named.",
                        null));
            }
        }
    }

    FileStore store() {
        return store;
    }

    SavedBackup saved() {
        return saved;
    }

    FileProgress progress() {
        return progress;
    }

    FileRows rows() {
        return rows;
    }

    Refusals refusals() {
        return refusals;
    }
}
