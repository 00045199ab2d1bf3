package dev.bactrian.backup;

import org.jspecify.annotations.Nullable;

/**
 * A wish for a backup, checked, whoever it comes from.
 *
 * @param trigger {@code manual}, {@code schedule}, {@code push} or {@code api}
 * @param dispatchId the caller's correlation id; the same id always means the same backup
 */
public record BackupRequest(
        String database,
        String trigger,
        @Nullable String dispatchId,
        @Nullable String sourceRepo,
        @Nullable String event,
        @Nullable String ref,
        @Nullable String sha,
        @Nullable String workflowRunId) {

    /** A backup that somebody asked for at the command line. */
    public static BackupRequest manual(String database) {
        return new BackupRequest(database, "manual", null, null, null, null, null, null);
    }
}
