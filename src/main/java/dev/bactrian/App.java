package dev.bactrian;

import com.zaxxer.hikari.HikariDataSource;
import dev.bactrian.archive.Archives;
import dev.bactrian.archive.Outcomes;
import dev.bactrian.archive.StoreKeys;
import dev.bactrian.backup.BackupSwitch;
import dev.bactrian.backup.ClaimScope;
import dev.bactrian.backup.Explainer;
import dev.bactrian.backup.FailedStep;
import dev.bactrian.backup.FailureReason;
import dev.bactrian.backup.Failures;
import dev.bactrian.backup.Node;
import dev.bactrian.backup.Runs;
import dev.bactrian.backup.WorkFolder;
import dev.bactrian.config.S3Settings;
import dev.bactrian.config.Settings;
import dev.bactrian.database.ControlDatabase;
import dev.bactrian.database.DatabaseErrors;
import dev.bactrian.database.ServerInfo;
import dev.bactrian.database.Snapshots;
import dev.bactrian.dump.ArchiveFiles;
import dev.bactrian.dump.ExtensionTableCopy;
import dev.bactrian.dump.ManifestBuilder;
import dev.bactrian.dump.PassFile;
import dev.bactrian.dump.PgPrograms;
import dev.bactrian.dump.PgToolsFinder;
import dev.bactrian.dump.ProcessRunner;
import dev.bactrian.dump.Refusals;
import dev.bactrian.dump.SchemaSlicer;
import dev.bactrian.dump.SequenceValues;
import dev.bactrian.dump.TablePlan;
import dev.bactrian.dump.TableSplitter;
import dev.bactrian.security.ApiKeyGate;
import dev.bactrian.storage.S3Beans;
import dev.bactrian.storage.S3Errors;
import dev.bactrian.web.ApiAnswers;
import dev.bactrian.web.ApiRequests;
import dev.bactrian.web.Problems;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.Main;
import org.apache.camel.main.MainListenerSupport;
import org.apache.camel.main.SimpleMainShutdownStrategy;
import org.jspecify.annotations.Nullable;

/**
 * The application: the routes of {@code routes/} in a Camel context, with the beans they name. Java wires; what happens in
 * which order stands in the routes.
 */
public final class App implements AutoCloseable {

    /** Long enough for a failed backup to abort its upload and write its row. */
    private static final Duration TO_FAIL = Duration.ofSeconds(45);

    private final Settings settings;
    private final Mode mode;
    private final Main main = new Main();
    private final HikariDataSource controlDatabase;
    private final List<AutoCloseable> resources = new ArrayList<>();
    private final ClaimScope claimScope;
    private @Nullable Runs runs;

    /** What the application is started for. */
    public enum Mode {
        /** HTTP and every other trigger; takes any backup from the queue. */
        SERVICE,
        /** One command's backup; no triggers, no HTTP. */
        ONE_SHOT
    }

    public App(Settings settings, Mode mode) {
        this.settings = settings;
        this.mode = mode;
        this.claimScope = mode == Mode.SERVICE ? ClaimScope.any() : ClaimScope.none();
        this.controlDatabase = ControlDatabase.open(settings.controlDatabase());
        resources.add(controlDatabase);
    }

    /** Migrates the control database, and starts the routes. Returns when they run. */
    public void start() throws Exception {
        prepare();
        main.start();
    }

    /** As {@link #start}, and returns when the process is asked to stop and has stopped. */
    public int run() throws Exception {
        // Camel's own hook waits for less time than a backup may need to end.
        main.setShutdownStrategy(new SimpleMainShutdownStrategy());
        prepare();
        main.run();
        return main.getExitCode();
    }

    /** Runs an action once all routes are up. */
    public void whenStarted(Runnable action) {
        main.addMainListener(new MainListenerSupport() {
            @Override
            public void afterStart(BaseMainSupport started) {
                action.run();
            }
        });
    }

    /** Makes {@link #run} stop everything and return. */
    public void requestStop() {
        main.completed();
    }

    /** Lets running backups finish within the grace period, and fails those that don't. */
    public void endBackups() {
        Runs active = runs;
        if (active != null) {
            active.shutDown(settings.shutdownGrace(), TO_FAIL);
        }
    }

    private void prepare() {
        ControlDatabase.migrate(controlDatabase);
        configure();
        bindBeans();
        main.addMainListener(new Lifecycle());
    }

