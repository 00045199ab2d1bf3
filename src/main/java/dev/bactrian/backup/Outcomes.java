package dev.bactrian.backup;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.bactrian.archive.ManifestJson;
import dev.bactrian.archive.ManifestText;
import dev.bactrian.archive.write.StoredArchive;
import dev.bactrian.problem.LeftOutStep;
import dev.bactrian.problem.ProblemException;
import java.util.List;
import java.util.Map;
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
     * @param sha256 of it; null where some of it was copied inside the store
     * @param crc32 of it then; null otherwise
     * @param rows of all tables
     * @param bytes of table data, uncompressed
     * @param manifestSha256 of the manifest beside the archive
     */
    public record Outcome(
            String backupId,
            long size,
            @Nullable String sha256,
            @Nullable String crc32,
            int tables,
            long rows,
            long bytes,
            String manifestSha256) {}

    /**
     * From the backup that has just run here, and its manifest: the proof without which no success is recorded.
     *
     * @param found what the store has as the manifest
     * @throws ProblemException when that isn't what was sent
     */
    public Outcome of(
            @ExchangeProperty("run") BackupRun run,
            @ExchangeProperty("manifestText") String manifest,
            @Body @Nullable String found)
            throws JsonProcessingException {
        if (found == null) {
            throw ProblemException.stopped(
                    "The store has no manifest next to " + run.getKey()
                            + ". Either something between this machine and the store answered instead of the store, "
                            + "or the routes in use don't call direct:store-manifest.",
                    "Start the backup again. If it happens again, check what a proxy or gateway in front of the store "
                            + "answers, and compare routes/ with the shipped files.");
        }
        if (!found.equals(manifest)) {
            throw ProblemException.stopped(
                    "The store has a different manifest next to " + run.getKey() + " than was sent.",
                    "Start the backup again. If it happens again, find what changes data between this machine and the "
                            + "store.");
        }
        StoredArchive stored = Objects.requireNonNull(run.getStored(), "the archive must have been confirmed");
        return new Outcome(
                run.getId().toString(),
                stored.size(),
                stored.sha256(),
                stored.crc32(),
                run.getProgress().getTablesDone(),
                json.readTree(manifest).at("/totals/rows").longValue(),
                run.getProgress().getBytesDone(),
                ManifestText.sha256(manifest));
    }

    /** SHA-256 of the manifest that is about to be stored; null where there is none. */
    public @Nullable String hash(@ExchangeProperty("manifestText") @Nullable String manifest) {
        return manifest == null ? null : ManifestText.sha256(manifest);
    }

    /** Before a success is recorded: there must be a proof, of this backup; and what comes later must be about this backup, too. */
    public void require(
            @ExchangeProperty("run") BackupRun run,
            @ExchangeProperty("outcome") @Nullable Outcome proof,
            @ExchangeProperty("row") @Nullable Object row,
            @ExchangeProperty("key") @Nullable String key,
            @ExchangeProperty("backupId") @Nullable String backupId) {
        boolean own = run.getRow().equals(row)
                && run.getKey().equals(key)
                && run.getId().toString().equals(backupId);
        if (!own) {
            throw LeftOutStep.of("the properties row, key and backupId in run-backup", "they aren't this backup's");
        }
        List<String> unproven = run.getEvidence().missing(List.of("confirm-snapshot", "confirm-archive"));
        if (!unproven.isEmpty()) {
            throw LeftOutStep.edited("continue storing after what " + String.join(" and ", unproven) + " confirmed");
        }
        if (proof == null || !proof.backupId().equals(run.getId().toString())) {
            throw LeftOutStep.of("direct:prove-backup", "nothing has compared what is stored with what was planned");
        }
    }

    /**
     * From the manifest that a backup left whose process is gone; null when there is none, it can't be read, it is another's, or
     * nothing says yet that it came undamaged. Never an exception: it would come again at every look, and nobody would ever settle
     * the backup.
     *
     * @param row with {@code manifest_sha256} of the manifest that was sent; null where an older node ran the backup
     * @param before what came when it was read before; null the first time
     */
    public @Nullable Outcome found(
            @Body @Nullable String manifest,
            @ExchangeProperty("backupId") String backupId,
            @ExchangeProperty("row") Map<String, Object> row,
            @ExchangeProperty("readBefore") @Nullable String before) {
        String text = manifest == null ? "" : manifest;
        String hash = ManifestText.sha256(text);
        Object sent = row.get("manifest_sha256");
        return (sent == null ? text.equals(before) : hash.equals(sent)) ? told(text, hash, backupId) : null;
    }

    private @Nullable Outcome told(String manifest, String hash, String backupId) {
        try {
            JsonNode found = json.readTree(manifest);
            JsonNode stored = found.path("archive");
            JsonNode totals = found.path("totals");
            boolean whole = found.path("backup_id").asText().equals(backupId)
                    && stored.path("size").isIntegralNumber()
                    && stored.path("sha256").isTextual() != stored.path("crc32").isTextual()
                    && totals.path("tables").isIntegralNumber()
                    && totals.path("rows").isIntegralNumber()
                    && totals.path("bytes").isIntegralNumber();
            return whole
                    ? new Outcome(
                            backupId,
                            stored.path("size").longValue(),
                            stored.path("sha256").textValue(),
                            stored.path("crc32").textValue(),
                            totals.path("tables").intValue(),
                            totals.path("rows").longValue(),
                            totals.path("bytes").longValue(),
                            hash)
                    : null;
        } catch (JsonProcessingException e) {
            return null;
        }
    }
}
