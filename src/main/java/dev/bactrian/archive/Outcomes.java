package dev.bactrian.archive;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
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
     * @param rows of all tables
     * @param bytes of table data, uncompressed
     * @param manifestSha256 of the manifest beside the archive
     */
    public record Outcome(
            String backupId, long size, String sha256, int tables, long rows, long bytes, String manifestSha256) {}

    /** From the backup that has just run here, and its manifest. */
    public Outcome of(@ExchangeProperty("run") BackupRun run, @ExchangeProperty("manifestText") String manifest)
            throws JsonProcessingException {
        StoredArchive stored = Objects.requireNonNull(run.getStored(), "the archive must have been confirmed");
        return new Outcome(
                run.getId().toString(),
                stored.size(),
                stored.sha256(),
                run.getProgress().getTablesDone(),
                json.readTree(manifest).at("/totals/rows").longValue(),
                run.getProgress().getBytesDone(),
                ManifestText.sha256(manifest));
    }

    /**
     * From the manifest that a backup left whose process is gone; null when there is none, it can't be read, or it is
     * another's. Never an exception: it would come again at every look, and nobody would ever settle the backup.
     */
    public @Nullable Outcome found(@Body @Nullable String manifest, @ExchangeProperty("backupId") String backupId) {
        try {
            String text = manifest == null ? "" : manifest;
            JsonNode found = json.readTree(text);
            JsonNode stored = found.path("archive");
            JsonNode totals = found.path("totals");
            boolean whole = found.path("backup_id").asText().equals(backupId)
                    && stored.path("size").isIntegralNumber()
                    && stored.path("sha256").isTextual()
                    && totals.path("tables").isIntegralNumber()
                    && totals.path("rows").isIntegralNumber()
                    && totals.path("bytes").isIntegralNumber();
            return whole
                    ? new Outcome(
                            backupId,
                            stored.path("size").longValue(),
                            stored.path("sha256").textValue(),
                            totals.path("tables").intValue(),
                            totals.path("rows").longValue(),
                            totals.path("bytes").longValue(),
                            ManifestText.sha256(text))
                    : null;
        } catch (JsonProcessingException e) {
            return null;
        }
    }
}
