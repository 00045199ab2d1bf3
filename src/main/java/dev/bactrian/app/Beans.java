package dev.bactrian.app;

import dev.bactrian.archive.ArchiveSettings;
import dev.bactrian.archive.StoreKeys;
import dev.bactrian.archive.write.Compression;
import dev.bactrian.backup.ArchiveEncryption;
import dev.bactrian.backup.Archives;
import dev.bactrian.backup.BackupRuns;
import dev.bactrian.backup.FailureText;
import dev.bactrian.backup.FailureTrail;
import dev.bactrian.backup.HistoryWarnings;
import dev.bactrian.backup.Latest;
import dev.bactrian.backup.Outcomes;
import dev.bactrian.backup.QueueLimits;
import dev.bactrian.backup.ShrunkTables;
import dev.bactrian.backup.WatchBeans;
import dev.bactrian.check.Preconditions;
import dev.bactrian.check.TimedChecks;
import dev.bactrian.config.S3Settings;
import dev.bactrian.config.Settings;
import dev.bactrian.dump.ArchiveFiles;
import dev.bactrian.dump.ManifestBuilder;
import dev.bactrian.encryption.DecryptionKey;
import dev.bactrian.http.api.ApiRequests;
import dev.bactrian.http.api.ApiResponses;
import dev.bactrian.http.api.DatabaseResponses;
import dev.bactrian.http.api.DeleteRequests;
import dev.bactrian.http.api.PlanRequests;
import dev.bactrian.http.api.Problems;
import dev.bactrian.http.api.PublicPath;
import dev.bactrian.http.api.RestoreRequests;
import dev.bactrian.http.api.RestoreResponses;
import dev.bactrian.http.api.ServiceResponses;
import dev.bactrian.http.api.SettingsRequests;
import dev.bactrian.http.api.SettingsResponses;
import dev.bactrian.http.api.VerifyRequests;
import dev.bactrian.http.functions.Functions;
import dev.bactrian.http.security.DownloadLinks;
import dev.bactrian.http.sse.EventStreamComponent;
import dev.bactrian.notify.Notifications;
import dev.bactrian.postgres.DatabaseErrors;
import dev.bactrian.postgres.program.PgToolsFinder;
import dev.bactrian.problem.ErrorTranslator;
import dev.bactrian.problem.ErrorTranslators;
import dev.bactrian.restore.RestoreRuns;
import dev.bactrian.restore.source.ArchiveDecryption;
import dev.bactrian.restore.source.BackupFinder;
import dev.bactrian.restore.steps.ActiveRestores;
import dev.bactrian.restore.steps.RestoreBeans;
import dev.bactrian.restore.unpack.Unpacking;
import dev.bactrian.retention.Retention;
import dev.bactrian.run.CurrentRun;
import dev.bactrian.run.RunWorkers;
import dev.bactrian.run.WorkFolder;
import dev.bactrian.schedule.BackupSwitch;
import dev.bactrian.schedule.SettingsAtRunTime;
import dev.bactrian.store.S3Beans;
import dev.bactrian.store.S3Errors;
import dev.bactrian.support.Version;
import dev.bactrian.verify.ArchiveVerifier;
import dev.bactrian.verify.ScratchDatabase;
import dev.bactrian.verify.VerifyBeans;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.camel.CamelContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The beans that the routes name, each for what it does there. */
final class Beans {

    private static final Logger LOG = LoggerFactory.getLogger(Beans.class);

    private final Settings settings;
    private final SettingsAtRunTime atRunTime;
    private final PgToolsFinder pgTools;
    private final BiConsumer<String, Object> registry;
    private final Consumer<AutoCloseable> resources;
    private @Nullable RestoreRuns restores;
    private @Nullable ActiveRestores restoreJobs;

    /**
     * Prepares the binding.
     *
     * @param resources gets what must be closed at the end
     */
    Beans(
            Settings settings,
            SettingsAtRunTime atRunTime,
            BiConsumer<String, Object> registry,
            Consumer<AutoCloseable> resources) {
        this.settings = settings;
        this.atRunTime = atRunTime;
        this.pgTools = new PgToolsFinder(settings.pgBin());
        this.registry = registry;
        this.resources = resources;
    }

    /** Binds all of them, and returns the one that knows what is running. */
    BackupRuns bind(Supplier<CamelContext> camel) {
        ErrorTranslators translators = new ErrorTranslators(store());
        WorkFolder workFolder = WorkFolder.open(settings.workDir());
        resources.accept(workFolder);
        BackupRuns runs = new BackupRuns(settings.databases(), workFolder);
        backup(runs, translators);
        restore(camel, translators, workFolder);
        DatabaseBeans.bind(registry, camel, settings, pgTools);
        archive();
        http(translators);
        overview(camel, translators, workFolder);
        return runs;
    }

    /** Binds those that look at a database: where something else can't be opened, the check says so. */
    void bindForCheck(Supplier<CamelContext> camel) {
        registry.accept("currentRun", new CurrentRun());
        registry.accept("failureTrail", new FailureTrail());
        DatabaseBeans.bind(registry, camel, settings, pgTools);
    }

    /** What is being restored; there once everything is bound. */
    RestoreRuns restores() {
        return Objects.requireNonNull(restores);
    }

    /** What callers of the API have asked to restore; there once everything is bound. */
    ActiveRestores restoreJobs() {
        return Objects.requireNonNull(restoreJobs);
    }

