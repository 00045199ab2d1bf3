package dev.bactrian.backup;

import dev.bactrian.config.ConnectionBudget;
import dev.bactrian.postgres.ConnectionRetry;
import dev.bactrian.postgres.Distance;
import dev.bactrian.postgres.RestoreGate;
import dev.bactrian.postgres.SessionMode;
import dev.bactrian.postgres.Snapshot;
import dev.bactrian.postgres.url.DatabaseUrl;
import dev.bactrian.problem.LeftOutStep;
import dev.bactrian.problem.ProblemException;
import dev.bactrian.run.Workers;
import java.sql.SQLException;
import java.time.Duration;
import java.util.function.Supplier;
import org.apache.camel.CamelContext;
import org.apache.camel.ExchangeProperty;

/** Opens the snapshot of a backup, and lends it to the detection queries of the routes as a data source. */
public final class Snapshots {

    /** What a run's evidence has once its database is known to keep sessions. */
    public static final String SESSIONS = "keeps sessions";

    private static final String OPENED = "snapshots.open";

    private final Supplier<CamelContext> camel;
    private final RestoreGate gate;
    private final Workers workers;

    /**
     * Prepares for backups.
     *
     * @param restoreWait how long one waits for the end of a restore into its database
     * @param workers how many tables are read at once, by the distance
     */
    public Snapshots(Supplier<CamelContext> camel, Duration restoreWait, Workers workers) {
        this.camel = camel;
        this.gate = new RestoreGate(restoreWait);
        this.workers = workers;
    }

    /**
     * Exports the snapshot that the whole backup sees, and keeps restores out of the database until it is closed.
     *
     * @throws ProblemException when the database can't be reached, or only through a pooler without sessions; or when a
     *     restore is going on in it for too long, or has left it half restored; or when this backup has one already
     */
    public Snapshot open(@ExchangeProperty("run") BackupRun run) {
        if (run.getEvidence().has(OPENED)) {
            throw LeftOutStep.edited(
                    "open a second snapshot for one backup, whose parts would then be from two instants");
        }
        run.getEvidence().done(OPENED);
        DatabaseUrl url = run.getDatabase().url();
        SessionMode.proveReachable(url, SessionMode.Need.BACKUP, ConnectionRetry.of(run));
        run.getEvidence().done(SESSIONS);
        Snapshot snapshot = Snapshot.export(url, ConnectionRetry.of(run), connection -> {
            Distance.choose(run, workers, connection, ConnectionBudget.nextToWorkers());
            gate.enter(connection, run);
        });
        run.closeAtEnd(snapshot);
        String name = dataSourceName(run);
        camel.get().getRegistry().bind(name, snapshot.dataSource());
        run.closeAtEnd(() -> camel.get().getRegistry().unbind(name));
        snapshot.refuseUnfinishedRestore(url);
        snapshot.count(run.getEvidence(), url);
        return snapshot;
    }

    /** The name under which {@code sql:} endpoints find the snapshot of a backup. */
    public String dataSourceName(@ExchangeProperty("run") BackupRun run) {
        return "snapshot-" + run.getId();
    }

    /** The backup is only of one instant when the exporting session lived to the end. */
    public void confirm(@ExchangeProperty("run") BackupRun run, @ExchangeProperty("snapshot") Snapshot snapshot) {
        try {
            snapshot.confirmAlive();
            run.getEvidence().done("confirm-snapshot");
        } catch (SQLException e) {
            throw ProblemException.stopped(
                    "The connection that held the snapshot broke before the backup was complete.",
                    "Start the backup again. If it happens again, find what closes idle connections: a pooler, a "
                            + "firewall or a timeout.",
                    e);
        }
    }
}
