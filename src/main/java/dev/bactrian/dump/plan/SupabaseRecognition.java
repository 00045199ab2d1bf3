package dev.bactrian.dump.plan;

import dev.bactrian.backup.BackupRun;
import dev.bactrian.config.SupabaseSettings;
import dev.bactrian.postgres.SnapshotCounts;
import dev.bactrian.postgres.SupabaseTables;
import dev.bactrian.postgres.url.Database;
import dev.bactrian.postgres.url.SupabaseProject.Recognition;
import dev.bactrian.problem.ConfigurationException;
import dev.bactrian.problem.ProblemException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Header;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether a backup saves a database as a Supabase project's. Where that is in doubt it fails or warns: users and files that
 * are left out without a word would be missed when it is too late.
 */
public final class SupabaseRecognition {

    private static final Logger LOG = LoggerFactory.getLogger(SupabaseRecognition.class);

    private final SupabaseSettings wanted;

    public SupabaseRecognition(SupabaseSettings wanted) {
        this.wanted = wanted;
    }

    /**
     * Judges what {@code sql/backup/detect-supabase.sql} found.
     *
     * @throws ProblemException when the settings name a key for files, or say that it is a project, and it can't be seen as one
     */
    public SupabaseTables judge(@Header("supabase") Map<String, Object> row, @ExchangeProperty("run") BackupRun run) {
        Database database = run.getDatabase();
        run.getEvidence()
                .requireAll(
                        SnapshotCounts.PROJECT_TABLES,
                        (isTrue(row, "users_owned") ? 1 : 0) + (isTrue(row, "storage_owned") ? 2 : 0),
                        "sql/backup/detect-supabase.sql");
        SupabaseTables found = SupabaseTables.of(row, database.recognition());
        require(database, found);
        run.getEvidence().done("recognise-supabase");
        warning(database, found).ifPresent(warning -> {
            LOG.warn("{}: {}", run, warning);
            run.warn(warning);
        });
        return found;
    }

    private static boolean isTrue(Map<String, Object> row, String column) {
        return Boolean.TRUE.equals(row.get(column));
    }

    /** The check's words; empty where nothing points to a project. */
    public Optional<String> describe(Database database, SupabaseTables found) {
        require(database, found);
        Optional<String> warning = warning(database, found);
        if (!found.present()) {
            return warning;
        }
        return Optional.of("a Supabase project's, with " + (found.authUsers() ? "users" : "no users of its own")
                + (found.storage() ? " and files" : "")
                + warning.map(" "::concat).orElse(""));
    }

    private void require(Database database, SupabaseTables found) {
        String setting = database.setting("SUPABASE");
        Recognition recognition = database.recognition();
        if (recognition == Recognition.YES && !found.present()) {
            throw refused(
                    setting + " is yes, but the database " + database.name()
                            + " has neither a table auth.users nor the tables "
                            + "storage.buckets and storage.objects.",
                    "Set DATABASE_URL to the project's own database, usually postgres, or " + setting + " to auto.");
        }
        if (recognition == Recognition.NO || !database.project().hasKey() || isWhole(found)) {
            return;
        }
        String key = database.setting(
                database.project().key() == null ? "SUPABASE_S3_ACCESS_KEY_ID" : "SUPABASE_SERVICE_ROLE_KEY");
        String without = !found.others().isEmpty()
                ? found.others()
                : found.present()
                        ? "it has no tables storage.buckets and storage.objects"
                        : "it has neither a table auth.users nor the tables storage.buckets and storage.objects";
        throw refused(
                key + " is set, but the database " + database.name() + " isn't recognized as a "
                        + (found.present() ? "whole Supabase project's: " : "Supabase project's: ") + without + ".",
                "If it is one anyway, set " + setting + "=yes; if it isn't, remove the key or set " + setting + "=no.");
    }

    /** Whether all is there that the settings want of a project. */
    private boolean isWhole(SupabaseTables found) {
        boolean users =
                found.authUsers() || !wanted.authUsers() || !found.others().contains("auth.users");
        return found.present() && users && (found.storage() || !wanted.storage());
    }

    private static Optional<String> warning(Database database, SupabaseTables found) {
        if (found.others().isEmpty()) {
            return Optional.empty();
        }
        String setting = database.setting("SUPABASE");
        return Optional.of("Tables have the names of a Supabase project's tables, but not their "
                + "owners: " + found.others()
                + ". Their rows are saved like those of any table, but not as auth/users.json and files. If they "
                + "belong to a project, set " + setting + "=yes; else " + setting + "=no to disable this warning.");
    }

    /** Its cause tells commands that this is the configuration's fault. */
    private static ProblemException refused(String cause, String remedy) {
        return ProblemException.stopped(cause, remedy, new ConfigurationException(List.of(cause)));
    }
}