    private List<ErrorTranslator> store() {
        List<ErrorTranslator> translators = new ArrayList<>(List.of(new DatabaseErrors()));
        S3Settings s3 = settings.s3();
        if (s3 != null) {
            translators.add(new S3Errors(s3));
            S3Beans beans = new S3Beans(s3);
            resources.accept(beans);
            beans.bind(registry);
        }
        translators.add(WorkFolder::explain);
        return translators;
    }

    private void backup(BackupRuns runs, ErrorTranslators translators) {
        workers("dump");
        registry.accept("databases", settings.databases());
        registry.accept("backupRuns", runs);
        registry.accept("notifications", new Notifications(settings.notifications()));
        registry.accept("queueLimits", new QueueLimits(settings.queue().limit()));
        WatchBeans.bind(registry, runs::isActive);
        registry.accept("backupSwitch", new BackupSwitch(atRunTime));
        FailureTrail trail = new FailureTrail();
        // Found by its type: Camel shows it every step of every route.
        registry.accept("failureTrail", trail);
        registry.accept("currentRun", new CurrentRun());
        registry.accept("failureText", new FailureText(translators, trail));
    }

    private void restore(Supplier<CamelContext> camel, ErrorTranslators translators, WorkFolder workFolder) {
        RestoreRuns restores = new RestoreRuns(
                settings.databases(), workFolder, translators, settings.verify().server());
        this.restores = restores;
        registry.accept("restoreRuns", restores);
        ActiveRestores jobs = new ActiveRestores(restores, translators);
        this.restoreJobs = jobs;
        registry.accept("activeRestores", jobs);
        registry.accept("restoreOutcome", jobs.outcome());
        registry.accept("restoreWatch", WatchBeans.watch(jobs::isActive));
        registry.accept("backupFinder", new BackupFinder(camel));
        DecryptionKey key = settings.encryption().key();
        registry.accept("archiveDecryption", new ArchiveDecryption(key));
        RestoreBeans.bindOrigins(registry, settings.signing());
        registry.accept("unpacking", new Unpacking(workFolder, translators));
        registry.accept("archiveVerifier", new ArchiveVerifier(translators, key));
        workers("restore");
        RestoreBeans.bind(registry, restores, pgTools, settings.parallelism());
        ScratchDatabase scratch = new ScratchDatabase(settings.verify().server());
        registry.accept("scratchDatabase", scratch);
        registry.accept("verifyRequests", new VerifyRequests(scratch));
        VerifyBeans.bind(
                registry,
                settings.verify().skippedViews(),
                settings.parallelism().near());
    }

    /** The threads that the routes name as an {@code executorService}. */
    private void workers(String name) {
        RunWorkers workers = new RunWorkers(name, settings.parallelism().near());
        resources.accept(workers);
        registry.accept(name, workers);
    }

    private void archive() {
        ArchiveSettings archive = settings.archive();
        Compression compression = Compression.of(archive.compressor(), archive.compressionLevel());
        LOG.info("Archives are compressed by {}", compression.name());
        registry.accept("archives", new Archives(archive.spool(), compression));
        registry.accept(
                "archiveEncryption", new ArchiveEncryption(settings.encryption().recipients()));
        registry.accept("archiveFiles", new ArchiveFiles());
        registry.accept("manifests", new ManifestBuilder(Version.text(), settings));
        registry.accept("outcomes", new Outcomes());
        registry.accept("shrunkTables", new ShrunkTables(settings.shrink()));
        registry.accept("historyWarnings", new HistoryWarnings());
        StoreKeys keys = new StoreKeys(settings.keyPrefix());
        registry.accept("keys", keys);
        registry.accept("latest", new Latest(keys));
        registry.accept("retention", new Retention(settings.retention(), atRunTime, keys));
    }

    private void http(ErrorTranslators translators) {
        ApiRequests apiRequests = new ApiRequests(settings.databases());
        registry.accept("apiRequests", apiRequests);
        Functions.bind(registry, apiRequests, settings, new BackupSwitch(atRunTime));
        PublicPath paths = PublicPath.below(settings.notifications().publicUrl());
        registry.accept("apiResponses", new ApiResponses(paths));
        registry.accept("event-stream", new EventStreamComponent(settings.httpPort()));
        registry.accept("downloadLinks", new DownloadLinks(settings));
        registry.accept("deleteRequests", new DeleteRequests());
        registry.accept("planRequests", new PlanRequests(settings.databases()));
        registry.accept("restoreRequests", new RestoreRequests(settings.databases(), settings.keyPrefix()));
        registry.accept("restoreResponses", new RestoreResponses(restoreJobs(), paths));
        registry.accept("settingsRequests", new SettingsRequests(settings.databases()));
        registry.accept("settingsResponses", new SettingsResponses(atRunTime));
        registry.accept("problems", new Problems(translators));
    }

    /** What dashboards show and try. */
    private void overview(Supplier<CamelContext> camel, ErrorTranslators translators, WorkFolder workFolder) {
        registry.accept("serviceResponses", new ServiceResponses(settings, Version.text()));
        registry.accept("databaseResponses", new DatabaseResponses(settings.databases(), atRunTime));
        TimedChecks checks =
                new TimedChecks(new Preconditions(settings, translators, camel, workFolder::requireWritable));
        resources.accept(checks);
        registry.accept("timedChecks", checks);
    }
}
