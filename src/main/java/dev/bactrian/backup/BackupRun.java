package dev.bactrian.backup;

import dev.bactrian.database.Database;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One running backup: what it is, and what must be freed when it ends. */
public final class BackupRun extends StoppableRun {

    private final String key;
    private final Map<String, Object> row;
    private volatile @Nullable StoredArchive stored;

    BackupRun(UUID id, Database database, String key, Map<String, Object> row, Path folder) {
        super(id, database, folder);
        this.key = key;
        this.row = row;
    }

    /** Where the archive goes in the store. */
    public String getKey() {
        return key;
    }

    /** The claimed row of {@code backup_history}. */
    public Map<String, Object> getRow() {
        return row;
    }

    /** The archive as it went out; null while it is under way. */
    public @Nullable StoredArchive getStored() {
        return stored;
    }

    public void stored(StoredArchive archive) {
        stored = archive;
    }

    @Override
    public String toString() {
        return "backup " + getId() + " of " + getDatabase().name();
    }
}
