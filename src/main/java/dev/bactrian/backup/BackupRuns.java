package dev.bactrian.backup;

import dev.bactrian.postgres.url.Databases;
import dev.bactrian.problem.LeftOutStep;
import dev.bactrian.problem.ProblemException;
import dev.bactrian.run.WorkFolder;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.Body;
import org.apache.camel.ExchangeProperty;
import org.jspecify.annotations.Nullable;

/** The backups that this process is running. */
public final class BackupRuns {

    private final Databases databases;
    private final WorkFolder workFolder;
    private final Map<UUID, BackupRun> active = new ConcurrentHashMap<>();
    /** Those whose rows name this node already, and that have no thread yet. */
    private final Set<UUID> claimed = new HashSet<>();

    private int claiming;
    private boolean closing;

    public BackupRuns(Databases databases, WorkFolder workFolder) {
        this.databases = databases;
        this.workFolder = workFolder;
    }

    /**
     * Begins the backup of a claimed row.
     *
     * @throws ProblemException when its database isn't configured here
     */
    public BackupRun begin(@Body Map<String, Object> row) throws IOException {
        UUID id = (UUID) Objects.requireNonNull(row.get("id"));
        String key = String.valueOf(row.get("s3_key"));
        String name = String.valueOf(row.get("database"));
        try {
            BackupRun run = new BackupRun(id, databases.get(name), key, row, workFolder.forRun(id.toString()));
            run.closeAtEnd(() -> WorkFolder.delete(run.getFolder()));
            if (active.putIfAbsent(id, run) != null) {
                throw LeftOutStep.edited("begin one backup twice");
            }
            return run;
        } finally {
            synchronized (active) {
                claimed.remove(id);
                active.notifyAll();
            }
        }
    }

    /** Ends what a failed backup still has under way. Nothing to do when it failed before it began. */
    public void stop(
            @ExchangeProperty("run") @Nullable BackupRun run, @ExchangeProperty("CamelExceptionCaught") Throwable why) {
        if (run != null) {
            run.stop(why);
        }
    }

    /** Ends a backup that somebody cancelled, where it runs here; another node learns it from the row. */
    public void cancelled(@ExchangeProperty("backupId") UUID id) {
        BackupRun run = active.get(id);
        if (run != null) {
            run.interrupt(
                    ProblemException.stopped("This backup was cancelled.", "Request a new backup when you need one."));
        }
    }

    /** Ends a backup whose row says that it has ended: another node took this one for dead, or somebody cancelled it. */
    public void endedElsewhere(@Body BackupRun run) {
        run.interrupt(ProblemException.stopped(
                "This backup's row in the history was ended by something else while the backup ran.",
                "If it wasn't cancelled, check whether this node lost its connection to the control database."));
    }

    /** Frees everything that a backup holds. */
    public void close(@ExchangeProperty("run") @Nullable BackupRun run) {
        if (run != null) {
            run.close();
        }
    }

    /** Takes an ended backup off the list, once its row says how it ended. */
    public void forget(@ExchangeProperty("run") @Nullable BackupRun run) {
        if (run != null) {
            // As a rule it is closed already.
            run.close();
            active.remove(run.getId());
            synchronized (active) {
                active.notifyAll();
            }
        }
    }

    public List<BackupRun> active() {
        return List.copyOf(active.values());
    }

    public boolean isActive(UUID id) {
        return active.containsKey(id);
    }

    /**
     * Whether a backup may be taken from the queue now: not while the service is stopping. That waits for {@link #claimed},
     * which must follow: the row may name this node already, and would be this process's to end.
     */
    public boolean open() {
        synchronized (active) {
            claiming += closing ? 0 : 1;
            return !closing;
        }
    }

    /**
     * Ends what {@link #open} has allowed.
     *
     * @param row of the backup that is to begin; null when there is none
     */
    public void claimed(@Body @Nullable Map<String, Object> row) {
        synchronized (active) {
            claiming--;
            if (row != null) {
                claimed.add((UUID) Objects.requireNonNull(row.get("id")));
            }
            active.notifyAll();
        }
    }

    /** Lets running backups finish within a time, stops the rest, and waits until their rows say so. */
    public void shutDown(Duration grace, Duration toFail) {
        synchronized (active) {
            closing = true;
        }
        awaitNone(grace);
        for (BackupRun run : active()) {
            run.stop(ProblemException.stopped(
                    "The service was stopped while this backup was running.",
                    "Start the backup again. To give running backups more time to finish, raise SHUTDOWN_GRACE."));
        }
        awaitNone(toFail);
    }

    private void awaitNone(Duration longest) {
        long end = System.nanoTime() + longest.toNanos();
        synchronized (active) {
            while (claiming > 0 || !claimed.isEmpty() || !active.isEmpty()) {
                long left = (end - System.nanoTime()) / 1_000_000;
                if (left <= 0) {
                    return;
                }
                try {
                    active.wait(left);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return;
                }
            }
        }
    }
}
