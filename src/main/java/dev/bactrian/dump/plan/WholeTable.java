package dev.bactrian.dump.plan;

import dev.bactrian.postgres.Table;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A partitioned table whose rows are saved as its own, in one data.sql, because in another database they would be in other
 * ones of its partitions.
 *
 * @param table the partitioned table
 * @param parts those of its partitions, on whatever level, whose rows are saved
 */
public record WholeTable(Table table, List<Table> parts) {

    public WholeTable {
        parts = List.copyOf(parts);
    }

    /**
     * Puts scattered tables together by the topmost partitioned table that scatters them and is saved. Those above which none
     * is saved aren't among them: they come back as tables of their own.
     *
     * @param all tables that are saved, of every kind
     * @param withData those of them whose rows are saved
     */
    static List<WholeTable> of(List<Table> all, List<Table> withData) {
        Map<Long, Table> byOid = new LinkedHashMap<>();
        all.forEach(table -> byOid.put(table.oid(), table));
        Map<Table, List<Table>> parts = new LinkedHashMap<>();
        for (Table table : withData) {
            Table top = table.scattered() ? top(table, byOid) : table;
            if (!top.equals(table)) {
                parts.computeIfAbsent(top, none -> new ArrayList<>()).add(table);
            }
        }
        return parts.entrySet().stream()
                .map(whole -> new WholeTable(whole.getKey(), whole.getValue()))
                .toList();
    }

    private static Table top(Table table, Map<Long, Table> byOid) {
        Table top = table;
        for (Table above = above(top, byOid); above != null && above.scattered(); above = above(top, byOid)) {
            top = above;
        }
        return top;
    }

    private static @org.jspecify.annotations.Nullable Table above(Table table, Map<Long, Table> byOid) {
        return table.partitionOf() == null ? null : byOid.get(table.partitionOf());
    }
}
