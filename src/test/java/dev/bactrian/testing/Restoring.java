package dev.bactrian.testing;

import dev.bactrian.app.App;
import dev.bactrian.app.Mode;
import dev.bactrian.config.SettingSource;
import dev.bactrian.config.Settings;
import dev.bactrian.config.SettingsReader;
import dev.bactrian.problem.Problem;
import dev.bactrian.restore.RestoreRequest;
import dev.bactrian.restore.RestoreRun;
import dev.bactrian.restore.source.BackupFinder;
import dev.bactrian.restore.steps.RestoreView;
import dev.bactrian.testing.servers.TestDatabase;
import dev.bactrian.testing.stores.TestStore;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/** The routes of a restore as {@code ./bactrian restore} runs them, in this process: without a control database. */
public final class Restoring implements AutoCloseable {

    private final App app;
    private final Settings settings;

    private Restoring(App app, Settings settings) {
        this.app = app;
        this.settings = settings;
    }

    /** Starts them with a target named {@code target}, and a store. */
    public static Restoring into(TestDatabase target, TestStore store) {
        return into(target, store, Map.of());
    }

    /** As {@link #into(TestDatabase, TestStore)}, with more settings. */
    public static Restoring into(TestDatabase target, TestStore store, Map<String, String> own) {
        Map<String, String> all = new HashMap<>(store.settings());
        all.put("DATABASE_URL_TARGET", target.url());
        all.put("PG_BIN", BactrianService.pg17().toString());
        all.put("WORK_DIR", BactrianService.temporaryFolder().toString());
        all.putAll(own);
        Settings settings = new SettingsReader(SettingSource.of(all), true).readWithoutHistory();
        try {
            App app = new App(settings, Mode.RESTORE);
            app.start();
            return new Restoring(app, settings);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** What came of it. */
    public record Result(RestoreRun run, Problem problem) {

        public RestoreView.Outcome outcome() {
            return RestoreView.outcome(run, problem);
        }

        /** Everything that it has to tell, for a test's message and for what it looks for. */
        public String told() {
            return outcome() + " " + (problem == null ? "" : problem.text()) + " "
                    + run.getReport().getNotApplied() + run.getReport().getNotes();
        }

        /** What couldn't be restored. */
        public List<String> missing() {
            return run.getReport().getNotApplied().stream()
                    .map(part -> part.what())
                    .toList();
        }
    }

    /** A request for some tables. */
    public static RestoreRequest tables(String backup, List<String> tables, RestoreRequest.Option... options) {
        return request(backup, List.of(), tables, null, options);
    }

    public static RestoreRequest everything(String backup, RestoreRequest.Option... options) {
        return request(backup, List.of(), List.of(), null, options);
    }

    public static RestoreRequest request(
            String backup, List<String> schemas, List<String> tables, String into, RestoreRequest.Option... options) {
        Set<RestoreRequest.Option> all = EnumSet.noneOf(RestoreRequest.Option.class);
        all.addAll(List.of(options));
        return new RestoreRequest(UUID.randomUUID(), backup, "target", null, schemas, tables, into, all);
    }

    /** Runs a request to its end. */
    public Result run(RestoreRequest request) {
        return send("direct:run-restore", request, exchange -> {});
    }

    /** Sends a request to a route; for a file, the application is started as the command does it, without a store. */
    Result send(String route, RestoreRequest request, Processor more) {
        if (BackupFinder.kind(request.backup()) != BackupFinder.Kind.FILE) {
            return send(app, route, request, more);
        }
        try (App fromFile = new App(settings, Mode.FILE_RESTORE)) {
            fromFile.start();
            return send(fromFile, route, request, more);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static Result send(App app, String route, RestoreRequest request, Processor more) {
        try {
            Exchange exchange = app.producer().send(route, to -> {
                to.setProperty("request", request);
                more.process(to);
            });
            if (exchange.getException() != null) {
                throw exchange.getException();
            }
            RestoreRun run = exchange.getProperty("run", RestoreRun.class);
            return new Result(run, RestoreView.problem(run, exchange.getProperty("problem", Problem.class)));
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    public App app() {
        return app;
    }

    public Path workDir() {
        return settings.workDir();
    }

    @Override
    public void close() {
        try {
            app.close();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
