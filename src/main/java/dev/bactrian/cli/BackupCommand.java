package dev.bactrian.cli;

import dev.bactrian.app.App;
import dev.bactrian.app.Mode;
import dev.bactrian.archive.Manifest;
import dev.bactrian.archive.ManifestJson;
import dev.bactrian.backup.BackupRequest;
import dev.bactrian.backup.BackupsDisabledException;
import dev.bactrian.config.Settings;
import dev.bactrian.http.api.RowView;
import dev.bactrian.postgres.url.Database;
import dev.bactrian.selection.SelectionRequest;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code bactrian backup}: the same routes as the service's, without HTTP. */
@Command(
        name = "backup",
        description = "Makes one backup of each database now, and ends with a summary.",
        mixinStandardHelpOptions = true,
        footer = {"", "Exit codes: 0 success, 1 failed, 2 wrong usage or configuration, 3 backups are disabled."})
final class BackupCommand implements Callable<Integer> {

    private static final long LOOK_EVERY_MS = 200;

    @Spec
    private CommandSpec spec;

    @Parameters(
            arity = "0..*",
            defaultValue = "default",
            paramLabel = "DATABASE",
            description = "Names of databases: prod for DATABASE_URL_PROD (default: ${DEFAULT-VALUE}, DATABASE_URL).")
    private Set<String> names = new LinkedHashSet<>();

    @Option(names = "--json", description = "Print the result as JSON.")
    private boolean json;

    @Option(
            names = "--schema",
            paramLabel = "PATTERN",
            description = "Only schemas that match this pattern. This and the options below may be repeated.")
    private List<String> schemas = List.of();

    @Option(
            names = "--exclude-schema",
            paramLabel = "PATTERN",
            description = "Leave out schemas that match this pattern.")
    private List<String> excludeSchemas = List.of();

    @Option(
            names = "--table",
            paramLabel = "PATTERN",
            description = "Only tables that match this pattern, as schema.table.")
    private List<String> tables = List.of();

    @Option(
            names = "--exclude-table",
            paramLabel = "PATTERN",
            description = "Leave out tables that match this pattern.")
    private List<String> excludeTables = List.of();

    @Option(
            names = "--exclude-table-data",
            paramLabel = "PATTERN",
            description = "Leave out the rows of tables that match this pattern.")
    private List<String> excludeTableData = List.of();

    /** Of the backups that were asked for. */
    private volatile List<UUID> ids = List.of();

    @Override
    public Integer call() throws Exception {
        CommandLogging.logs();
        SelectionRequest selection = selection();
        Settings settings = SettingsLoader.load(false);
        SettingsLoader.requireDatabases(settings, names);
        App app = new App(settings, Mode.ONE_SHOT);
        try (app;
                GracefulStop stop = GracefulStop.onSignal(() -> end(app))) {
            app.start();
            ids = request(app, selection);
            app.claimScope().narrow(ids);
            List<Ended> ended = new ArrayList<>();
            for (Map<String, Object> row : await(app, stop)) {
                Database database = settings.databases().get(String.valueOf(row.get("database")));
                ended.add(new Ended(database, row, succeeded(row) ? manifest(app, row) : null));
            }
            tell(app, settings, ended.size());
            print(ended);
            return ended.stream().allMatch(backup -> succeeded(backup.row())) ? 0 : BactrianCommand.FAILED;
        } catch (BackupsDisabledException e) {
            spec.commandLine().getErr().println(e.getMessage());
            return BactrianCommand.DISABLED;
        }
    }

