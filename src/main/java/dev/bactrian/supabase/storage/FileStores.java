package dev.bactrian.supabase.storage;

import dev.bactrian.postgres.url.Database;

/** Opens the way to the files of a database's project. */
@FunctionalInterface
public interface FileStores {

    /**
     * Opens it, without asking it anything yet.
     *
     * @throws dev.bactrian.problem.ProblemException when a setting is missing, saying which
     */
    FileStore open(Database database);
}
