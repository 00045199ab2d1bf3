package dev.bactrian.storage;

import dev.bactrian.backup.BackupException;
import dev.bactrian.database.Database;
import dev.bactrian.database.SupabaseProject;
import dev.bactrian.files.ApiFileStore;
import dev.bactrian.files.FileStore;
import dev.bactrian.files.FileStores;
import java.util.Locale;

/** Opens the way to a project's files that its settings name. */
public final class ProjectFiles implements FileStores {

    private static final String OR = " Or set BACKUP_STORAGE to false, and do without files.";

    private final int parallelism;

    /**
     * Prepares for projects.
     *
     * @param parallelism how many files are fetched at once
     */
    public ProjectFiles(int parallelism) {
        this.parallelism = parallelism;
    }

    @Override
    public FileStore open(Database database) {
        SupabaseProject project = database.project();
        String end =
                "default".equals(database.name()) ? "" : "_" + database.name().toUpperCase(Locale.ROOT);
        if (project.s3() != null) {
            return new S3FileStore(project.s3(), end);
        }
        String files = "The database " + database.name()
                + " is a Supabase project's with files, which only its Storage " + "API can give out; ";
        if (project.key() == null) {
            throw BackupException.stopped(
                    files + "SUPABASE_SERVICE_ROLE_KEY" + end + " isn't set.",
                    "Set it to a secret key (sb_secret_…) of the project; its dashboard shows them under Project Settings, "
                            + "API Keys." + OR);
        }
        if (project.url() == null) {
            throw BackupException.stopped(
                    files + "SUPABASE_URL" + end + " isn't set, and the database's address doesn't tell it.",
                    "Set it to the project's address, https://<ref>.supabase.co; its dashboard shows it under Project "
                            + "Settings, Data API." + OR);
        }
        return new ApiFileStore(project.url(), project.key(), "SUPABASE_SERVICE_ROLE_KEY" + end, parallelism);
    }
}
