package dev.bactrian.restore.plan;

import dev.bactrian.restore.RestorePlan.TableLoad;
import dev.bactrian.restore.ddl.Definitions;
import dev.bactrian.restore.ddl.ScriptEntry;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * When definitions are made: before all rows or after them; those that come with a table's rows are among its load's indexes. The
 * steps of a restore, in their order, are in {@code routes/restore/restore.camel.yaml}.
 *
 * @param preData in the order in which they are made
 * @param postData likewise
 */
record DefinitionOrder(List<ScriptEntry> preData, List<ScriptEntry> postData) {

    private static final Set<String> INDEXES = Set.of("INDEX", "CONSTRAINT");

    /**
     * An index is built with its table's rows, where it needs nothing else; those of tables without rows of their own,
     * which take no time, before all rows, since those of their partitions need them.
     *
     * @param loads by the ids of their tables' entries; they get their indexes
     */
    static DefinitionOrder of(
            List<ScriptEntry> wanted, Map<Integer, TableLoad> loads, Definitions definitions, Connection connection)
            throws SQLException, IOException {
        List<ScriptEntry> preData = new ArrayList<>();
        List<ScriptEntry> postData = new ArrayList<>();
        Set<Integer> done = new HashSet<>();
        List<ScriptEntry> rest = new ArrayList<>();
        RowSecurity security = new RowSecurity(definitions, connection);
        for (ScriptEntry entry : wanted) {
            if (entry.postData() && !security.comesFirst(entry)) {
                rest.add(entry);
            } else {
                preData.add(entry);
                done.add(entry.id());
            }
        }
        Set<Integer> known = wanted.stream().map(ScriptEntry::id).collect(Collectors.toSet());
        for (ScriptEntry entry : rest) {
            ScriptEntry table = definitions.tableOf(entry);
            @Nullable TableLoad load = table == null ? null : loads.get(table.id());
            boolean ready = entry.dependencies().stream().allMatch(id -> !known.contains(id) || done.contains(id));
            if (table == null || !ready || !INDEXES.contains(entry.type())) {
                postData.add(entry);
            } else if (load == null) {
                preData.add(entry);
                done.add(entry.id());
            } else {
                load.indexes().add(entry);
            }
        }
        return new DefinitionOrder(preData, postData);
    }
}
