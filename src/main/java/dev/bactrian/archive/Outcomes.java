package dev.bactrian.archive;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.bactrian.backup.BackupRun;
import dev.bactrian.backup.StoredArchive;
import java.util.Objects;
import org.apache.camel.Body;
import org.apache.camel.ExchangeProperty;
import org.jspecify.annotations.Nullable;

/** What is recorded of a backup that succeeded. */
public final class Outcomes {

    private final ObjectMapper json = ManifestJson.mapper();

    /**
     * The figures of a good backup.
     *
     * @param size bytes of the archive
     * @param bytes of table data, uncompressed
     */
    public record Outcome(String backupId, long size, String sha256, int tables, long bytes) {}

    /** From the backup that has just run here. */
    public Outcome of(@ExchangeProperty("run") BackupRun run) {
        StoredArchive stored = Objects.requireNonNull(run.getStored(), "the archive must have been confirmed");
        return new Outcome(
                run.getId().toString(),
                stored.size(),
                stored.sha256(),
                run.getProgress().getTablesDone(),
                run.getProgress().getBytesDone());
    }

    /** From the manifest that a backup left whose process is gone; null when there is none, or it is another's. */
    public @Nullable Outcome found(@Body @Nullable String manifest, @ExchangeProperty("backupId") String backupId)
            throws JsonProcessingException {
        if (manifest == null) {
            return null;
        }
        Manifest found = json.readValue(manifest, Manifest.class);
        Manifest.Stored stored = found.archive();
        return stored == null || !found.backupId().equals(backupId)
                ? null
                : new Outcome(
                        backupId,
                        stored.size(),
                        stored.sha256(),
                        found.totals().tables(),
                        found.totals().bytes());
    }
}
