package dev.bactrian.config;

import dev.bactrian.archive.ArchiveSettings;
import dev.bactrian.history.HistorySchema;
import dev.bactrian.postgres.url.DatabaseUrl;
import dev.bactrian.postgres.url.Databases;
import dev.bactrian.run.Workers;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The whole configuration, checked.
 *
 * @param apiKey null when none is set: then nobody can call the HTTP API, and {@code serve} refuses to start
 * @param restoreKey null when none is set: then nobody can restore over HTTP
 * @param s3 null when no route stores to S3
 * @param keyPrefix first part of every key, wherever archives go; without slashes at its ends
 * @param pgBin folder of pg_dump, pg_dumpall and pg_restore; null to look in the usual places
 * @param parallelism how many pg_dump processes run at once for one backup, by the distance of its database
 * @param connections what bounds it
 * @param queue how many backups there may be
 * @param tablesPerDump how many small tables at the most share one pg_dump
 * @param readBack whether each archive is read once when it is stored
 * @param supabase what is saved of a Supabase project beside its tables
 * @param files how its files are saved
 * @param encryption whom archives are encrypted for
 * @param signing what manifests are signed with, and whose signatures are needed
 * @param verify how backups are proven by a restore
 * @param notifications who is told of backups that ended
 * @param github pushes that lead to backups
 * @param functions what holds for browsers and workers elsewhere
 * @param retention which backups are kept, where nobody has said otherwise at run time
 * @param schedule when backups are wanted
 * @param shrink which losses of rows are told
 * @param stallTimeout how long a program may print nothing before its backup fails
 * @param restoreWait how long a backup waits for the end of a restore into its database
 */
public record Settings(
        Databases databases,
        DatabaseUrl controlDatabase,
        HistorySchema historySchema,
        @Nullable String apiKey,
        @Nullable String restoreKey,
        boolean backupEnabled,
        @Nullable S3Settings s3,
        String keyPrefix,
        String httpHost,
        int httpPort,
        int managementPort,
        Path workDir,
        @Nullable Path pgBin,
        Workers parallelism,
        ConnectionBudget connections,
        QueueSettings queue,
        int tablesPerDump,
        ArchiveSettings archive,
        boolean readBack,
        SupabaseSettings supabase,
        FileSettings files,
        EncryptionSettings encryption,
        SigningSettings signing,
        VerifySettings verify,
        NotifySettings notifications,
        GithubSettings github,
        FunctionSettings functions,
        RetentionRules retention,
        ScheduleSettings schedule,
        ShrinkSettings shrink,
        Duration stallTimeout,
        Duration restoreWait,
        Duration shutdownGrace) {

    /** Whether there is a database that keeps the history. */
    public boolean hasHistory() {
        return controlDatabase.port() != SettingsReader.NO_PORT;
    }

    /** Without the API keys and the passwords. */
    @Override
    public String toString() {
        return "databases " + databases.names() + ", history in " + controlDatabase + ", store " + s3 + ", http "
                + httpHost + ":" + httpPort + ", work in " + workDir;
    }
}