    private void configure() {
        main.setDefaultPropertyPlaceholderLocation("file:config/application.properties;optional=true");
        boolean service = mode == Mode.SERVICE;
        Map<String, String> properties = new java.util.HashMap<>(Map.of(
                "camel.main.name", "bactrian",
                "camel.main.routesIncludePattern", "file:routes/*.camel.yaml",
                // A cached stream would be read into memory at the next step.
                "camel.main.streamCachingEnabled", "false",
                "camel.main.shutdownTimeout", "10",
                "camel.main.autoConfigurationLogSummary", "false",
                "camel.threadpool.config[dump].poolSize", Integer.toString(settings.parallelism()),
                "camel.threadpool.config[dump].maxPoolSize", Integer.toString(settings.parallelism()),
                "camel.threadpool.config[dump].maxQueueSize", "-1"));
        properties.putAll(Map.of(
                "camel.threadpool.config[backups].poolSize", Integer.toString(settings.maxConcurrent()),
                "camel.threadpool.config[backups].maxPoolSize", Integer.toString(settings.maxConcurrent()),
                "camel.threadpool.config[backups].maxQueueSize", "-1",
                "BACKUP_MAX_CONCURRENT", Integer.toString(settings.maxConcurrent()),
                "S3_PREFIX", prefix()));
        if (settings.s3() != null) {
            properties.put("S3_BUCKET", settings.s3().bucket());
        }
        if (service) {
            properties.putAll(Map.of(
                    "camel.server.enabled", "true",
                    "camel.server.host", settings.httpHost(),
                    "camel.server.port", Integer.toString(settings.httpPort()),
                    "camel.server.maxBodySize", Long.toString(ApiKeyGate.LARGEST_BODY),
                    "camel.management.enabled", "true",
                    "camel.management.host", settings.httpHost(),
                    "camel.management.port", Integer.toString(settings.managementPort()),
                    "camel.management.healthCheckEnabled", "true",
                    "camel.management.metricsEnabled", "true"));
            properties.put("camel.metrics.enabled", "true");
        } else {
            properties.put("camel.main.routesExcludePattern", "**/trigger-*.camel.yaml");
        }
        properties.forEach(main::addOverrideProperty);
    }

    private void bindBeans() {
        S3Settings s3 = settings.s3();
        List<Explainer> explainers = new ArrayList<>(List.of(new DatabaseErrors()));
        if (s3 != null) {
            explainers.add(new S3Errors(s3));
            S3Beans beans = new S3Beans(s3);
            resources.add(beans);
            beans.bind(this::bind);
        }
        FailureReason reasons = new FailureReason(explainers);
        WorkFolder workFolder = WorkFolder.open(settings.workDir());
        resources.add(workFolder);
        Runs active = new Runs(settings.databases(), workFolder);
        runs = active;

        main.bind("controlDatabase", controlDatabase);
        main.bind("databases", settings.databases());
        main.bind("runs", active);
        main.bind("node", new Node(active));
        main.bind("claimScope", claimScope);
        main.bind("backupSwitch", new BackupSwitch(settings.backupEnabled()));
        main.bind("failedStep", new FailedStep());
        main.bind("failures", new Failures(reasons));
        main.bind("snapshots", new Snapshots(main::getCamelContext));
        main.bind("servers", new ServerInfo.Reader());
        main.bind("pgTools", new PgToolsFinder(settings.pgBin()));
        main.bind("refusals", new Refusals());
        main.bind("tablePlan", new TablePlan(settings.parallelism(), settings.tablesPerDump()));
        main.bind("passFile", new PassFile());
        main.bind("processRunner", new ProcessRunner());
        PgPrograms.bind(this::bind);
        main.bind("schemaSlicer", new SchemaSlicer());
        main.bind("tableSplitter", new TableSplitter());
        main.bind("extensionTableCopy", new ExtensionTableCopy());
        main.bind("sequenceValues", new SequenceValues());
        main.bind("archives", new Archives(settings.spoolLimit()));
        main.bind("archiveFiles", new ArchiveFiles());
        main.bind("manifests", new ManifestBuilder(Version.text()));
        main.bind("outcomes", new Outcomes());
        main.bind("keys", new StoreKeys(prefix()));
        main.bind("apiRequests", new ApiRequests(settings.databases()));
        main.bind("apiAnswers", new ApiAnswers());
        main.bind("problems", new Problems(reasons));
    }

    private void bind(String name, Object bean) {
        main.bind(name, bean);
    }

    private String prefix() {
        return settings.s3() == null ? "backups" : settings.s3().prefix();
    }

    /** For commands that send to the routes themselves. */
    public ProducerTemplate producer() throws Exception {
        return main.getCamelTemplate();
    }

    public CamelContext context() {
        return main.getCamelContext();
    }

    public DataSource controlDatabase() {
        return controlDatabase;
    }

    public ClaimScope claimScope() {
        return claimScope;
    }

    @Override
    public void close() throws Exception {
        main.stop();
        main.shutdown();
        free();
    }

    private void free() throws Exception {
        for (int i = resources.size() - 1; i >= 0; i--) {
            resources.get(i).close();
        }
        resources.clear();
    }

    /** What has to happen around Camel's own start and stop. */
    private final class Lifecycle extends MainListenerSupport {

        @Override
        public void afterConfigure(BaseMainSupport configured) {
            if (mode == Mode.SERVICE) {
                configured
                        .getCamelContext()
                        .addLifecycleStrategy(
                                new GateInstaller(new ApiKeyGate(settings.apiKey()), settings.httpPort()));
            }
        }

        @Override
        public void beforeStop(BaseMainSupport stopping) {
            endBackups();
        }

        @Override
        public void afterStop(BaseMainSupport stopped) {
            try {
                free();
            } catch (Exception e) {
                throw new IllegalStateException("The service could not free everything at its end", e);
            }
        }
    }
}
