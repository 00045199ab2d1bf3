package dev.bactrian.dump.plan;

import dev.bactrian.postgres.ServerInfo;
import dev.bactrian.postgres.Table;
import java.util.ArrayList;
import java.util.List;

/** Cuts large tables into ranges of blocks, so that several workers read one at once (ADR 0054). */
final class SplitTables {

    /** Earlier servers look for the rows of a range in all of the table (release notes of PostgreSQL 14). */
    private static final int RANGE_SCANS = 14;

    /** Bytes of a range: some seconds for a worker, and what may wait in the spool while another one goes into the archive. */
    private static final long LARGEST = 512L << 20;

    /** What a range is of the size above which a table is cut, where that is less. */
    private static final long SHARE = 8;

    private static final int MOST = 2000;

    private final long above;
    private final int workers;

    /** @param above bytes, as {@link Table#size}; 0 for never */
    SplitTables(long above, int workers) {
        this.above = above;
        this.workers = workers;
    }

    /** One group per range of a table's blocks; none for a table that is read as a whole. */
    List<DumpGroup> ranges(Table table, ServerInfo server) {
        if (above <= 0 || table.size() <= above || server.major() < RANGE_SCANS) {
            return List.of();
        }
        int count = (int) Math.min(table.blocks(), count(table.size()));
        List<DumpGroup> ranges = new ArrayList<>();
        for (int number = 1; count > 1 && number <= count; number++) {
            Long to = number == count ? null : begin(table, number, count);
            BlockRange range = new BlockRange(number, count, begin(table, number - 1, count), to);
            ranges.add(new DumpGroup(List.of(table), range));
        }
        return ranges;
    }

    /** As many for each worker, so that none is left with a last one alone. */
    private long count(long size) {
        long usual = Math.min(MOST, 1 + size / Math.min(LARGEST, 1 + above / SHARE));
        return (usual + workers - 1) / workers * workers;
    }

    private static long begin(Table table, int ranges, int count) {
        return table.blocks() * ranges / count;
    }
}
