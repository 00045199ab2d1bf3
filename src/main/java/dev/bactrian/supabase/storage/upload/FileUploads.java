package dev.bactrian.supabase.storage.upload;

import dev.bactrian.archive.DamagedArchiveException;
import dev.bactrian.archive.EntryNames;
import dev.bactrian.archive.SavedFile;
import dev.bactrian.archive.read.CheckedEntry;
import dev.bactrian.archive.read.SavedBackup;
import dev.bactrian.archive.read.SavedList;
import dev.bactrian.problem.ConfigurationException;
import dev.bactrian.problem.Problem;
import dev.bactrian.problem.ProblemException;
import dev.bactrian.restore.FileProgress;
import dev.bactrian.restore.NotApplied;
import dev.bactrian.restore.RestoreRequest;
import dev.bactrian.restore.RestoreRequest.Option;
import dev.bactrian.restore.RestoreRun;
import dev.bactrian.restore.Target;
import dev.bactrian.supabase.storage.FileStore;
import dev.bactrian.supabase.storage.FileStores;
import dev.bactrian.supabase.storage.RequestRetry;
import dev.bactrian.support.Units;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.camel.ExchangeProperty;
import org.jspecify.annotations.Nullable;

/** Which files a restore brings back, and whether it can. */
public final class FileUploads {

    private static final Duration FIRST_WAIT = Duration.ofMillis(250);
    private static final int MOST_TOLD = 5;

    private final FileStores stores;

    public FileUploads(FileStores stores) {
        this.stores = stores;
    }

    /** Whether a restore is to bring files: not one that verifies, and none of definitions, users or some tables alone. */
    public boolean areWanted(@ExchangeProperty("request") RestoreRequest request) {
        return request.bringsFiles();
    }

    /**
     * Counts them, and opens the way to the project's Storage, before anything is written. What can't be brought back is
     * told in the report.
     *
     * @return null when there is nothing to upload, or no way to do it
     * @throws ProblemException when nothing but files is wanted and there is no way, or it leads to another project, or the
     *     key is refused
     */
    public @Nullable UploadRun open(
            @ExchangeProperty("run") RestoreRun run,
            @ExchangeProperty("saved") SavedBackup saved,
            @ExchangeProperty("target") Target target)
            throws IOException, SQLException {
        UploadRun uploads = plan(run, saved, target);
        run.getEvidence().done("open-project");
        return uploads;
    }

    private @Nullable UploadRun plan(RestoreRun run, SavedBackup saved, Target target)
            throws IOException, SQLException {
        if (!saved.reader().has(EntryNames.OBJECTS)) {
            noteMissing(run, saved, target);
            return null;
        }
        UploadRun.Refusals refusals = new UploadRun.Refusals(run.getReport());
        FileProgress files = count(run, saved, target, refusals);
        if (files == null || files.getTotal() == 0) {
            return null;
        }
        if (!target.isSupabase()) {
            tell(
                    run,
                    files,
                    "The target isn't a Supabase project. Unzip the archive's folder storage/ to where you want the "
                            + "files; storage/objects.json lists their names.");
            return null;
        }
        FileStore store = store(run, files);
        if (store == null) {
            return null;
        }
        run.closeAtEnd(store);
        run.onStop(cause -> store.close());
        requireSameProject(buckets(run, store), target);
        run.expect(files);
        return new UploadRun(store, saved, files, FileRows.of(target, run.getReport()), refusals);
    }

    private static void noteMissing(RestoreRun run, SavedBackup saved, Target target) {
        boolean rows = saved.manifest().tables().stream()
                .anyMatch(table -> "storage".equals(table.schema())
                        && "objects".equals(table.name())
                        && table.rows() != null
                        && table.rows() > 0);
        if (rows && target.isSupabase()) {
            run.getReport()
                    .note("The archive has rows of storage.objects, but not the files: they were left out of the"
                            + " backup.");
        }
    }

