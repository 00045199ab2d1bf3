package dev.bactrian.restore;

import dev.bactrian.postgres.DatabaseLock;
import dev.bactrian.postgres.url.DatabaseUrl;
import dev.bactrian.problem.ProblemException;
import java.sql.Connection;
import java.sql.SQLException;

/** Keeps backups of the target and other restores into it out, for as long as the connection that took it lives. */
final class TargetLock {

    private TargetLock() {}

    /**
     * Takes the lock.
     *
     * @param writes false for a dry run, which only asks for it, and keeps nobody out
     * @throws ProblemException when a backup of the target or another restore into it is going on; a dry run goes beside a
     *     backup
     */
    static void take(DatabaseUrl url, Connection guard, boolean writes) throws SQLException {
        if (writes ? DatabaseLock.forRestore(guard) : DatabaseLock.forBackup(guard)) {
            if (!writes) {
                DatabaseLock.releaseShared(guard);
            }
            return;
        }
        if (DatabaseLock.isOfBackup(guard)) {
            throw Target.refused(
                    "A backup of " + url + " is running, which would miss what a restore changes.",
                    "Wait until it has ended, or cancel it, then restore again; its session holds an advisory lock (see pg_locks).");
        }
        throw Target.refused(
                "Another restore into " + url + " is running.",
                "Wait until it has ended; its process holds an advisory lock (see pg_locks).");
    }
}
