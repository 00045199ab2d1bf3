package dev.bactrian.restore;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * The archive's event triggers, made in the transaction that takes the restore's mark away, after that. Commands about event
 * triggers fire none (PostgreSQL manual, "Event Trigger Firing Matrix"), so they fire for nothing that a restore does: a
 * table that logs definitions keeps the rows that were saved.
 */
final class EventTriggers {

    private EventTriggers() {}

    /** Whether it makes one, or says something about one. */
    static boolean isOf(ScriptEntry entry, RestorePlan plan) {
        return entry.isEventTrigger()
                || entry.isAttribute()
                        && entry.dependencies().stream()
                                .map(plan.definitions()::get)
                                .anyMatch(other -> other != null && other.isEventTrigger());
    }

    /** Ends the restore in the target: both are done, or, when the session is lost, neither. */
    static void makeAndUnmark(RestoreRun run, RestorePlan plan, Connection guard) throws SQLException, IOException {
        List<ScriptEntry> entries =
                plan.postData().stream().filter(entry -> isOf(entry, plan)).toList();
        guard.setAutoCommit(false);
        try {
            Marker.remove(guard, run.getReport());
            EntryExecutor executor = new EntryExecutor(run, plan);
            for (ScriptEntry entry : entries) {
                executor.apply(entry, guard);
            }
            guard.commit();
        } finally {
            if (!guard.isClosed()) {
                guard.rollback();
                guard.setAutoCommit(true);
            }
        }
    }
}
