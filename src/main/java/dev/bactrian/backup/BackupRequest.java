package dev.bactrian.backup;

import dev.bactrian.selection.Wishes;
import org.jspecify.annotations.Nullable;

/**
 * A wish for a backup, checked, whoever it comes from.
 *
 * @param trigger {@code manual}, {@code schedule}, {@code push} or {@code api}
 * @param dispatchId the caller's correlation id; the same id always means the same backup
 * @param wishes what of the database; null for everything that the settings leave
 */
public record BackupRequest(
        String database,
        String trigger,
        @Nullable String dispatchId,
        @Nullable String sourceRepo,
        @Nullable String event,
        @Nullable String ref,
        @Nullable String sha,
        @Nullable String workflowRunId,
        @Nullable Wishes wishes) {

    /** Everything that the settings leave. */
    public BackupRequest(
            String database,
            String trigger,
            @Nullable String dispatchId,
            @Nullable String sourceRepo,
            @Nullable String event,
            @Nullable String ref,
            @Nullable String sha,
            @Nullable String workflowRunId) {
        this(database, trigger, dispatchId, sourceRepo, event, ref, sha, workflowRunId, null);
    }

    /** A backup that somebody asked for at the command line. */
    public static BackupRequest manual(String database) {
        return manual(database, null);
    }

    /** A backup of a part, asked for at the command line. */
    public static BackupRequest manual(String database, @Nullable Wishes wishes) {
        return new BackupRequest(database, "manual", null, null, null, null, null, null, wishes);
    }

    /** The wishes as the queue keeps them; null for everything. */
    public @Nullable String selection() {
        return Wishes.toJson(wishes);
    }
}
