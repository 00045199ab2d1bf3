package dev.bactrian.app;

import com.zaxxer.hikari.HikariDataSource;
import dev.bactrian.backup.BackupRuns;
import dev.bactrian.backup.ClaimScope;
import dev.bactrian.config.Settings;
import dev.bactrian.history.ControlDatabase;
import dev.bactrian.history.HistoryQueries;
import dev.bactrian.history.HistorySchema;
import dev.bactrian.http.guard.GuardedVertx;
import dev.bactrian.http.security.ApiKeyGate;
import dev.bactrian.postgres.program.ProgramSteps;
import dev.bactrian.restore.RestoreRuns;
import dev.bactrian.restore.steps.ActiveRestores;
import dev.bactrian.routes.LoadErrors;
import dev.bactrian.routes.RouteCheck;
import dev.bactrian.schedule.ScheduleBeans;
import dev.bactrian.schedule.Schedules;
import dev.bactrian.schedule.SettingsAtRunTime;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.UUID;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.component.properties.PropertiesComponent;
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
    /** A control database that is away for less must not cost a backup. */
    private static final Duration STATUS_PATIENCE = Duration.ofSeconds(30);

    private final Settings settings;
    private final Mode mode;
    private final Main main = new Main();
    private final HikariDataSource controlDatabase;
    private final HikariDataSource statusDatabase;
    /** The last one is closed first. */
    private final Deque<AutoCloseable> resources = new ArrayDeque<>();

    private final ClaimScope claimScope;
    private @Nullable BackupRuns runs;
    private @Nullable RestoreRuns restores;
    private @Nullable ActiveRestores restoreJobs;
    private @Nullable Schedules schedules;

    public App(Settings settings, Mode mode) {
        this.settings = settings;
        this.mode = mode;
        this.claimScope = mode == Mode.SERVICE ? ClaimScope.any() : ClaimScope.none();
        this.controlDatabase = ControlDatabase.open(settings.controlDatabase());
        this.statusDatabase = ControlDatabase.open(settings.controlDatabase(), STATUS_PATIENCE);
        resources.push(controlDatabase);
        resources.push(statusDatabase);
    }

    /** Migrates the control database, and starts the routes. Returns when they run. */
    public void start() throws Exception {
        prepare();
        main.start();
    }

    /** As {@link #start}, and returns when {@link #requestStop} was called and everything has stopped. */
    public int run() throws Exception {
        // Camel's own hook for signals waits for less time than a backup may need to end.
        main.setShutdownStrategy(new SimpleMainShutdownStrategy());
        prepare();
        main.run();
        return main.getExitCode();
    }

    private void prepare() throws Exception {
        HistoryStart history =
                mode.hasHistory() ? HistoryStart.begin(settings, controlDatabase, statusDatabase) : HistoryStart.none();
        try {
            RouteFolders.logOwn();
            main.setDefaultPropertyPlaceholderLocation("file:config/application.properties;optional=true");
            // Not a line for each of 150 routes, unless config/application.properties wants them.
            main.addInitialProperty("camel.main.startupSummaryLevel", "Brief");
            CamelProperties.of(settings, mode).forEach(main::addOverrideProperty);
            main.bind("controlDatabase", controlDatabase);
            main.bind("statusDatabase", statusDatabase);
            main.bind("sql", new HistoryQueries(settings.historySchema(), controlDatabase, statusDatabase));
            main.bind("claimScope", claimScope);
            // One for all: it tells only once what it can't read.
            SettingsAtRunTime atRunTime = new SettingsAtRunTime(settings);
            if (mode == Mode.SERVICE) {
                history.await();
                GuardedVertx vertx = GuardedVertx.create();
                resources.push(vertx::shutDown);
                main.bind("vertx", vertx);
                schedules = ScheduleBeans.bind(settings, atRunTime, controlDatabase, main::getCamelContext, main::bind);
            }
            bind(new Beans(settings, atRunTime, main::bind, resources::push));
            main.addMainListener(new Lifecycle());
            // Loads the routes, and starts none.
            try {
                main.init();
            } catch (Exception e) {
                throw LoadErrors.of(main.getCamelContext(), RouteFolders.files(mode), e);
            }
            ProgramSteps.requireFlags(main.getCamelContext());
            history.await();
        } catch (Exception e) {
            Exception first = history.before(e);
            free();
            throw first;
        }
    }

    private void bind(Beans beans) {
        if (mode == Mode.CHECK) {
            beans.bindForCheck(main::getCamelContext);
            return;
        }
        runs = beans.bind(main::getCamelContext);
        restores = beans.restores();
        restoreJobs = beans.restoreJobs();
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

    /** Stops restores; lets running backups finish within the grace period, and fails those that don't. */
    public void endEverything() {
        // A restore takes too long to be waited for, and starts over when it is asked for again.
        if (restoreJobs != null) {
            restoreJobs.close();
        }
        if (runs != null) {
            runs.shutDown(settings.shutdownGrace(), TO_FAIL);
        }
        if (restoreJobs != null) {
            restoreJobs.awaitNone(TO_FAIL);
        }
    }

    public ProducerTemplate producer() throws Exception {
        return main.getCamelTemplate();
    }

    /** What is being restored; there once the application has been started. */
    public RestoreRuns restores() {
        return Objects.requireNonNull(restores);
    }

    /** Whether a backup still has something to do here: its row may say success already. */
    public boolean isAtWork(UUID backupId) {
        return runs != null && runs.isActive(backupId);
    }

    public CamelContext context() {
        return main.getCamelContext();
    }

    public DataSource controlDatabase() {
        return controlDatabase;
    }

    public HistorySchema historySchema() {
        return settings.historySchema();
    }

    public ClaimScope claimScope() {
        return claimScope;
    }

    @Override
    public void close() throws Exception {
        stopSchedules();
        main.stop();
        main.shutdown();
        free();
    }

    /** Before the routes: a time that fires without its route would be lost. */
    private void stopSchedules() {
        if (schedules != null) {
            schedules.stop();
        }
    }

    private void free() throws Exception {
        while (!resources.isEmpty()) {
            resources.pop().close();
        }
    }

    /** What has to happen around Camel's own start and stop. */
    private final class Lifecycle extends MainListenerSupport {

        @Override
        public void beforeInitialize(BaseMainSupport main) {
            // The settings have weighed environment against file already; the demo's must not be overruled by either.
            PropertiesComponent properties =
                    (PropertiesComponent) main.getCamelContext().getPropertiesComponent();
            properties.setEnvironmentVariableMode(PropertiesComponent.ENVIRONMENT_VARIABLES_MODE_FALLBACK);
        }

        @Override
        public void afterConfigure(BaseMainSupport configured) {
            CamelContext context = configured.getCamelContext();
            // Before Camel resolves what they name: it would say so without file and line.
            RouteCheck.require(context, RouteFolders.files(mode));
            if (mode == Mode.SERVICE) {
                context.addLifecycleStrategy(new GateInstaller(ApiKeyGate.of(settings), settings.httpPort()));
            }
        }

        @Override
        public void beforeStop(BaseMainSupport stopping) {
            stopSchedules();
            endEverything();
        }

        @Override
        public void afterStop(BaseMainSupport stopped) {
            try {
                free();
            } catch (Exception e) {
                throw new IllegalStateException("The service could not release everything when it stopped", e);
            }
        }
    }
}
