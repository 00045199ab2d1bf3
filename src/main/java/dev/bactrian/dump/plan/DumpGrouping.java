package dev.bactrian.dump.plan;

import dev.bactrian.postgres.Table;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Deals tables out to pg_dump. Each of its starts costs about 70 catalog queries and a look through the whole catalog, so
 * small tables share one; but a worker that reads the last large portion alone leaves the others idle, so portions become
 * smaller towards the end. Far away a start is so dear that each worker makes one, with an equal share of everything.
 */
final class DumpGrouping {

    /** From here on a table has a pg_dump of its own. */
    private static final long LARGE = 32L << 20;

    private static final long SMALLEST_PORTION = 8L << 20;
    /** What one start of pg_dump costs for each table of the database, in bytes it could have read instead. */
    private static final long START_PER_TABLE = 25L << 10;
    /** What an empty table costs, likewise. */
    private static final long TABLE = 256L << 10;

    /** What one pg_dump reads while it waits for an answer, for each second of that. */
    private static final long READ_PER_SECOND = 50L << 20;
    /** Questions that each start asks one after the other, and that each table adds (LOCK before client 16, COPY). */
    private static final int QUESTIONS = 70;

    private static final int QUESTIONS_PER_TABLE = 2;
    /** Equal shares, as long as a worker's share isn't worth so many starts. */
    private static final int FEW_STARTS = 4;

    private final int workers;
    private final int tablesPerDump;
    /** What it costs to ask and wait, in bytes that could have been read instead. */
    private final long question;

    /**
     * Prepares.
     *
     * @param workers how many pg_dump run at once
     * @param tablesPerDump how many tables at most share one
     * @param roundTrip how long the server takes to answer
     */
    DumpGrouping(int workers, int tablesPerDump, Duration roundTrip) {
        this.workers = workers;
        this.tablesPerDump = tablesPerDump;
        this.question = (long) (roundTrip.toNanos() / 1e9 * READ_PER_SECOND);
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
        long start = QUESTIONS * question;
        long all = bySize.stream().mapToLong(this::cost).sum();
        return start > SMALLEST_PORTION && all / workers < FEW_STARTS * start
                ? equal(bySize, all, start)
                : shrinking(bySize, start);
    }

    private List<DumpGroup> shrinking(List<Table> bySize, long start) {
        List<DumpGroup> groups = new ArrayList<>();
        long left = bySize.stream()
                .filter(table -> !isLarge(table))
                .mapToLong(this::cost)
                .sum();
        long smallest = SMALLEST_PORTION + START_PER_TABLE * bySize.size() + start;
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

    /** A group for each worker; fewer where one would be worth less than half of what its start costs. */
    private List<DumpGroup> equal(List<Table> bySize, long all, long start) {
        int worthwhile = (int) Math.max(1, Math.min(workers, all / (start / 2)));
        int needed = (bySize.size() + tablesPerDump - 1) / tablesPerDump;
        PriorityQueue<Share> open = new PriorityQueue<>(Comparator.comparingLong(Share::cost));
        List<Share> shares = new ArrayList<>();
        for (int i = 0; i < Math.min(bySize.size(), Math.max(worthwhile, needed)); i++) {
            Share share = new Share();
            shares.add(share);
            open.add(share);
        }
        for (Table table : bySize) {
            Share least = open.remove();
            least.add(table, cost(table));
            if (least.tables.size() < tablesPerDump) {
                open.add(least);
            }
        }
        return shares.stream()
                .sorted(Comparator.comparingLong(Share::cost).reversed())
                .map(share -> new DumpGroup(share.tables))
                .toList();
    }

    /** What one pg_dump gets. */
    private static final class Share {
        private final List<Table> tables = new ArrayList<>();
        private long cost;

        long cost() {
            return cost;
        }

        void add(Table table, long more) {
            tables.add(table);
            cost += more;
        }
    }

    private static void add(List<DumpGroup> groups, List<Table> portion) {
        if (!portion.isEmpty()) {
            groups.add(new DumpGroup(portion));
        }
    }

    private static boolean isLarge(Table table) {
        return table.size() >= LARGE;
    }

    private long cost(Table table) {
        return table.size() + TABLE + QUESTIONS_PER_TABLE * question;
    }
}
