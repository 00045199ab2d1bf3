package dev.bactrian.backup;

import dev.bactrian.selection.SelectionRequest;
import dev.bactrian.support.JsonText;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request for backups, checked, whatever it comes from.
 *
 * @param databases one backup of each
 * @param trigger {@code manual}, {@code schedule}, {@code push} or {@code api}
 * @param dispatchId the caller's correlation id; the same id always means the same backups
 * @param part what of each database; null for everything that the settings leave
 */
public record BackupRequest(
        List<String> databases,
        String trigger,
        @Nullable String dispatchId,
        @Nullable String sourceRepo,
        @Nullable String event,
        @Nullable String ref,
        @Nullable String sha,
        @Nullable String workflowRunId,
        @Nullable SelectionRequest part) {

    public BackupRequest {
        databases = List.copyOf(databases);
    }

    /** Everything that the settings leave of one database. */
    public BackupRequest(
            String database,
            String trigger,
            @Nullable String dispatchId,
            @Nullable String sourceRepo,
            @Nullable String event,
            @Nullable String ref,
            @Nullable String sha,
            @Nullable String workflowRunId) {
        this(List.of(database), trigger, dispatchId, sourceRepo, event, ref, sha, workflowRunId, null);
    }

    /** A backup that somebody asked for at the command line. */
    public static BackupRequest manual(String database) {
        return manual(List.of(database), null);
    }

    /** Backups of a part each, asked for at the command line. */
    public static BackupRequest manual(List<String> databases, @Nullable SelectionRequest part) {
        return new BackupRequest(databases, "manual", null, null, null, null, null, null, part);
    }

    /** The part as the queue keeps it; null for everything. */
    public @Nullable String selection() {
        return SelectionRequest.toJson(part);
    }

    /** The databases' names, one per line. */
    public String databaseLines() {
        return String.join("\n", databases);
    }

    /** All that a repeated request must have in common with the first of its dispatch id, as JSON. */
    public String asked() {
        SelectionRequest asked = part == null || part.isNone() ? null : part;
        return JsonText.of(Arrays.asList(databases, trigger, sourceRepo, event, ref, sha, workflowRunId, asked));
    }
}
