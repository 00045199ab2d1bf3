package dev.bactrian.supabase.storage.upload;

import dev.bactrian.archive.DamagedArchiveException;
import dev.bactrian.archive.SavedFile;
import dev.bactrian.restore.RestoreRun;
import dev.bactrian.run.StoppableRun;
import dev.bactrian.supabase.storage.BusyException;
import dev.bactrian.supabase.storage.Download;
import dev.bactrian.supabase.storage.FoundFile;
import dev.bactrian.supabase.storage.OutOfReachException;
import dev.bactrian.supabase.storage.RefusedFileException;
import dev.bactrian.supabase.storage.RequestRetry;
import dev.bactrian.supabase.storage.Upload;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import org.apache.camel.Body;
import org.apache.camel.ExchangeProperty;

/** Brings one file back into its bucket. What fails for a while is tried again. */
public final class FileUpload {

    private static final Duration FIRST_WAIT = Duration.ofMillis(250);

    /**
     * Looks whether the project has these bytes already: as many, and with the same eTag. An eTag depends on how a large file
     * was uploaded; one that an earlier restore has brought is known by its row.
     */
    public FileState look(
            @Body SavedFile file,
            @ExchangeProperty("run") RestoreRun run,
            @ExchangeProperty("uploads") UploadRun uploads)
            throws IOException, SQLException {
        try (StoppableRun.Work work = run.beginWork()) {
            ProvenContent content = new ProvenContent(file, uploads.saved().reader(), run);
            Optional<FoundFile> found = new RequestRetry(run, FIRST_WAIT)
                    .send(
                            "It couldn't be checked whether the file " + file.shown() + " exists",
                            () -> Optional.ofNullable(uploads.store().find(upload(file, content))));
            return found.isPresent() && isSame(file, found.get(), uploads) ? there(file, uploads) : FileState.LACKING;
        } catch (OutOfReachException e) {
            // Nor can it be put there, which says why.
            return FileState.LACKING;
        }
    }

    private static boolean isSame(SavedFile file, FoundFile found, UploadRun uploads) throws SQLException {
        if (found.size() != file.size()) {
            return false;
        }
        if (file.size() == 0) {
            return true;
        }
        String eTag = Download.plain(file.text("etag"));
        return eTag != null && eTag.equals(found.eTag()) || uploads.rows().isOfFormerRestore(file);
    }

    private static FileState there(SavedFile file, UploadRun uploads) {
        uploads.progress().there(file.size());
        return FileState.THERE;
    }

    /**
     * Uploads it, in the place of what is there.
     *
     * @throws dev.bactrian.problem.ProblemException when no file can be uploaded
     */
    public FileState upload(
            @Body SavedFile file,
            @ExchangeProperty("run") RestoreRun run,
            @ExchangeProperty("uploads") UploadRun uploads)
            throws IOException {
        try (StoppableRun.Work work = run.beginWork()) {
            ProvenContent content = new ProvenContent(file, uploads.saved().reader(), run);
            RequestRetry retry = new RequestRetry(run, FIRST_WAIT);
            while (true) {
                try {
                    uploads.store().put(upload(file, content));
                    uploads.progress().uploaded(file.size());
                    run.getProgress().alive();
                    return FileState.UPLOADED;
                } catch (RefusedFileException e) {
                    return refuse(
                            file,
                            uploads,
                            (e instanceof OutOfReachException
                                            ? "It couldn't be uploaded: "
                                            : "The project refuses it: ")
                                    + e.getMessage() + ".");
                } catch (IOException e) {
                    // Whatever became of it on the way.
                    IOException unreadable = content.failure();
                    if (unreadable instanceof DamagedArchiveException
                            && uploads.saved().reader().readAgain(file.entry())) {
                        content = new ProvenContent(file, uploads.saved().reader(), run);
                        continue;
                    }
                    if (unreadable instanceof DamagedArchiveException) {
                        return refuse(file, uploads, "The archive is damaged: " + unreadable.getMessage() + ".");
                    }
                    if (unreadable != null || !(e instanceof BusyException busy)) {
                        throw unreadable == null ? e : unreadable;
                    }
                    retry.await("The file " + file.shown() + " couldn't be uploaded", busy);
                }
            }
        }
    }

    private static FileState refuse(SavedFile file, UploadRun uploads, String reason) {
        uploads.refusals().add(file, reason);
        uploads.progress().refused();
        return FileState.REFUSED;
    }

    private static Upload upload(SavedFile file, Upload.Content content) {
        return new Upload(
                file.bucket(),
                file.name(),
                file.size(),
                file.text("content_type"),
                file.text("cache_control"),
                file.userMetadata(),
                content);
    }

    /** Puts back what the upload has changed in the file's row. */
    public void putRowBack(
            @Body SavedFile file,
            @ExchangeProperty("run") RestoreRun run,
            @ExchangeProperty("uploads") UploadRun uploads,
            @ExchangeProperty("state") FileState state)
            throws SQLException {
        try (StoppableRun.Work work = run.beginWork()) {
            uploads.rows().putBack(file, state == FileState.UPLOADED);
            uploads.progress().rowPutBack();
        }
    }
}
