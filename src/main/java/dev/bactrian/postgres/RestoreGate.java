package dev.bactrian.postgres;

import dev.bactrian.postgres.url.DatabaseUrl;
import dev.bactrian.problem.ProblemException;
import dev.bactrian.selection.Relation;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets no backup read a database that is being restored: it waits for the end of the restore, and refuses a database that
 * an unfinished one has left. A restore takes minutes as a rule, so that a nightly backup shouldn't fail for it.
 */
public final class RestoreGate {

    private static final Logger LOG = LoggerFactory.getLogger(RestoreGate.class);
    private static final Duration BETWEEN = Duration.ofSeconds(2);

    /** What every restore leaves until it has ended well. Only its place is looked at: what is in it may be anybody's. */
    private static final String MARKED = "SELECT pg_catalog.pg_get_userbyid(n.nspowner) FROM pg_catalog.pg_class c"
            + " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
            + " WHERE n.nspname = 'bactrian_restore' AND c.relname = 'unfinished' AND c.relkind = 'r'";

    private final Duration longest;

    /**
     * Prepares a gate.
     *
     * @param longest to wait for a restore
     */
    public RestoreGate(Duration longest) {
        this.longest = longest;
    }

    /**
     * Waits until no restore is running, and keeps restores out for as long as the connection lives. A run that doesn't wait
     * does neither.
     *
     * @param connection in no transaction: the instant must come after the wait
     * @throws ProblemException when the restore takes too long, or the backup is stopped meanwhile
     */
    public void enter(Connection connection, DatabaseRun run) throws SQLException {
        String database = run.getDatabase().url().toString();
        Duration patience = run.waits() ? longest : Duration.ZERO;
        long end = System.nanoTime() + patience.toNanos();
        boolean told = false;
        while (!DatabaseLock.forBackup(connection)) {
            if (System.nanoTime() >= end) {
                throw ProblemException.stopped(
                        "A restore into " + database + " is running"
                                + (patience.isZero()
                                        ? "."
                                        : ", and didn't end within the " + patience.toSeconds() + " s"
                                                + " that this backup waited for it (BACKUP_RESTORE_WAIT)."),
                        "Start the backup again when the restore has ended; its process holds an advisory lock (see pg_locks).");
            }
            if (!told) {
                LOG.warn("{} waits up to {} s for a restore into {} to end", run, patience.toSeconds(), database);
                told = true;
            }
            if (!run.pause(BETWEEN)) {
                throw ProblemException.stopped(
                        "The backup was stopped while it waited for a restore.", "Start it again when you need it.");
            }
        }
        if (!run.waits()) {
            // A run that only looks keeps no restore out.
            DatabaseLock.releaseShared(connection);
        }
    }

    /**
     * Refuses a database in which a restore has begun and not ended, as it is at the snapshot's instant.
     *
     * @throws ProblemException when there is such a mark
     */
    static void refuseUnfinished(Connection connection, DatabaseUrl url) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(MARKED)) {
            if (row.next()) {
                throw ProblemException.stopped(
                        "A restore into " + url
                                + " began and never ended (there is a schema bactrian_restore, which belongs to role "
                                + Relation.quote(row.getString(1)) + "), so this database is incomplete.",
                        "Run the same restore again, which starts over; or, to back up the database as it is, run:"
                                + " DROP SCHEMA bactrian_restore CASCADE;");
            }
        }
    }
}
