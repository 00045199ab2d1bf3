package dev.bactrian.restore.steps;

import dev.bactrian.problem.ErrorTranslators;
import dev.bactrian.problem.Problem;
import dev.bactrian.problem.ProblemException;
import dev.bactrian.restore.RestorePlan;
import dev.bactrian.restore.RestoreRun;
import dev.bactrian.restore.RestoreRuns;
import dev.bactrian.restore.target.Marker;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.AggregationStrategy;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.jspecify.annotations.Nullable;

/** The restores that have a row in {@code restore_history} and are this process's to end: those that wait and those that run. */
public final class ActiveRestores {

    private static final long LOOK_EVERY_MS = 100;

    private final RestoreRuns restores;
    private final ErrorTranslators translators;
    private final Set<UUID> accepted = ConcurrentHashMap.newKeySet();
    /** Ends whose row may not say them yet: the control database can be away when a restore ends. */
    private final Map<UUID, RestoreEnd> unwritten = new ConcurrentHashMap<>();

    public ActiveRestores(RestoreRuns restores, ErrorTranslators translators) {
        this.restores = restores;
        this.translators = translators;
    }

    /**
     * A sign of life, and how far a restore has come.
     *
     * @param bytesTotal of table data, as all numbers null until the restore is planned
     */
    public record Beat(
            UUID id,
            String phase,
            @Nullable Integer tablesTotal,
            @Nullable Integer tablesDone,
            @Nullable Long bytesTotal,
            @Nullable Long bytesDone) {}

    /** Takes on the restore whose row has just been written. */
    public void accept(@Body UUID id) {
        accepted.add(id);
    }

    public boolean isActive(UUID id) {
        return accepted.contains(id);
    }

    /** The run of a restore; nothing while it waits for a thread, and once it has ended. */
    public Optional<RestoreRun> run(UUID id) {
        return restores.active().stream().filter(run -> run.getId().equals(id)).findFirst();
    }

    public List<Beat> beats() {
        return accepted.stream().map(this::beat).toList();
    }

    private Beat beat(UUID id) {
        RestoreRun run = run(id).orElse(null);
        if (run == null) {
            return new Beat(id, unwritten.containsKey(id) ? "ending" : "queued", null, null, null, null);
        }
        RestorePlan plan = run.getPlan();
        return plan == null
                ? new Beat(id, run.getPhase(), null, null, null, null)
                : new Beat(
                        id,
                        run.getPhase(),
                        plan.tables().size(),
                        run.getProgress().getTablesDone(),
                        plan.bytes(),
                        run.getProgress().getBytesDone());
    }

    /** Stops a restore that somebody cancelled, where it runs here; another node learns it from the row. */
    public void cancelled(@ExchangeProperty("restoreId") UUID id) {
        restores.cancel(id);
    }

    /** Stops a restore whose row says that it has ended: another node took this one for dead, or somebody cancelled it. */
    public void endedElsewhere(@Body Beat beat) {
        run(beat.id())
                .ifPresent(run -> interrupt(
                        run,
                        "This restore's row in the history was ended by something else while the restore ran.",
                        "If it wasn't cancelled, check whether this node lost its connection to the control "
                                + "database."));
    }

    private static void interrupt(RestoreRun run, String cause, String remedy) {
        if (!run.isStopped()) {
            run.interrupt(new ProblemException(new Problem(cause, "The restore was stopped.", remedy), null));
        }
    }

    /** Makes how a restore ended, which ran in an exchange of its own, the body of the one that goes on. */
    public AggregationStrategy outcome() {
        return (job, ended) -> {
            job.getMessage().setBody(end(job, ended));
            return job;
        };
    }

    private RestoreEnd end(Exchange job, @Nullable Exchange ended) {
        UUID id = job.getProperty("restoreId", UUID.class);
        RestoreRun run = ended == null ? null : ended.getProperty("run", RestoreRun.class);
        Problem problem = ended == null ? null : ended.getProperty("problem", Problem.class);
        Exception failure = ended == null ? null : ended.getException();
        if (problem == null && failure != null) {
            problem = RestoreRuns.withConsequence(translators.explain(failure, null), run, null);
        }
        RestoreEnd end = run == null
                ? RestoreEnd.failed(
                        id, problem == null ? "The restore never began. Nothing was changed." : problem.text())
                : RestoreEnd.of(run, problem);
        unwritten.put(id, end);
        return end;
    }

    /** The row says it now. */
    public void written(@Body RestoreEnd end) {
        unwritten.remove(end.id());
    }

    /** The end of a restore that no process runs any more: because its row couldn't be written, its process died, or its node is silent. */
    public RestoreEnd abandoned(@Body Map<String, Object> row) {
        UUID id = (UUID) Objects.requireNonNull(row.get("id"));
        RestoreEnd end = unwritten.get(id);
        if (end != null) {
            return end;
        }
        boolean files = "files".equals(row.get("phase"));
        String at = files ? "files were uploaded" : String.valueOf(row.get("phase"));
        String known = Boolean.TRUE.equals(row.get("known_gone"))
                ? "The service stopped while " + at + ": the process that ran this restore (" + row.get("node")
                        + ") is gone. "
                : "While " + at + ": " + dev.bactrian.backup.FailureText.silence("restore", row)
                        + " The restore was abandoned. ";
        return RestoreEnd.failed(
                id,
                known
                        + (files
                                ? "The database of " + row.get("target")
                                        + " is restored. Restore again with storage_only: it continues where this one "
                                        + "stopped."
                                : "If it had begun to write, " + row.get("target") + " is incomplete, and its schema "
                                        + Marker.SCHEMA + " marks it. Run the same restore again: it starts over."));
    }

    /** The end of a restore whose archive began to be deleted just before. */
    public RestoreEnd neverBegan(@ExchangeProperty("restoreId") UUID id) {
        return RestoreEnd.failed(
                id, "The backup's deletion began just before. Nothing was changed. Restore another backup.");
    }

    /** Takes an ended restore off the list, once its row says how it ended. */
    public void forget(@ExchangeProperty("restoreId") UUID id) {
        accepted.remove(id);
        synchronized (accepted) {
            accepted.notifyAll();
        }
    }

    /**
     * Stops all that run, because the service ends, and doesn't wait for it: also verifications that no row tells of, since
     * their scratch databases go with them. None begins any more, or the schedule's next one would outlive them.
     */
    public void close() {
        restores.close();
        restores.active()
                .forEach(run -> interrupt(
                        run, "The service was stopped while this restore was running.", "Start the service again."));
    }

    /** Waits until none runs and the rows of all say how they ended, or a time is over. */
    public void awaitNone(Duration longest) {
        long end = System.nanoTime() + longest.toNanos();
        synchronized (accepted) {
            try {
                while (!(accepted.isEmpty() && restores.active().isEmpty()) && System.nanoTime() < end) {
                    accepted.wait(LOOK_EVERY_MS);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
