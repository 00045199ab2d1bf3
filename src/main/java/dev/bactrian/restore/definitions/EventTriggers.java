package dev.bactrian.restore.definitions;

import dev.bactrian.restore.NotApplied;
import dev.bactrian.restore.RestorePlan;
import dev.bactrian.restore.RestoreRequest;
import dev.bactrian.restore.RestoreRun;
import dev.bactrian.restore.ddl.ScriptEntry;
import dev.bactrian.restore.target.Marker;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * The archive's event triggers, made in the transaction that takes the restore's mark away, after that. Commands about event
 * triggers fire none (PostgreSQL manual, "Event Trigger Firing Matrix"), so they fire for nothing that a restore does: a
 * table that logs definitions keeps the rows that were saved.
 */
public final class EventTriggers {

    private static final String STAYS =
            "The damaged data may be intact when it is read again: the target keeps its schema "
                    + Marker.SCHEMA
                    + ", and the same restore starts over. To keep what is there instead, run: DROP SCHEMA "
                    + Marker.SCHEMA + " CASCADE;";

    private EventTriggers() {}

    /** Without the mark, the same command would find the tables that this one has made, and be refused. */
    private static boolean keepsMark(RestoreRun run, RestorePlan plan) {
        return run.getReport().isDamaged()
                && !run.getRequest().is(RestoreRequest.Option.DATA_ONLY)
                && !plan.made().isEmpty();
    }

    /** Whether it makes one, or says something about one. */
    public static boolean isOf(ScriptEntry entry, RestorePlan plan) {
        return entry.isEventTrigger()
                || entry.isAttribute()
                        && entry.dependencies().stream()
                                .map(plan.definitions()::get)
                                .anyMatch(other -> other != null && other.isEventTrigger());
    }

    /**
     * Ends the restore in the target, unless something of the archive came damaged: then its mark stays. Both are
     * done, or, when the session is lost, neither.
     */
    public static void makeAndUnmark(RestoreRun run, RestorePlan plan, Connection guard)
            throws SQLException, IOException {
        List<ScriptEntry> entries =
                plan.postData().stream().filter(entry -> isOf(entry, plan)).toList();
        if (keepsMark(run, plan)) {
            for (ScriptEntry entry : entries) {
                run.getReport()
                        .add(new NotApplied(
                                entry.what(),
                                "It is created last, and what was restored before it is incomplete.",
                                plan.definitions().text(entry)));
            }
            run.getReport().note(STAYS);
            return;
        }
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
