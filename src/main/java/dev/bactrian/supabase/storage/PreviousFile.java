package dev.bactrian.supabase.storage;

import dev.bactrian.archive.SavedFile;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A file as an earlier archive's {@code storage/objects.json} tells of it. */
record PreviousFile(
        String bucket,
        String name,
        String entry,
        @Nullable String version,
        @Nullable String eTag,
        long bytes,
        String sha256) {

    static PreviousFile of(SavedFile file) {
        return new PreviousFile(
                file.bucket(),
                file.name(),
                file.entry(),
                file.text("version"),
                Download.plain(file.text("etag")),
                file.size(),
                file.sha256());
    }

    /** Whether its bytes are those that a row tells of; a row that tells neither version nor eTag may mean any. */
    boolean isSame(StorageObject object) {
        return version != null
                && eTag != null
                && bytes >= 0
                && version.equals(object.column("version"))
                && Objects.equals(eTag, object.eTag())
                && (object.size() < 0 || object.size() == bytes);
    }
}
