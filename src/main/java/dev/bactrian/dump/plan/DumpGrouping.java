package dev.bactrian.dump.plan;

import dev.bactrian.postgres.Table;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Deals tables out to pg_dump. Each of its starts costs about 70 catalog queries and a look through the whole catalog, so
 * small tables share one; but a worker that reads the last large portion alone leaves the others idle, so portions become
 * smaller towards the end.
 */
final class DumpGrouping {

    /** From here on a table has a pg_dump of its own. */
    private static final long LARGE = 32L << 20;

    private static final long SMALLEST_PORTION = 8L << 20;
    /** What one start of pg_dump costs for each table of the database, in bytes it could have read instead. */
    private static final long START_PER_TABLE = 25L << 10;
    /** What an empty table costs, likewise. */
    private static final long TABLE = 256L << 10;

    private final int workers;
    private final int tablesPerDump;

    DumpGrouping(int workers, int tablesPerDump) {
        this.workers = workers;
        this.tablesPerDump = tablesPerDump;
    }

    /** Largest first; every table is in exactly one group, but for those that are split, which have one for each range. */
    List<DumpGroup> group(List<Table> tables, Function<Table, List<DumpGroup>> ranges) {
        List<DumpGroup> large = new ArrayList<>();
        List<Table> whole = new ArrayList<>();
        for (Table table : tables) {
            List<DumpGroup> split = ranges.apply(table);
            if (split.isEmpty()) {
                whole.add(table);
            } else {
                large.addAll(split);
            }
        }
        Map<Boolean, List<DumpGroup>> groups = group(whole).stream()
                .collect(Collectors.partitioningBy(group ->
                        group.tables().size() == 1 && isLarge(group.tables().get(0))));
        large.addAll(groups.getOrDefault(true, List.of()));
        large.sort(Comparator.comparingLong(DumpGroup::size).reversed());
        large.addAll(groups.getOrDefault(false, List.of()));
        return large;
    }

    /** Largest first; every table is in exactly one group. */
    List<DumpGroup> group(List<Table> tables) {
        List<Table> bySize = tables.stream()
                .sorted(Comparator.comparingLong(Table::size).reversed())
                .toList();
        List<DumpGroup> groups = new ArrayList<>();
        long left = bySize.stream()
                .filter(table -> !isLarge(table))
                .mapToLong(DumpGrouping::cost)
                .sum();
        long smallest = SMALLEST_PORTION + START_PER_TABLE * tables.size();
        List<Table> portion = new ArrayList<>();
        long room = 0;
        for (Table table : bySize) {
            if (isLarge(table)) {
                groups.add(new DumpGroup(List.of(table)));
                continue;
            }
            if (portion.isEmpty() || room < cost(table) || portion.size() == tablesPerDump) {
                add(groups, portion);
                portion = new ArrayList<>();
                // Half of each worker's share of what is left.
                room = Math.max(smallest, left / (2L * workers));
            }
            portion.add(table);
            room -= cost(table);
            left -= cost(table);
        }
        add(groups, portion);
        return groups;
    }

    private static void add(List<DumpGroup> groups, List<Table> portion) {
        if (!portion.isEmpty()) {
            groups.add(new DumpGroup(portion));
        }
    }

    private static boolean isLarge(Table table) {
        return table.size() >= LARGE;
    }

    private static long cost(Table table) {
        return table.size() + TABLE;
    }
}
