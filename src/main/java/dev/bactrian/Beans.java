package dev.bactrian;

import dev.bactrian.archive.ArchiveEncryption;
import dev.bactrian.archive.Archives;
import dev.bactrian.archive.Compression;
import dev.bactrian.archive.HistoryWarnings;
import dev.bactrian.archive.Latest;
import dev.bactrian.archive.Outcomes;
import dev.bactrian.archive.Ranges;
import dev.bactrian.archive.ShrunkTables;
import dev.bactrian.archive.StoreKeys;
import dev.bactrian.auth.AuthBeans;
import dev.bactrian.backup.CurrentRun;
import dev.bactrian.backup.Explainer;
import dev.bactrian.backup.FailureReason;
import dev.bactrian.backup.FailureTrail;
import dev.bactrian.backup.Failures;
import dev.bactrian.backup.QueueGate;
import dev.bactrian.backup.Runs;
import dev.bactrian.backup.WatchBeans;
import dev.bactrian.backup.WorkFolder;
import dev.bactrian.check.Preconditions;
import dev.bactrian.check.TimedChecks;
import dev.bactrian.config.ArchiveSettings;
import dev.bactrian.config.S3Settings;
import dev.bactrian.config.Settings;
import dev.bactrian.database.DatabaseErrors;
import dev.bactrian.database.ServerInfo;
import dev.bactrian.database.Snapshots;
import dev.bactrian.dump.ArchiveFiles;
import dev.bactrian.dump.DumpBeans;
import dev.bactrian.dump.ManifestBuilder;
import dev.bactrian.dump.PgToolsFinder;
import dev.bactrian.events.EventStreamComponent;
import dev.bactrian.notify.Notifications;
import dev.bactrian.page.PageFiles;
import dev.bactrian.restore.ArchiveDecryption;
import dev.bactrian.restore.BackupFinder;
import dev.bactrian.restore.RestoreBeans;
import dev.bactrian.restore.RestoreJobs;
import dev.bactrian.restore.Restores;
import dev.bactrian.retention.Retention;
import dev.bactrian.schedule.BackupSwitch;
import dev.bactrian.schedule.SettingsAtRunTime;
import dev.bactrian.storage.S3Beans;
import dev.bactrian.storage.S3Errors;
import dev.bactrian.verify.ArchiveVerifier;
import dev.bactrian.verify.Scratch;
import dev.bactrian.verify.SkippedViews;
import dev.bactrian.verify.Verification;
import dev.bactrian.web.ApiAnswers;
import dev.bactrian.web.ApiRequests;
import dev.bactrian.web.CheckAnswers;
import dev.bactrian.web.DatabaseAnswers;
import dev.bactrian.web.DeleteRequests;
import dev.bactrian.web.DownloadPlaces;
import dev.bactrian.web.EntryAnswers;
import dev.bactrian.web.Functions;
import dev.bactrian.web.NotificationTests;
import dev.bactrian.web.PlanAnswers;
import dev.bactrian.web.PlanRequests;
import dev.bactrian.web.Problems;
import dev.bactrian.web.PublicPath;
import dev.bactrian.web.RecordedArchives;
import dev.bactrian.web.RestoreAnswers;
import dev.bactrian.web.RestoreRequests;
import dev.bactrian.web.RetentionChange;
import dev.bactrian.web.ServiceAnswers;
import dev.bactrian.web.SettingsAnswers;
import dev.bactrian.web.SettingsRequests;
import dev.bactrian.web.VerifyRequests;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.BiConsumer;
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
    private final List<AutoCloseable> resources;
    private @Nullable Restores restores;
    private @Nullable RestoreJobs restoreJobs;

    /**
     * Prepares the binding.
     *
     * @param resources gets what must be closed at the end
     */
    Beans(
            Settings settings,
            SettingsAtRunTime atRunTime,
            BiConsumer<String, Object> registry,
            List<AutoCloseable> resources) {
        this.settings = settings;
        this.atRunTime = atRunTime;
        this.pgTools = new PgToolsFinder(settings.pgBin());
        this.registry = registry;
        this.resources = resources;
    }

    /** Binds all of them, and returns the one that knows what is running. */
    Runs bind(Supplier<CamelContext> camel) {
        FailureReason reasons = new FailureReason(store());
        WorkFolder workFolder = WorkFolder.open(settings.workDir());
        resources.add(workFolder);
        Runs runs = new Runs(settings.databases(), workFolder);
        backup(runs, reasons);
        restore(camel, reasons, workFolder);
        dump(camel);
        archive();
        http(reasons);
        overview(reasons, workFolder);
        return runs;
    }

    /** What is being restored; there once everything is bound. */
    Restores restores() {
        return Objects.requireNonNull(restores);
    }

    /** What callers of the API have asked to restore; there once everything is bound. */
    RestoreJobs restoreJobs() {
        return Objects.requireNonNull(restoreJobs);
    }

    private List<Explainer> store() {
        List<Explainer> explainers = new ArrayList<>(List.of(new DatabaseErrors()));
        S3Settings s3 = settings.s3();
        if (s3 != null) {
            explainers.add(new S3Errors(s3));
            S3Beans beans = new S3Beans(s3);
            resources.add(beans);
            beans.bind(registry);
        }
        explainers.add(WorkFolder::explain);
        return explainers;
    }

    private void backup(Runs runs, FailureReason reasons) {
        registry.accept("databases", settings.databases());
        registry.accept("runs", runs);
        registry.accept("notifications", new Notifications(settings.notifications()));
        registry.accept("queueGate", new QueueGate(settings.queue().limit()));
        WatchBeans.bind(registry, runs::isActive);
        registry.accept("backupSwitch", new BackupSwitch(atRunTime));
        FailureTrail trail = new FailureTrail();
        // Found by its type: Camel shows it every step of every route.
        registry.accept("failureTrail", trail);
        registry.accept("currentRun", new CurrentRun());
        registry.accept("failures", new Failures(reasons, trail));
    }

    private void restore(Supplier<CamelContext> camel, FailureReason reasons, WorkFolder workFolder) {
        Restores restores = new Restores(
                settings.databases(), workFolder, reasons, settings.verify().server());
        this.restores = restores;
        registry.accept("restores", restores);
        RestoreJobs jobs = new RestoreJobs(restores, reasons);
        this.restoreJobs = jobs;
        registry.accept("restoreJobs", jobs);
        registry.accept("restoreOutcome", jobs.outcome());
        registry.accept("restoreWatch", WatchBeans.watch(jobs::isActive));
        registry.accept("backupFinder", new BackupFinder(camel));
        registry.accept(
                "archiveDecryption", new ArchiveDecryption(settings.encryption().key()));
        RestoreBeans.bindOrigins(registry, settings.signing());
        registry.accept("ranges", new Ranges());
        registry.accept(
                "archiveVerifier",
                new ArchiveVerifier(reasons, settings.encryption().key()));
        RestoreBeans.bind(registry, restores, pgTools, settings.parallelism());
        Scratch scratch = new Scratch(settings.verify().server());
        registry.accept("scratch", scratch);
        registry.accept("verifyRequests", new VerifyRequests(scratch));
        registry.accept("skippedViews", new SkippedViews(settings.verify().skippedViews()));
        registry.accept("reloadedDefinitions", new dev.bactrian.verify.ReloadedDefinitions());
        registry.accept("verification", new Verification(settings.parallelism()));
        Verification.bind(registry);
    }

    private void dump(Supplier<CamelContext> camel) {
        registry.accept("snapshots", new Snapshots(camel, settings.restoreWait()));
        registry.accept("servers", new ServerInfo.Reader());
        registry.accept("pgTools", pgTools);
        DumpBeans.bind(registry, settings);
        AuthBeans.bind(registry, camel);
        FileBeans.bind(registry, camel, settings.files());
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

    private void http(FailureReason reasons) {
        ApiRequests apiRequests = new ApiRequests(settings.databases());
        registry.accept("apiRequests", apiRequests);
        Functions.bind(registry, apiRequests, settings, new BackupSwitch(atRunTime));
        PublicPath paths = PublicPath.below(settings.notifications().publicUrl());
        registry.accept("apiAnswers", new ApiAnswers(paths));
        registry.accept("event-stream", new EventStreamComponent(settings.httpPort()));
        registry.accept("entryAnswers", new EntryAnswers());
        registry.accept("recordedArchives", new RecordedArchives());
        registry.accept("downloadPlaces", new DownloadPlaces());
        registry.accept("deleteRequests", new DeleteRequests());
        registry.accept("planRequests", new PlanRequests(settings.databases()));
        registry.accept("planAnswers", new PlanAnswers());
        registry.accept("restoreRequests", new RestoreRequests(settings.databases(), settings.keyPrefix()));
        registry.accept("restoreAnswers", new RestoreAnswers(restoreJobs(), paths));
        registry.accept("settingsRequests", new SettingsRequests(settings.databases()));
        registry.accept("retentionChange", new RetentionChange());
        registry.accept("settingsAnswers", new SettingsAnswers(atRunTime));
        registry.accept("problems", new Problems(reasons));
        registry.accept("pageFiles", new PageFiles());
    }

    /** What dashboards show and try. */
    private void overview(FailureReason reasons, WorkFolder workFolder) {
        registry.accept("serviceAnswers", new ServiceAnswers(settings, Version.text()));
        registry.accept("databaseAnswers", new DatabaseAnswers(settings.databases(), atRunTime));
        TimedChecks checks = new TimedChecks(new Preconditions(settings, reasons, workFolder::requireWritable));
        resources.add(checks);
        registry.accept("timedChecks", checks);
        registry.accept("checkAnswers", new CheckAnswers());
        registry.accept("notificationTests", new NotificationTests());
    }
}
