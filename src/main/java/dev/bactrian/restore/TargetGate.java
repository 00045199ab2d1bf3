package dev.bactrian.restore;

import dev.bactrian.archive.Manifest;
import dev.bactrian.backup.BackupException;
import dev.bactrian.backup.StoppableRun;
import dev.bactrian.database.DatabaseUrl;
import dev.bactrian.database.Patience;
import dev.bactrian.database.SessionSettings;
import dev.bactrian.dump.PgTools;
import dev.bactrian.dump.PgToolsFinder;
import dev.bactrian.restore.RestoreRequest.Option;
import dev.bactrian.selection.Relation;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.camel.ExchangeProperty;

/** Opens the target, and marks it as not whole for as long as a restore works on it. */
public final class TargetGate {

    private final Restores restores;
    private final PgToolsFinder tools;
    private final int lanes;

    public TargetGate(Restores restores, PgToolsFinder tools, int lanes) {
        this.restores = restores;
        this.tools = tools;
        this.lanes = lanes;
    }

    /**
     * The pg_restore that can read this archive.
     *
     * @throws BackupException when there is none, or only an older one
     */
    public PgTools tools(@ExchangeProperty("saved") SavedBackup saved) {
        String by = saved.manifest().source().pgDumpVersion();
        PgTools found = tools.newest()
                .orElseThrow(
                        () -> Target.refused(
                                "pg_restore was not found.",
                                "Install it, on Debian and Ubuntu by: apt-get install postgresql-client; or set PG_BIN to the folder that holds it."));
        if (found.major() < saved.manifest().source().pgDumpMajor()) {
            throw Target.refused(
                    "pg_restore " + found.version() + " is older than the pg_dump that made the archive, " + by + ".",
                    "Install PostgreSQL client " + saved.manifest().source().pgDumpMajor()
                            + " or newer, or set PG_BIN to the folder that holds it.");
        }
        return found;
    }

    /**
     * Connects, and makes the database where that is asked for.
     *
     * @throws BackupException when the target isn't one that this archive can go to
     */
    public Target open(@ExchangeProperty("run") RestoreRun run, @ExchangeProperty("saved") SavedBackup saved)
            throws SQLException {
        RestoreRequest request = run.getRequest();
        DatabaseUrl url = run.getDatabase().url();
        if (request.createDatabase() != null) {
            url = make(run, saved.manifest());
        }
        boolean standsFor = request.is(Option.DRY_RUN) && request.createDatabase() != null;
        boolean money =
                SessionSettings.MONEY_LOCALE.equals(saved.manifest().source().moneyLocale());
        Target target = Target.open(url, Target.Purpose.of(run, lanes, standsFor, money), Patience.of(run));
        run.closeAtEnd(target);
        run.onStop(cause -> target.cancelAll());
        refuseUnfit(target, saved.manifest(), request);
        refuseOther(target, saved.manifest(), request);
        return target;
    }

    /** The database to make; for a dry run the server's own, since nothing may be made. */
    private DatabaseUrl make(RestoreRun run, Manifest manifest) throws SQLException {
        DatabaseUrl server = TargetSessions.ofServer(restores.server(run), Patience.of(run));
        DatabaseUrl wanted = run.getDatabase().url();
        String name = String.valueOf(run.getRequest().createDatabase());
        try (Connection connection = Target.connect(server)) {
            boolean there = "t"
                    .equals(Target.text(
                            connection,
                            "SELECT EXISTS (SELECT FROM pg_database WHERE datname = " + Relation.literal(name) + ")"));
            if (run.getRequest().is(Option.DRY_RUN)) {
                return there ? wanted : server;
            }
            if (there) {
                if (!isUnfinished(wanted, Marker.what(manifest.backupId(), run.getRequest()))) {
                    requireEmpty(wanted, name);
                }
                return wanted;
            }
        }
        boolean scratch = Restores.SCRATCH.equals(run.getRequest().target());
        new DatabaseCreation(manifest, run.getReport(), scratch).create(server, name);
        run.closeAtEnd(() -> {
            // Refused before anything was written: then it is as if it had never been made.
            if (!run.isWriting()) {
                Target.drop(server, name);
            }
        });
        return wanted;
    }

    private static boolean isUnfinished(DatabaseUrl url, String what) throws SQLException {
        try (Connection connection = Target.connect(url)) {
            return Marker.find(connection)
                    .filter(marker -> marker.what().equals(what))
                    .isPresent();
        }
    }

    private static void requireEmpty(DatabaseUrl url, String name) throws SQLException {
        try (Connection connection = Target.connect(url)) {
            if (!Marker.isEmpty(connection) || Marker.find(connection).isPresent()) {
                throw Target.refused(
                        "The database " + name + " is there already, and not empty.",
                        "Choose another name, or drop it.");
            }
        }
    }

