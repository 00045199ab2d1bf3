package dev.bactrian.backup;

import dev.bactrian.archive.write.StoredArchive;
import dev.bactrian.postgres.DatabaseRun;
import dev.bactrian.postgres.url.Database;
import dev.bactrian.support.Printable;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One running backup: what it is, and what must be freed when it ends. */
public final class BackupRun extends DatabaseRun {

    private static final Set<String> INPUTS = Set.of(
            "dispatch_id",
            "database",
            "trigger",
            "source_repo",
            "source_event",
            "source_ref",
            "source_sha",
            "workflow_run_id",
            "selection",
            "created_at");

    private final String key;
    private final Map<String, Object> row;
    private final boolean trial;
    private volatile @Nullable StoredArchive stored;

    BackupRun(UUID id, Database database, String key, Map<String, Object> row, Path folder) {
        this(id, database, key, row, folder, false);
    }

    private BackupRun(UUID id, Database database, String key, Map<String, Object> row, Path folder, boolean trial) {
        super(id, database, folder);
        this.key = key;
        this.row = row;
        this.trial = trial;
    }

    /**
     * What a check goes the first part of a backup's way with: no row of the history stands behind it, and so nothing is selected
     * but by the settings, as in a scheduled backup. It has no folder, keeps no restore out and waits for nothing.
     */
    public static BackupRun trial(Database database) {
        return new BackupRun(UUID.randomUUID(), database, "", Map.of(), Path.of("no-folder"), true);
    }

    /** Where the archive goes in the store. */
    public String getKey() {
        return key;
    }

    /** The claimed row of {@code backup_history}. */
    public Map<String, Object> getRow() {
        return row;
    }

    /** All that the backup was asked with, for its first line in the log; without passwords, in one line. */
    public String getInputs() {
        Map<String, Object> inputs = new TreeMap<>(row);
        inputs.keySet().retainAll(INPUTS);
        inputs.values().removeIf(Objects::isNull);
        inputs.put("connection", getDatabase().url());
        inputs.put("key", key);
        return Printable.line(inputs.toString());
    }

    /** The archive as it went out; null while it is under way. */
    public @Nullable StoredArchive getStored() {
        return stored;
    }

    public void stored(StoredArchive archive) {
        stored = archive;
    }

    @Override
    public boolean waits() {
        return !trial;
    }

    @Override
    public String toString() {
        return trial
                ? "check of " + getDatabase().name()
                : "backup " + getId() + " of " + getDatabase().name();
    }
}
