package dev.bactrian.restore;

import dev.bactrian.archive.Manifest;
import dev.bactrian.archive.read.SavedBackup;
import dev.bactrian.postgres.url.Database;
import dev.bactrian.postgres.url.DatabaseUrl;
import dev.bactrian.postgres.url.Databases;
import dev.bactrian.problem.ErrorTranslators;
import dev.bactrian.problem.LeftOutStep;
import dev.bactrian.problem.Problem;
import dev.bactrian.problem.ProblemException;
import dev.bactrian.restore.target.Marker;
import dev.bactrian.run.WorkFolder;
import dev.bactrian.support.Causes;
import dev.bactrian.support.Units;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.ExchangeProperty;
import org.jspecify.annotations.Nullable;

/** The restores that this process is running. */
public final class RestoreRuns {

    /** The target of restores that verify: no configured database can have this name. */
    public static final String SCRATCH = "scratch server";

    private final Databases databases;
    private final WorkFolder workFolder;
    private final ErrorTranslators translators;
    private final @Nullable DatabaseUrl scratch;
    private final Map<UUID, RestoreRun> active = new ConcurrentHashMap<>();

    private boolean closing;

    /**
     * Prepares for restores.
     *
     * @param scratch a database on the server for scratch databases; null when there is none
     */
    public RestoreRuns(
            Databases databases, WorkFolder workFolder, ErrorTranslators translators, @Nullable DatabaseUrl scratch) {
        this.databases = databases;
        this.workFolder = workFolder;
        this.translators = translators;
        this.scratch = scratch;
    }

    /**
     * Begins a restore.
     *
     * @throws ProblemException when its target isn't configured here, or the service is being stopped
     */
    public RestoreRun begin(@ExchangeProperty("request") RestoreRequest request) throws IOException {
        Database target = target(request.target());
        if (request.createDatabase() != null) {
            target = new Database(target.name(), target.url().withDatabase(request.createDatabase()));
        }
        synchronized (active) {
            if (closing) {
                throw Target.refused("The service is being stopped.", "Start it again, then restore again.");
            }
            RestoreRun run = new RestoreRun(
                    request, target, workFolder.forRun(request.id().toString()));
            run.closeAtEnd(() -> WorkFolder.delete(run.getFolder()));
            active.put(request.id(), run);
            return run;
        }
    }

    /** From now on none begins: {@link #active} are the last ones. */
    public void close() {
        synchronized (active) {
            closing = true;
        }
    }

    /** Whether one may begin: not while the service is being stopped. */
    public boolean isOpen() {
        synchronized (active) {
            return !closing;
        }
    }

    private Database target(String name) {
        DatabaseUrl own = scratch;
        return SCRATCH.equals(name) && own != null ? new Database(SCRATCH, own) : databases.get(name);
    }

    /** The server that a database is made on: the configured one's. */
    public DatabaseUrl server(RestoreRun run) {
        return target(run.getRequest().target()).url();
    }

    /** Says what a restore is doing now. */
    public void enter(@ExchangeProperty("run") RestoreRun run, String phase) {
        run.enter(phase);
    }

    /** Ends what a failed restore still has under way. */
    public void stop(
            @ExchangeProperty("run") @Nullable RestoreRun run,
            @ExchangeProperty("CamelExceptionCaught") Throwable why) {
        if (run != null) {
            run.stop(why);
        }
    }

    /** Why it failed, and what that means for the target. */
    public Problem problem(
            @ExchangeProperty("run") @Nullable RestoreRun run,
            @ExchangeProperty("CamelExceptionCaught") Throwable why,
            @ExchangeProperty("saved") @Nullable SavedBackup saved) {
        Throwable first = run == null || run.getStoppedBy() == null ? why : run.getStoppedBy();
        Problem problem = translators.known(first).isEmpty() && Causes.innermost(first) instanceof NullPointerException
                ? nothingToWorkOn(run)
                : translators.explain(first, run == null ? null : run.getPhase());
        return withConsequence(problem, run, saved);
    }

    /** A bean got nothing where an earlier step should have made something. */
    private static Problem nothingToWorkOn(@Nullable RestoreRun run) {
        return new Problem(
                "A step " + (run == null ? "" : "of phase \"" + run.getPhase() + "\" ")
                        + "didn't find what an earlier step creates; the routes in use may leave that step out.",
                LeftOutStep.REMEDY + " If nothing differs, this is an error in Bactrian: report it with the log from "
                        + "that time.");
    }

    /** The problem of a restore, with what it means for the target. */
    public static Problem withConsequence(Problem problem, @Nullable RestoreRun run, @Nullable SavedBackup saved) {
        if (run == null || !run.isWriting()) {
            return problem.meaning("Nothing was changed.");
        }
        if (run.getRequest().isScratch()) {
            return problem.meaning("The backup isn't proven.");
        }
        FileProgress files = run.getFiles();
        if (run.isDatabaseWhole() && files != null) {
            return new Problem(
                    problem.cause(),
                    "The database is restored; of " + Units.counted(files.getTotal(), "file") + " "
                            + (files.getUploaded() + files.getThere()) + " are in the project.",
                    problem.remedy() + " Then restore again with --storage-only (storage_only over the API): it "
                            + "continues where this one stopped.");
        }
        Manifest manifest = saved == null ? null : saved.manifest();
        return new Problem(
                problem.cause(),
                "The restore was stopped before its end: " + run.getDatabase().url() + " is incomplete, and its schema "
                        + Marker.SCHEMA + " says so.",
                problem.remedy() + " Then run the same restore again: it starts over"
                        + (manifest == null ? "." : " (backup " + manifest.backupId() + ")."));
    }

    /** Frees everything, and takes it off the list. */
    public void end(@ExchangeProperty("run") @Nullable RestoreRun run) {
        if (run != null) {
            run.close();
            active.remove(run.getId());
        }
    }

    public List<RestoreRun> active() {
        return List.copyOf(active.values());
    }

    /** Ends a restore that somebody cancelled. */
    public void cancel(UUID id) {
        RestoreRun run = active.get(id);
        if (run != null) {
            run.interrupt(new ProblemException(
                    new Problem("This restore was cancelled.", "It was stopped.", "Restore again when you need it."),
                    null));
        }
    }
}
