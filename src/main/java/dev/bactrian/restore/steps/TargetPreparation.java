package dev.bactrian.restore.steps;

import dev.bactrian.archive.Manifest;
import dev.bactrian.archive.read.SavedBackup;
import dev.bactrian.config.ConnectionBudget;
import dev.bactrian.postgres.ConnectionRetry;
import dev.bactrian.postgres.Distance;
import dev.bactrian.postgres.SessionSettings;
import dev.bactrian.postgres.program.PgTools;
import dev.bactrian.postgres.program.PgToolsFinder;
import dev.bactrian.postgres.url.DatabaseUrl;
import dev.bactrian.problem.LeftOutStep;
import dev.bactrian.problem.ProblemException;
import dev.bactrian.restore.RestorePlan;
import dev.bactrian.restore.RestoreRequest;
import dev.bactrian.restore.RestoreRequest.Option;
import dev.bactrian.restore.RestoreRun;
import dev.bactrian.restore.RestoreRuns;
import dev.bactrian.restore.Target;
import dev.bactrian.restore.TargetSessions;
import dev.bactrian.restore.ddl.Definitions;
import dev.bactrian.restore.ddl.RestoreScripts;
import dev.bactrian.restore.definitions.EventTriggers;
import dev.bactrian.restore.plan.RestoreSelection;
import dev.bactrian.restore.target.DatabaseCreation;
import dev.bactrian.restore.target.Marker;
import dev.bactrian.restore.target.TargetDefinitions;
import dev.bactrian.restore.target.TargetFitness;
import dev.bactrian.run.StoppableRun;
import dev.bactrian.run.Workers;
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
import org.jspecify.annotations.Nullable;

/** Opens the target, and marks it as not whole for as long as a restore works on it. */
public final class TargetPreparation {

    private final RestoreRuns restores;
    private final PgToolsFinder tools;
    private final Workers workers;

    TargetPreparation(RestoreRuns restores, PgToolsFinder tools, Workers workers) {
        this.restores = restores;
        this.tools = tools;
        this.workers = workers;
    }

    /**
     * The pg_restore that can read this archive.
     *
     * @throws ProblemException when there is none, or only an older one
     */
    public PgTools tools(@ExchangeProperty("saved") @Nullable SavedBackup saved) {
        if (saved == null) {
            throw LeftOutStep.refusal("a whole restore", Map.of("direct:open-archive", "there is no archive"));
        }
        String by = saved.manifest().source().pgDumpVersion();
        PgTools found = tools.newest()
                .orElseThrow(() -> Target.refused(
                        "pg_restore was not found.",
                        "Install it, on Debian and Ubuntu with: apt-get install postgresql-client; or set "
                                + "PG_BIN to the folder that contains it."));
        if (found.major() < saved.manifest().source().pgDumpMajor()) {
            throw Target.refused(
                    "pg_restore " + found.version() + " is older than the pg_dump that made the archive, " + by + ".",
                    "Install PostgreSQL client " + saved.manifest().source().pgDumpMajor()
                            + " or newer, or set PG_BIN to the folder that contains it.");
        }
        return found;
    }

    /**
     * Connects, and makes the database where that is asked for.
     *
     * @throws ProblemException when the target isn't one that this archive can go to
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
        Target.Purpose purpose = Target.Purpose.of(
                run,
                first -> {
                    Distance.choose(run, workers, first, ConnectionBudget.nextToWorkers());
                    return run.getWorkers();
                },
                standsFor,
                money);
        Target target = Target.open(url, purpose, ConnectionRetry.of(run));
        run.closeAtEnd(target);
        run.onStop(cause -> target.cancelAll());
        TargetFitness.refuseUnfit(target, saved.manifest(), request);
        TargetFitness.refuseOther(target, saved.manifest(), request);
        if (target.isSupabase()) {
            run.getEvidence().expect("restore-secrets");
        }
        return target;
    }

    /** The database to make; for a dry run the server's own, since nothing may be made. */
    private DatabaseUrl make(RestoreRun run, Manifest manifest) throws SQLException {
        DatabaseUrl server = TargetSessions.ofServer(restores.server(run), ConnectionRetry.of(run));
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
        boolean scratch = run.getRequest().isScratch();
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
                        "The database " + name + " exists already, and isn't empty.",
                        "Choose another name, or drop it.");
            }
        }
    }

    /** Whether this very restore began there before, and never ended. */
    public boolean isUnfinished(@ExchangeProperty("target") Target target) throws SQLException {
        return Marker.find(target.guard()).isPresent();
    }

    /**
     * Undoes what the restore that never ended has made, and keeps what it has loaded into tables that were there.
     *
     * @throws ProblemException when that would delete what came since
     */
    public void startOver(
            @ExchangeProperty("run") RestoreRun run,
            @ExchangeProperty("target") Target target,
            @ExchangeProperty("saved") SavedBackup saved)
            throws SQLException, IOException {
        Optional<Marker> unfinished = Marker.find(target.guard());
        if (unfinished.isPresent()) {
            Definitions definitions = RestoreScripts.definitions(run);
            RestoreSelection selection = new RestoreSelection(run.getRequest(), saved.manifest(), definitions);
            run.keep(new StartOver(unfinished.get(), run, target)
                    .undo(TargetDefinitions.read(run), definitions, selection.definitions()));
        }
        run.getEvidence().done("start-over");
    }

    /** From here on the target says that it isn't whole. */
    public void mark(
            @ExchangeProperty("run") RestoreRun run,
            @ExchangeProperty("target") @Nullable Target target,
            @ExchangeProperty("saved") SavedBackup saved,
            @ExchangeProperty("plan") RestorePlan plan)
            throws SQLException {
        if (target == null) {
            throw LeftOutStep.refusal("a whole restore", Map.of("direct:check-restore", "there is no plan"));
        }
        Connection connection = target.guard();
        RestoreProof.requireChecked(run, run.getPlan(), Marker.find(connection).isPresent());
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
        run.getEvidence().undone("unmark-target");
        run.beginWriting();
    }

    /**
     * The target is whole, or what it lacks has been told. Event triggers come with that.
     *
     * @throws ProblemException when something of the plan was neither done nor told: the mark stays
     */
    public void unmark(
            @ExchangeProperty("run") RestoreRun run,
            @ExchangeProperty("target") Target target,
            @ExchangeProperty("plan") RestorePlan plan)
            throws SQLException, IOException {
        RestoreProof.requireWritten(run);
        RestoreProof.listUnplannedFiles(run, plan);
        try (StoppableRun.Work work = run.beginWork()) {
            EventTriggers.makeAndUnmark(run, plan, target.guard());
        }
        run.getEvidence().done("unmark-target");
        run.endDatabase();
    }
}