    private SelectionRequest selection() {
        try {
            return new SelectionRequest(schemas, excludeSchemas, tables, excludeTables, excludeTableData);
        } catch (IllegalArgumentException e) {
            throw new CommandLine.ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
    }

    private List<UUID> request(App app, SelectionRequest selection) throws Exception {
        Exchange answer = RouteCall.send(
                app,
                "direct:request-backup",
                exchange -> exchange.setProperty("request", BackupRequest.manual(List.copyOf(names), selection)));
        List<UUID> ids = new ArrayList<>();
        for (Object row : answer.getMessage().getBody(List.class)) {
            ids.add((UUID) Objects.requireNonNull(((Map<?, ?>) row).get("id")));
        }
        return ids;
    }

    /** What is left to do for backups whose rows have ended, the next one makes up for: nobody waits for that. */
    private void end(App app) {
        try {
            History history = new History(app.controlDatabase(), app.historySchema());
            if (!ids.isEmpty()
                    && ids.stream().noneMatch(id -> "in_progress"
                            .equals(history.find(id).get("status")))) {
                return;
            }
        } catch (DataAccessException e) {
            // Then they may be running.
        }
        app.endEverything();
    }

    /** The rows of all when they have ended. */
    private List<Map<String, Object>> await(App app, GracefulStop stop) throws Exception {
        History history = new History(app.controlDatabase(), app.historySchema());
        ProgressLine progress = new ProgressLine(spec.commandLine().getErr());
        while (true) {
            List<Map<String, Object>> rows = ids.stream().map(history::find).toList();
            List<Map<String, Object>> open = rows.stream()
                    .filter(row -> "in_progress".equals(row.get("status")))
                    .toList();
            if (open.isEmpty()) {
                while (ids.stream().anyMatch(app::isAtWork) && !stop.requested()) {
                    progress.say("stored; updating latest/ and deleting what retention doesn't keep");
                    Thread.sleep(LOOK_EVERY_MS);
                }
                progress.end();
                return rows;
            }
            progress.show(
                    open.stream().filter(row -> !isQueued(row)).findFirst().orElse(open.get(0)));
            if (stop.requested()) {
                for (Map<String, Object> row :
                        open.stream().filter(BackupCommand::isQueued).toList()) {
                    app.producer()
                            .request(
                                    "direct:cancel-queued",
                                    exchange -> exchange.setProperty("backupId", row.get("id")));
                }
            }
            Thread.sleep(LOOK_EVERY_MS);
        }
    }

    private static boolean isQueued(Map<String, Object> row) {
        return "queued".equals(row.get("phase"));
    }

    private static boolean succeeded(Map<String, Object> row) {
        return "success".equals(row.get("status"));
    }

    /** What the summary tells of the contents; null when the store doesn't answer just now, which undoes no backup. */
    private static @Nullable Manifest manifest(App app, Map<String, Object> row) throws Exception {
        Exchange answer = app.producer()
                .request("direct:fetch-manifest", exchange -> exchange.setProperty("key", row.get("s3_key")));
        if (answer.getException() != null) {
            return null;
        }
        return ManifestJson.mapper().readValue(answer.getMessage().getBody(String.class), Manifest.class);
    }

    /** There may be no service that would. Who can't be told now isn't told again by this process. */
    private static void tell(App app, Settings settings, int times) throws Exception {
        for (int i = 0; settings.notifications().anybody() && i < times; i++) {
            app.producer().request("direct:notify-of-one", exchange -> {});
        }
    }

    /** An object for one database, a list for several. */
    private void print(List<Ended> ended) {
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            List<Map<String, Object>> views = ended.stream().map(Ended::view).toList();
            out.print(ManifestJson.write(views.size() == 1 ? views.get(0) : views) + System.lineSeparator());
        } else {
            ended.forEach(backup -> Summary.print(out, backup.database(), backup.row(), backup.manifest()));
        }
        out.flush();
    }

    /** How a backup ended; with its manifest where it is good. */
    private record Ended(Database database, Map<String, Object> row, @Nullable Manifest manifest) {

        Map<String, Object> view() {
            Map<String, Object> view = RowView.of(row);
            view.put("connection", database.url().toString());
            if (manifest != null) {
                view.put("server_version", manifest.source().serverVersion());
                view.put("database_size", manifest.source().databaseSize());
                view.put("totals", manifest.totals());
                view.put("schemas", manifest.schemas());
                view.put("left_out", manifest.leftOut());
                view.put("missing", manifest.missing());
                // Those of tables that shrank are the history's alone.
                view.put("manifest_warnings", manifest.warnings());
            }
            return view;
        }
    }
}