    private static void refuseUnfit(Target target, Manifest manifest, RestoreRequest request) throws SQLException {
        if (request.isPartOfProject() && !target.isSupabase()) {
            throw Target.refused(
                    "The target isn't a Supabase project, which users and files go into.",
                    "Set the project's URL as the target, and SUPABASE_<its name>=yes where its tables have other owners than"
                            + " the platform's; or restore schemas with --schema auth --schema storage.");
        }
        int saved = manifest.source().serverMajor();
        if (target.major() < saved && !request.is(Option.OLDER_SERVER)) {
            throw Target.refused(
                    "The target is PostgreSQL " + target.major() + ", older than the saved " + saved + ".",
                    "Restore into PostgreSQL " + saved
                            + " or newer; or add --older-server: what the target doesn't know is"
                            + " left out then, and listed.");
        }
        try (Connection connection = target.connection()) {
            String encoding = Target.text(connection, "SHOW server_encoding");
            String source = manifest.source().encoding();
            if (!encoding.equals(source) && !"UTF8".equals(encoding)) {
                throw Target.refused(
                        "The target's encoding is " + encoding + ", the saved database's " + source
                                + ": not every text can go there.",
                        "Restore into a database of encoding " + source + " or UTF8; --create-database makes one.");
            }
            boolean allowed =
                    "t".equals(Target.text(connection, "SELECT has_database_privilege(current_database(), 'CREATE')"));
            if (!allowed && !request.is(Option.DATA_ONLY)) {
                throw Target.refused(
                        "The role " + target.url().user() + " may not create anything in the target.",
                        "GRANT CREATE ON DATABASE … TO it, or restore as the database's owner.");
            }
        }
    }

    private static void refuseOther(Target target, Manifest manifest, RestoreRequest request) throws SQLException {
        Optional<Marker> unfinished = Marker.find(target.guard());
        if (unfinished.isEmpty()) {
            return;
        }
        Marker marker = unfinished.get();
        if (!marker.what().equals(Marker.what(manifest.backupId(), request)) || request.is(Option.DRY_RUN)) {
            throw Target.refused(
                    "Another restore began in the target at " + marker.startedAt() + " and never ended: "
                            + marker.what() + ".",
                    "Run that one again, which starts over; or take another database; or, to keep the target as it is, run:"
                            + " DROP SCHEMA " + Marker.SCHEMA + " CASCADE;");
        }
    }

    /** Whether this very restore began there before, and never ended. */
    public boolean isUnfinished(@ExchangeProperty("target") Target target) throws SQLException {
        return Marker.find(target.guard()).isPresent();
    }

    /**
     * Undoes what the restore that never ended has made, and keeps what it has loaded into tables that were there.
     *
     * @throws BackupException when that would delete what came since
     */
    public void startOver(
            @ExchangeProperty("run") RestoreRun run,
            @ExchangeProperty("target") Target target,
            @ExchangeProperty("saved") SavedBackup saved)
            throws SQLException, IOException {
        Optional<Marker> unfinished = Marker.find(target.guard());
        if (unfinished.isPresent()) {
            Definitions definitions = RestorePrograms.definitions(run);
            Selection selection = new Selection(run.getRequest(), saved.manifest(), definitions);
            run.keep(new StartOver(unfinished.get(), run, target)
                    .undo(TargetDefinitions.read(run), definitions, selection.definitions()));
        }
    }

    /** From here on the target says that it isn't whole. */
    public void mark(
            @ExchangeProperty("run") RestoreRun run,
            @ExchangeProperty("target") Target target,
            @ExchangeProperty("saved") SavedBackup saved,
            @ExchangeProperty("plan") RestorePlan plan)
            throws SQLException {
        Connection connection = target.guard();
        Set<String> there = new HashSet<>(Target.texts(connection, "SELECT nspname FROM pg_namespace"));
        List<Relation.Named> schemas = plan.preData().stream()
                .filter(entry -> "SCHEMA".equals(entry.type()) && !there.contains(entry.tag()))
                .map(entry -> new Relation.Named("", entry.tag()))
                .collect(Collectors.toList());
        String into = run.getRequest().intoSchema();
        if (into != null && !there.contains(into)) {
            schemas.add(new Relation.Named("", into));
        }
        boolean definitions = !run.getRequest().is(Option.DATA_ONLY);
        new Marker(
                        Marker.what(saved.manifest().backupId(), run.getRequest()),
                        "",
                        Marker.isEmpty(connection),
                        schemas,
                        // Those that make room are the restore's as soon as they are dropped.
                        plan.made().stream()
                                .filter(name -> definitions && !plan.drops().contains(name))
                                .toList(),
                        Map.of())
                .write(connection, Marker.find(connection).isPresent());
        run.beginWriting();
    }

    /** The target is whole, or what it lacks has been told. Event triggers come with that. */
    public void unmark(
            @ExchangeProperty("run") RestoreRun run,
            @ExchangeProperty("target") Target target,
            @ExchangeProperty("plan") RestorePlan plan)
            throws SQLException, IOException {
        try (StoppableRun.Work work = run.beginWork()) {
            EventTriggers.makeAndUnmark(run, plan, target.guard());
        }
        run.endDatabase();
    }
}
