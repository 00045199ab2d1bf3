package dev.bactrian.restore;

import dev.bactrian.restore.RestorePlan.TableLoad;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Tables whose rows were refused by what may look into other tables: functions of constraints, of generated columns and of
 * triggers, which no catalog tells. They are tried again when the others are there, while one of them succeeds.
 */
public final class LaterRows {

    private static final Set<String> CHECKED = Set.of("23514", "23502");
    /** Raised by a function (PL/pgSQL). */
    private static final String RAISED = "P0";

    private final Map<TableLoad, SQLException> waiting = new LinkedHashMap<>();
    private int before;

    /** Whether it is tried again: then nothing is to be reported yet. */
    public synchronized boolean takes(TableLoad table, SQLException failure) {
        String state = String.valueOf(failure.getSQLState());
        if (!CHECKED.contains(state) && !state.startsWith(RAISED)) {
            return false;
        }
        waiting.put(table, failure);
        return true;
    }

    /** Whether there is something to try that may do now; for the route. */
    public synchronized boolean isOpen() {
        return !waiting.isEmpty() && (before == 0 || waiting.size() < before);
    }

    /** What is tried now. */
    public synchronized List<TableLoad> next() {
        List<TableLoad> tables = List.copyOf(waiting.keySet());
        before = tables.size();
        waiting.clear();
        return tables;
    }

    /** What was refused to the end, with the last reason. */
    public synchronized Map<TableLoad, SQLException> left() {
        return new LinkedHashMap<>(waiting);
    }
}
