package dev.bactrian.dump;

import dev.bactrian.backup.BackupRun;
import dev.bactrian.database.ServerInfo;
import dev.bactrian.database.Table;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Header;

/**
 * Plans a backup from what detection found. A large table gets a pg_dump of its own; small ones share one, because each
 * start of pg_dump costs about 70 catalog queries whatever the table's size.
 */
public final class TablePlan {

    private static final long LARGE = 32L << 20;
    private static final long MOST_PER_GROUP = 64L << 20;

    private final int lanes;
    private final int tablesPerDump;

    public TablePlan(int lanes, int tablesPerDump) {
        this.lanes = lanes;
        this.tablesPerDump = tablesPerDump;
    }

    /** Makes the plan, and tells the backup how many tables to expect. */
    public Plan make(
            @ExchangeProperty("run") BackupRun run,
            @Header("server") ServerInfo server,
            @Header("schemas") List<Map<String, Object>> schemas,
            @Header("tables") List<Map<String, Object>> tables,
            @Header("sequences") List<Map<String, Object>> sequences,
            @Header("materializedViews") List<Map<String, Object>> materializedViews,
            @Header("objects") List<Map<String, Object>> objects) {
        List<Table> all = tables.stream().map(Table::of).toList();
        List<Table> extensionTables = all.stream()
                .filter(table -> table.hasData() && table.extension() != null)
                .toList();
        List<Table> ordinary = all.stream()
                .filter(table -> table.hasData() && table.extension() == null)
                .toList();
        run.getProgress().expect(ordinary.size() + extensionTables.size());
        Map<Plan.ObjectId, Long> owners = new HashMap<>();
        objects.forEach(row ->
                owners.put(new Plan.ObjectId(number(row, "class"), number(row, "object")), number(row, "table_oid")));
        return new Plan(
                server,
                schemas.stream()
                        .map(row -> new Plan.Schema(text(row, "name"), text(row, "owner")))
                        .toList(),
                all,
                group(ordinary),
                extensionTables,
                names(sequences),
                names(materializedViews),
                owners);
    }

    /** Large tables first, alone; the small ones dealt out so that the groups end at about the same time. */
    List<DumpGroup> group(List<Table> tables) {
        List<Table> bySize = tables.stream()
                .sorted(Comparator.comparingLong(Table::size).reversed())
                .toList();
        List<DumpGroup> groups = new ArrayList<>();
        List<Table> small = new ArrayList<>();
        for (Table table : bySize) {
            if (table.size() >= LARGE) {
                groups.add(new DumpGroup(List.of(table)));
            } else {
                small.add(table);
            }
        }
        if (small.isEmpty()) {
            return groups;
        }
        long bytes = small.stream().mapToLong(Table::size).sum();
        int bySizeCount = (int) Math.min(small.size(), bytes / MOST_PER_GROUP + 1);
        int byNumber = (small.size() + tablesPerDump - 1) / tablesPerDump;
        int count = Math.min(small.size(), Math.max(lanes, Math.max(bySizeCount, byNumber)));
        List<List<Table>> dealt = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            dealt.add(new ArrayList<>());
        }
        for (int i = 0; i < small.size(); i++) {
            dealt.get(i % count).add(small.get(i));
        }
        dealt.forEach(portion -> groups.add(new DumpGroup(portion)));
        return groups;
    }

    private static List<Plan.Name> names(List<Map<String, Object>> rows) {
        return rows.stream()
                .map(row -> new Plan.Name(text(row, "schema"), text(row, "name")))
                .toList();
    }

    private static String text(Map<String, Object> row, String column) {
        return String.valueOf(row.get(column));
    }

    private static long number(Map<String, Object> row, String column) {
        return Long.parseLong(text(row, column));
    }
}
