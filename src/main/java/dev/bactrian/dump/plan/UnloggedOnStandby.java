package dev.bactrian.dump.plan;

import dev.bactrian.postgres.ServerInfo;
import dev.bactrian.postgres.Table;
import dev.bactrian.run.StoppableRun;
import dev.bactrian.selection.Relation;
import dev.bactrian.selection.Selection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What is unlogged has no content on a standby, where reading it is an error (PostgreSQL manual, "CREATE TABLE"): its
 * definition is saved, its rows or its value can't be, which is said.
 */
final class UnloggedOnStandby {

    private static final int MOST_NAMED = 5;

    private UnloggedOnStandby() {}

    /** The selection without them; one that had some of them in is warned of. */
    static Selection leaveOut(
            Selection selection,
            ServerInfo server,
            List<Table> tables,
            List<Map<String, Object>> sequences,
            StoppableRun run) {
        if (!server.standby()) {
            return selection;
        }
        Set<Relation.Named> rows = new LinkedHashSet<>();
        tables.stream()
                .filter(table -> table.hasData() && "u".equals(table.persistence()))
                .map(table -> new Relation.Named(table.schema(), table.name()))
                .filter(name -> selection.holdsData(name.schema(), name.name()))
                .forEach(rows::add);
        Set<Relation.Named> values = new LinkedHashSet<>();
        sequences.stream()
                .filter(Sequence::isUnreadable)
                .map(row -> new Relation.Named(String.valueOf(row.get("schema")), String.valueOf(row.get("name"))))
                .filter(name -> selection.holdsData(name.schema(), name.name()))
                .forEach(values::add);
        warn(run, rows, "The rows of unlogged tables");
        warn(run, values, "The values of unlogged sequences");
        Set<Relation.Named> all = new HashSet<>(rows);
        all.addAll(values);
        return all.isEmpty() ? selection : selection.without(all);
    }

    private static void warn(StoppableRun run, Set<Relation.Named> names, String what) {
        if (!names.isEmpty()) {
            run.warn(what + " aren't in this backup, because a standby doesn't have them: "
                    + names.stream()
                            .limit(MOST_NAMED)
                            .map(Relation.Named::quoted)
                            .collect(Collectors.joining(", "))
                    + (names.size() > MOST_NAMED ? " and " + (names.size() - MOST_NAMED) + " more" : "")
                    + ". If you need them, back up the primary.");
        }
    }
}
