package dev.bactrian.cli;

import dev.bactrian.app.App;
import dev.bactrian.app.Mode;
import dev.bactrian.config.Settings;
import dev.bactrian.problem.ConfigurationException;
import dev.bactrian.problem.Problem;
import dev.bactrian.restore.RestoreRequest;
import dev.bactrian.restore.RestoreRequest.Option;
import dev.bactrian.restore.RestoreRun;
import dev.bactrian.restore.StoredFiles;
import dev.bactrian.restore.source.BackupFinder;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.apache.camel.Exchange;
import org.apache.camel.util.ObjectHelper;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code bactrian restore}: the routes of a restore, without HTTP and without the control database. */
@Command(
        name = "restore",
        description = {
            "Restores a backup: everything, some schemas, or some tables.",
            "Needs the store (or the zip file) and the target, but not the history."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {
            "",
            "Examples:",
            "  bactrian restore latest --to prod --create-database rescue",
            "  bactrian restore latest:prod --to prod --table app.orders --into-schema rescued",
            "  bactrian restore backup-2026-11-20-18-42-UTC.zip --to default",
            "  bactrian restore latest --to new --bucket avatars --object documents/2026/letter.pdf",
            "",
            "Exit codes: 0 everything was restored, 3 some parts weren't (they are listed), 1 failed, 2 wrong usage "
                    + "or configuration."
        })
final class RestoreCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Parameters(
            paramLabel = "BACKUP",
            description =
                    "An id, latest, latest:DATABASE, the key of an archive in the store, or a zip file on this machine.")
    private String backup;

    @CommandLine.Option(
            names = "--to",
            required = true,
            paramLabel = "DATABASE",
            description = "The target: the name of a configured database, such as prod for DATABASE_URL_PROD.")
    private String target;

    @CommandLine.Option(
            names = "--create-database",
            paramLabel = "NAME",
            description = "Create this database on the target's server, and restore into it.")
    private @Nullable String createDatabase;

    @CommandLine.Option(names = "--schema", paramLabel = "SCHEMA", description = "Only this schema; may be repeated.")
    private List<String> schemas = List.of();

    @CommandLine.Option(
            names = "--table",
            paramLabel = "SCHEMA.TABLE",
            description =
                    "Only this table, with its indexes, constraints, triggers, policies and grants; may be repeated.")
    private List<String> tables = List.of();

    @CommandLine.Option(
            names = "--into-schema",
            paramLabel = "NEW",
            description = "Restore into this schema, next to the existing ones.")
    private @Nullable String intoSchema;

    @CommandLine.Option(
            names = "--auth-only",
            description = "Only users: the rows of auth, into an existing Supabase project.")
    private boolean authOnly;

    @CommandLine.Option(
            names = "--storage-only",
            description =
                    "Only Storage: buckets and files, into an existing Supabase project. Existing files stay as they "
                            + "are.")
    private boolean storageOnly;

    @CommandLine.Option(names = "--bucket", paramLabel = "BUCKET", description = "Only this bucket; may be repeated.")
    private List<String> buckets = List.of();

    @CommandLine.Option(
            names = "--object",
            paramLabel = "BUCKET/PATH",
            description = "Only this object of Storage; may be repeated.")
    private List<String> objects = List.of();

    @CommandLine.Option(names = "--data-only", description = "Only rows, into existing, empty tables.")
    private boolean dataOnly;

    @CommandLine.Option(names = "--schema-only", description = "Only definitions.")
    private boolean schemaOnly;

    @CommandLine.Option(names = "--drop-existing", description = "Drop existing tables, and create them again.")
    private boolean dropExisting;

    @CommandLine.Option(
            names = "--allow-wider-access",
            description =
                    "With --drop-existing: restore even if more roles may read or change the restored tables than the "
                            + "existing ones.")
    private boolean allowWiderAccess;

    @CommandLine.Option(
            names = "--large-objects",
            description = "With --schema or --table: also restore the large objects that the rows refer to.")
    private boolean largeObjects;

    @CommandLine.Option(names = "--truncate", description = "With --data-only: replace the existing rows.")
    private boolean truncate;

    @CommandLine.Option(
            names = "--dry-run",
            description = "Check everything and print what would be done; write nothing.")
    private boolean dryRun;

    @CommandLine.Option(
            names = "--jobs",
            paramLabel = "N",
            description = "How many tables at once (default: BACKUP_PARALLELISM, by distance).")
    private @Nullable Integer jobs;

    @CommandLine.Option(
            names = "--database-settings",
            description = "Apply the saved database's own settings, owner, grants and comment to an existing database.")
    private boolean databaseSettings;

    @CommandLine.Option(names = "--no-owner", description = "Make the role that restores the owner of everything.")
    private boolean noOwner;

    @CommandLine.Option(names = "--no-privileges", description = "Without grants.")
    private boolean noPrivileges;

    @CommandLine.Option(names = "--skip-roles", description = "Don't create roles.")
    private boolean skipRoles;

    @CommandLine.Option(
            names = "--skip-missing-extensions",
            description = "Continue without extensions that the target's server doesn't offer.")
    private boolean skipMissingExtensions;

    @CommandLine.Option(
            names = "--older-server",
            description = "Continue even if the target's server is older than the saved one.")
    private boolean olderServer;

    @CommandLine.Mixin
    private final DecryptKeyOption decryptKey = new DecryptKeyOption();

    @CommandLine.Option(names = "--json", description = "Print the report as JSON.")
    private boolean json;

    @Override
    public Integer call() throws Exception {
        CommandLogging.logs();
        RestoreRequest request = request();
        boolean fromFile = BackupFinder.kind(backup) == BackupFinder.Kind.FILE;
        Map<String, String> own = new HashMap<>(decryptKey.settings());
        if (jobs != null) {
            own.put("BACKUP_PARALLELISM", jobs.toString());
        }
        Settings settings = SettingsLoader.loadForArchives(own, !fromFile);
        SettingsLoader.requireDatabases(settings, List.of(target));
        App app = new App(settings, fromFile ? Mode.FILE_RESTORE : Mode.RESTORE);
        try (app;
                GracefulStop stop = GracefulStop.onSignal(() -> app.restores().cancel(request.id()))) {
            app.start();
            return report(RouteFollower.toTheEnd(
                    app,
                    "direct:run-restore",
                    exchange -> exchange.setProperty("request", request),
                    spec.commandLine().getErr()));
        }
    }

    private RestoreRequest request() {
        Map<Option, Boolean> flags = new EnumMap<>(Option.class);
        flags.put(Option.AUTH_ONLY, authOnly);
        flags.put(Option.STORAGE_ONLY, storageOnly);
        flags.put(Option.ALLOW_WIDER_ACCESS, allowWiderAccess);
        flags.put(Option.LARGE_OBJECTS, largeObjects);
        flags.put(Option.DATABASE_SETTINGS, databaseSettings);
        flags.putAll(Map.of(
                Option.DATA_ONLY, dataOnly,
                Option.SCHEMA_ONLY, schemaOnly,
                Option.DROP_EXISTING, dropExisting,
                Option.TRUNCATE, truncate,
                Option.DRY_RUN, dryRun,
                Option.NO_OWNER, noOwner,
                Option.NO_PRIVILEGES, noPrivileges,
                Option.SKIP_ROLES, skipRoles,
                Option.SKIP_MISSING_EXTENSIONS, skipMissingExtensions,
                Option.OLDER_SERVER, olderServer));
        flags.values().removeIf(given -> !given);
        try {
            return new RestoreRequest(
                    UUID.randomUUID(),
                    backup,
                    target,
                    createDatabase,
                    schemas,
                    tables,
                    intoSchema,
                    new StoredFiles(buckets, objects),
                    flags.keySet());
        } catch (IllegalArgumentException e) {
            throw new CommandLine.ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
    }

    private int report(Exchange exchange) throws Exception {
        Problem problem = exchange.getProperty("problem", Problem.class);
        RestoreRun run = exchange.getProperty("run", RestoreRun.class);
        RestoreSummary summary = new RestoreSummary(run, problem);
        Throwable why = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
        if (json) {
            spec.commandLine().getOut().print(summary.json() + System.lineSeparator());
        } else {
            summary.print(spec.commandLine().getOut(), spec.commandLine().getErr());
        }
        spec.commandLine().getOut().flush();
        return problem != null && ObjectHelper.getException(ConfigurationException.class, why) != null
                ? BactrianCommand.CONFIGURATION
                : summary.exitCode();
    }
}
