package dev.bactrian.files;

import dev.bactrian.database.Database;

/** Opens the way to the files of a database's project. */
@FunctionalInterface
public interface FileStores {

    /**
     * Opens it, without asking it anything yet.
     *
     * @throws dev.bactrian.backup.BackupException when a setting is missing, saying which
     */
    FileStore open(Database database);
}
