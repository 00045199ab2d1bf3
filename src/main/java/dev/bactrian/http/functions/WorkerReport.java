package dev.bactrian.http.functions;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * How a backup ended, as a worker elsewhere reports it.
 *
 * @param backupId id of its row; null when the worker named it by its dispatch id alone
 * @param manifestSha256 of the manifest beside the archive, where the worker says it
 * @param key of the archive in the store; null unless the outcome is success
 * @param errorText why it counts as failed; null when the outcome is success
 */
public record WorkerReport(
        @Nullable UUID backupId,
        @Nullable String dispatchId,
        Outcome outcome,
        @Nullable String key,
        @Nullable Long sizeBytes,
        @Nullable String workflowRunId,
        @Nullable String errorText,
        @Nullable String manifestSha256) {

    /** What the report says. */
    public enum Outcome {
        SUCCESS,
        /** The worker says so. */
        FAILED,
        /** It says nothing that could be a backup. */
        INVALID
    }

    /** The same, as one that can't be believed. */
    WorkerReport invalid(String reason) {
        return new WorkerReport(
                backupId,
                dispatchId,
                Outcome.INVALID,
                null,
                null,
                workflowRunId,
                "The worker's report of success is invalid: " + reason
                        + " The backup counts as failed. Correct the worker's call of update-backup, and make a new"
                        + " backup.",
                null);
    }
}
