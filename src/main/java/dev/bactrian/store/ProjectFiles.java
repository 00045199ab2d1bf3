package dev.bactrian.store;

import dev.bactrian.postgres.url.Database;
import dev.bactrian.postgres.url.SupabaseProject;
import dev.bactrian.problem.ConfigurationException;
import dev.bactrian.problem.ProblemException;
import dev.bactrian.supabase.storage.ApiFileStore;
import dev.bactrian.supabase.storage.FileStore;
import dev.bactrian.supabase.storage.FileStores;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Opens the way to a project's files that its settings name. */
public final class ProjectFiles implements FileStores {

    private static final String OR =
            " Or set BACKUP_STORAGE to false to leave files out; or, if this is a copy of a project's database "
                    + "outside of Supabase, ";

    private final int parallelism;
    private final boolean restores;

    /**
     * Prepares for projects whose files are saved.
     *
     * @param parallelism how many files are fetched at once
     */
    public ProjectFiles(int parallelism) {
        this(parallelism, false);
    }

    private ProjectFiles(int parallelism, boolean restores) {
        this.parallelism = parallelism;
        this.restores = restores;
    }

    /** For projects that files are brought back to. */
    public static ProjectFiles forRestores(int parallelism) {
        return new ProjectFiles(parallelism, true);
    }

    @Override
    public FileStore open(Database database) {
        SupabaseProject project = database.project();
        String end = database.setting("");
        if (project.s3() != null) {
            return new S3OrApiFileStore(new S3FileStore(project.s3(), end), api(project, end), end);
        }
        String files = "The database " + database.name() + " is a Supabase project's"
                + (restores
                        ? ", and only its Storage API takes files; "
                        : " with files, which only its Storage API can read; ");
        String otherwise = restores ? "" : OR + database.setting("SUPABASE") + " to no.";
        if (project.key() == null) {
            throw missing(
                    files + "SUPABASE_SERVICE_ROLE_KEY" + end + " isn't set.",
                    "Set it to a secret key (sb_secret_…) of the project; its dashboard shows them under Project Settings, "
                            + "API Keys." + otherwise);
        }
        if (project.url() == null) {
            throw missing(
                    files + "SUPABASE_URL" + end + " isn't set, and the database's address doesn't show it.",
                    "Set it to the project's address, https://<ref>.supabase.co; its dashboard shows it under Project "
                            + "Settings, Data API." + otherwise);
        }
        return Objects.requireNonNull(api(project, end));
    }

    private @Nullable FileStore api(SupabaseProject project, String end) {
        return project.url() == null || project.key() == null
                ? null
                : new ApiFileStore(project.url(), project.key(), "SUPABASE_SERVICE_ROLE_KEY" + end, parallelism);
    }

    /** Its cause tells commands that this is the configuration's fault. */
    private static ProblemException missing(String cause, String remedy) {
        return ProblemException.stopped(cause, remedy, new ConfigurationException(List.of(cause)));
    }
}
