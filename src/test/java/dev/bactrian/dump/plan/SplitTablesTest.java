package dev.bactrian.dump.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bactrian.postgres.ServerInfo;
import dev.bactrian.postgres.Table;
import java.time.Instant;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

/** Every block of a split table is in exactly one range, whatever the sizes. */
class SplitTablesTest {

    private static final long GB = 1L << 30;

    @Property
    void everyBlockIsInOneRange(
            @ForAll @LongRange(min = 0, max = 4_294_967_294L) long blocks,
            @ForAll @LongRange(min = 1, max = 1L << 50) long size,
            @ForAll @LongRange(min = 1, max = 1L << 40) long above,
            @ForAll @IntRange(min = 1, max = 64) int workers) {
        List<DumpGroup> groups = new SplitTables(above, workers).ranges(table(size, blocks), server(17));

        assertThat(groups.size()).isNotEqualTo(1).isLessThan(2100);
        long next = 0;
        for (int i = 0; i < groups.size(); i++) {
            BlockRange range = groups.get(i).range();
            assertThat(range.from()).isEqualTo(next);
            assertThat(range.number()).isEqualTo(i + 1);
            assertThat(range.count()).isEqualTo(groups.size());
            if (i == groups.size() - 1) {
                assertThat(range.to()).isNull();
            } else {
                assertThat(range.to()).isGreaterThan(next).isLessThan(blocks);
                next = range.to();
            }
        }
    }

    @Test
    void aLargeTableKeepsEveryWorkerBusy() {
        assertThat(new SplitTables(4 * GB, 2).ranges(table(5 * GB, 600_000), server(17)))
                .hasSize(12);
        assertThat(new SplitTables(4 * GB, 8).ranges(table(5 * GB, 600_000), server(14)))
                .hasSize(16);
        assertThat(new SplitTables(4 * GB, 4).ranges(table(100_000 * GB, 4_000_000_000L), server(18)))
                .hasSize(2000);
    }

    @Test
    void othersAreReadAsAWhole() {
        assertThat(new SplitTables(4 * GB, 2).ranges(table(4 * GB, 500_000), server(17)))
                .isEmpty();
        assertThat(new SplitTables(0, 2).ranges(table(5 * GB, 600_000), server(17)))
                .isEmpty();
        assertThat(new SplitTables(4 * GB, 2).ranges(table(5 * GB, 600_000), server(13)))
                .isEmpty();
        assertThat(new SplitTables(4 * GB, 2).ranges(table(5 * GB, 0), server(17)))
                .isEmpty();
        assertThat(new SplitTables(4 * GB, 2).ranges(table(5 * GB, 1), server(17)))
                .isEmpty();
    }

    private static Table table(long size, long blocks) {
        return new Table(1, "public", "t", "r", "p", size, null, null, false, blocks, false);
    }

    private static ServerInfo server(int major) {
        return new ServerInfo(major * 10_000, "x", "d", "r", "UTF8", 0, Instant.EPOCH, false, 0, false);
    }
}
