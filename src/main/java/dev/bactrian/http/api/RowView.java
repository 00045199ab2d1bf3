package dev.bactrian.http.api;

import dev.bactrian.backup.HistoryWarning;
import dev.bactrian.run.LiveProgress;
import dev.bactrian.selection.SelectionRequest;
import dev.bactrian.support.Printable;
import java.sql.Timestamp;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** A row of backup_history as it is shown: its columns by their names, times as instants, what is live as members of its own. */
public final class RowView {

    /** Hosts and processes, which are nobody's business outside, and what nodes agree by. */
    private static final Set<String> INTERNAL = Set.of(
            "node",
            "target",
            "slot",
            "notified_to",
            "notify_after",
            "notified_at",
            "ending_node",
            "discarded_key",
            "discarded_at",
            "reads",
            "latest_at");

    private RowView() {}

    public static Map<String, Object> of(Map<String, Object> row) {
        Map<String, Object> view = new LinkedHashMap<>();
        row.forEach((column, value) -> view.put(column, value instanceof Timestamp time ? time.toInstant() : value));
        // Whoever wrote it.
        view.computeIfPresent("error_text", (column, value) -> Printable.lines(value.toString()));
        // jsonb, which the driver hands over as text of a type of its own.
        view.computeIfPresent("selection", (column, value) -> SelectionRequest.fromJson(value.toString()));
        view.computeIfPresent("warnings", (column, value) -> HistoryWarning.fromJson(value));
        view.keySet().removeAll(INTERNAL);
        Object live = view.remove("progress");
        view.putAll(LiveProgress.members(
                live == null || !"in_progress".equals(row.get("status")) ? null : Objects.toString(live)));
        return view;
    }
}
