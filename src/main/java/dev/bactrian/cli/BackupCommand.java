package dev.bactrian.cli;

import dev.bactrian.App;
import dev.bactrian.archive.Manifest;
import dev.bactrian.archive.ManifestJson;
import dev.bactrian.backup.BackupRequest;
import dev.bactrian.backup.BackupsDisabledException;
import dev.bactrian.config.ConfigurationException;
import dev.bactrian.config.Settings;
import dev.bactrian.database.Database;
import dev.bactrian.selection.Wishes;
import dev.bactrian.web.RowView;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code bactrian backup}: the same routes as the service's, without HTTP. */
@Command(
        name = "backup",
        description = "Makes one backup now, and ends with a summary.",
        mixinStandardHelpOptions = true,
        footer = {"", "Exit codes: 0 success, 1 failed, 2 wrong usage or configuration, 3 backups are disabled."})
final class BackupCommand implements Callable<Integer> {

    private static final long LOOK_EVERY_MS = 200;

    @Spec
    private CommandSpec spec;

    @Parameters(
            arity = "0..1",
            defaultValue = "default",
            paramLabel = "DATABASE",
            description = "Name of the database: prod for DATABASE_URL_PROD (default: ${DEFAULT-VALUE}, DATABASE_URL).")
    private String name;

    @Option(names = "--json", description = "Print the result as JSON.")
    private boolean json;

    @Option(
            names = "--schema",
            paramLabel = "PATTERN",
            description = "Only schemas like this; may be repeated, as may all of these.")
    private List<String> schemas = List.of();

    @Option(names = "--exclude-schema", paramLabel = "PATTERN", description = "Not schemas like this.")
    private List<String> excludeSchemas = List.of();

    @Option(names = "--table", paramLabel = "PATTERN", description = "Only tables like this, as schema.table.")
    private List<String> tables = List.of();

    @Option(names = "--exclude-table", paramLabel = "PATTERN", description = "Not tables like this.")
    private List<String> excludeTables = List.of();

    @Option(
            names = "--exclude-table-data",
            paramLabel = "PATTERN",
            description = "Tables like this without their rows.")
    private List<String> excludeTableData = List.of();

    @Override
    public Integer call() throws Exception {
        Quiet.logs();
        Wishes wishes = wishes();
        Settings settings = SettingsLoader.load(false);
        Database database = settings.databases()
                .find(name)
                .orElseThrow(
                        () -> new ConfigurationException(List.of("There is no database " + name + ". Configured are: "
                                + String.join(", ", settings.databases().names()) + ".")));
        App app = new App(settings, App.Mode.ONE_SHOT);
        try (app;
                GracefulStop stop = GracefulStop.onSignal(app::endEverything)) {
            app.start();
            UUID id = request(app, wishes);
            app.claimScope().narrow(id);
            Map<String, Object> row = await(app, id, stop);
            boolean success = "success".equals(row.get("status"));
            print(database, row, success ? manifest(app, row) : null);
            return success ? 0 : BactrianCommand.FAILED;
        } catch (BackupsDisabledException e) {
            spec.commandLine().getErr().println(e.getMessage());
            return BactrianCommand.DISABLED;
        }
    }

    private Wishes wishes() {
        try {
            return new Wishes(schemas, excludeSchemas, tables, excludeTables, excludeTableData);
        } catch (IllegalArgumentException e) {
            throw new CommandLine.ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
    }

    private UUID request(App app, Wishes wishes) throws Exception {
        Exchange answer = app.producer()
                .request(
                        "direct:request-backup",
                        exchange -> exchange.setProperty("request", BackupRequest.manual(name, wishes)));
        if (answer.getException() != null) {
            throw answer.getException();
        }
        return UUID.fromString(answer.getProperty("backupId", String.class));
    }

    private Map<String, Object> await(App app, UUID id, GracefulStop stop) throws Exception {
        History history = new History(app.controlDatabase());
        ProgressLine progress = new ProgressLine(spec.commandLine().getErr());
        Map<String, Object> row = history.find(id);
        while ("in_progress".equals(row.get("status"))) {
            progress.show(row);
            if (stop.requested() && "queued".equals(row.get("phase"))) {
                app.producer().request("direct:cancel-queued", exchange -> exchange.setProperty("backupId", id));
            }
            Thread.sleep(LOOK_EVERY_MS);
            row = history.find(id);
        }
        progress.end();
        return row;
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

    private void print(Database database, Map<String, Object> row, @Nullable Manifest manifest) throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            Map<String, Object> view = RowView.of(row);
            view.put("connection", database.url().toString());
            if (manifest != null) {
                view.put("server_version", manifest.source().serverVersion());
                view.put("database_size", manifest.source().databaseSize());
                view.put("totals", manifest.totals());
                view.put("schemas", manifest.schemas());
                view.put("left_out", manifest.leftOut());
                view.put("missing", manifest.missing());
                view.put("warnings", manifest.warnings());
            }
            out.println(ManifestJson.mapper().writeValueAsString(view));
        } else {
            Summary.print(out, database, row, manifest);
        }
        out.flush();
    }
}