    /** Null when the list can't be read, which is told. */
    private static @Nullable FileProgress count(
            RestoreRun run, SavedBackup saved, Target target, UploadRun.Refusals refusals) throws IOException {
        long count = 0;
        long bytes = 0;
        try (CheckedEntry entry = CheckedEntry.openCopy(saved, EntryNames.OBJECTS, run);
                SavedList list = new SavedList(entry)) {
            for (SavedFile file = list.read(); file != null; file = list.read()) {
                if (!run.getRequest().files().contains(file.bucket(), file.name())) {
                    continue;
                }
                if (!file.lacking()) {
                    count++;
                    bytes += Math.max(0, file.size());
                } else if (target.isSupabase()) {
                    refusals.add(
                            file,
                            "The archive doesn't have its bytes (" + file.text("reason") + "): " + file.text("detail")
                                    + ". Its row has no file.");
                }
                run.getProgress().alive();
            }
            entry.requireWhole();
            refusals.tellRest();
            return new FileProgress(count, bytes);
        } catch (DamagedArchiveException e) {
            run.getReport()
                    .add(new NotApplied("files of Storage", "The archive is damaged: " + e.getMessage() + ".", null));
            return null;
        }
    }

    /** Null when a setting is missing and there is something else to restore. */
    private @Nullable FileStore store(RestoreRun run, FileProgress files) {
        try {
            return stores.open(run.getDatabase());
        } catch (ProblemException e) {
            Problem problem = e.problem();
            if (run.getRequest().is(Option.STORAGE_ONLY)) {
                throw refused(problem.cause(), problem.remedy(), e);
            }
            tell(run, files, problem.cause() + " " + problem.remedy() + " Then restore again with --storage-only.");
            return null;
        }
    }

    private static void tell(RestoreRun run, FileProgress files, String reason) {
        run.getReport()
                .add(new NotApplied(
                        Units.counted(files.getTotal(), "file") + " of Storage, "
                                + Units.readable(files.getBytesTotal()),
                        reason,
                        null));
    }

    private static Set<String> buckets(RestoreRun run, FileStore store) throws IOException {
        return new RequestRetry(run, FIRST_WAIT)
                .send("The list of the project's buckets couldn't be fetched", store::buckets);
    }

    /** A key that is valid may be that of another project, whose files would be overwritten. */
    private static void requireSameProject(Set<String> listed, Target target) throws SQLException {
        Set<String> rows;
        try (Connection connection = target.connection()) {
            rows = new TreeSet<>(Target.texts(connection, "SELECT id FROM storage.buckets"));
        }
        if (!rows.equals(listed)) {
            String cause = "The project in the settings isn't the one that the target database belongs to: it has the "
                    + "buckets " + shown(listed) + ", the database " + shown(rows) + ".";
            throw refused(
                    cause,
                    "Set SUPABASE_URL (for s3: SUPABASE_S3_ENDPOINT) and its keys to those of the project that is"
                            + " restored into, each with the database's name at its end.",
                    new ConfigurationException(List.of(cause)));
        }
    }

    private static String shown(Set<String> buckets) {
        List<String> first = buckets.stream().sorted().limit(MOST_TOLD).toList();
        return buckets.isEmpty() ? "(none)" : String.join(", ", first) + (buckets.size() > MOST_TOLD ? ", …" : "");
    }

    private static ProblemException refused(String cause, String remedy, RuntimeException why) {
        return new ProblemException(new Problem(cause, "Nothing was changed.", remedy), why);
    }

    /** The wanted files that the archive has, one at a time, however many there are. */
    public Iterator<SavedFile> files(
            @ExchangeProperty("run") RestoreRun run, @ExchangeProperty("uploads") UploadRun uploads)
            throws IOException {
        SavedList list = new SavedList(
                CheckedEntry.provenAtEnd(CheckedEntry.openCopy(uploads.saved(), EntryNames.OBJECTS, run)));
        run.closeAtEnd(list);
        return new WantedFiles(
                list, file -> !file.lacking() && run.getRequest().files().contains(file.bucket(), file.name()));
    }

    /** Ends the report. */
    public void end(@ExchangeProperty("uploads") UploadRun uploads) {
        uploads.refusals().tellRest();
    }
}
