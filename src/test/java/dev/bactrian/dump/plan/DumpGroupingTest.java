package dev.bactrian.dump.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bactrian.postgres.Table;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Every table must be in exactly one portion, whatever the sizes and the settings. */
class DumpGroupingTest {

    private static final long MB = 1L << 20;

    @Test
    void everyTableIsReadExactlyOnceAndEveryLimitHolds() {
        Random random = new Random(42);
        for (int round = 0; round < 500; round++) {
            int lanes = 1 + random.nextInt(8);
            int tablesPerDump = 1 + random.nextInt(random.nextBoolean() ? 3 : 300);
            List<Table> tables = tables(random);

            List<DumpGroup> groups = new DumpGrouping(lanes, tablesPerDump).group(tables);

            assertThat(groups.stream()
                            .flatMap(group -> group.tables().stream())
                            .sorted(Comparator.comparing(Table::oid))
                            .toList())
                    .isEqualTo(tables);
            for (DumpGroup group : groups) {
                assertThat(group.tables()).isNotEmpty().hasSizeLessThanOrEqualTo(tablesPerDump);
                if (group.tables().stream().anyMatch(table -> table.size() >= 32 * MB)) {
                    assertThat(group.tables()).hasSize(1);
                }
            }
        }
    }

    @Test
    void noTablesAreNoRuns() {
        assertThat(new DumpGrouping(4, 200).group(List.of())).isEmpty();
    }

    @Test
    void theLargestTableBeginsFirst() {
        List<DumpGroup> groups =
                new DumpGrouping(2, 200).group(List.of(table(1, 40 * MB), table(2, 1), table(3, 900 * MB)));

        assertThat(groups.stream().map(group -> group.tables().get(0).oid())).containsExactly(3L, 1L, 2L);
    }

    @Test
    void everyLaneHasWorkWhenThereIsEnough() {
        assertThat(new DumpGrouping(4, 500).group(sameSize(1000, MB / 2))).hasSizeGreaterThanOrEqualTo(8);
    }

    @Test
    void smallTablesShareAProgram() {
        assertThat(new DumpGrouping(2, 500).group(sameSize(5000, 8192))).hasSizeLessThan(12);
        assertThat(new DumpGrouping(2, 500).group(sameSize(20, 8192))).hasSize(1);
        assertThat(new DumpGrouping(2, 1).group(sameSize(400, 8192))).hasSize(400);
    }

    /** The last portion is read while the other lanes have nothing left to do. */
    @Test
    void portionsBecomeSmallerTowardsTheEnd() {
        List<Table> tables = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            tables.add(table(i, (i % 30) * MB));
        }

        List<Long> portions = new DumpGrouping(4, 500)
                .group(tables).stream()
                        .map(group ->
                                group.tables().stream().mapToLong(Table::size).sum())
                        .toList();

        assertThat(portions).hasSizeGreaterThan(15);
        assertThat(portions.get(0)).isBetween(400 * MB, 600 * MB);
        assertThat(portions.get(portions.size() - 1)).isLessThan(16 * MB);
    }

    private static List<Table> tables(Random random) {
        List<Table> tables = new ArrayList<>();
        int count = random.nextInt(random.nextBoolean() ? 5 : 400);
        for (int i = 0; i < count; i++) {
            long size = random.nextInt(10) == 0 ? random.nextLong(100_000 * MB) : random.nextLong(40 * MB);
            tables.add(table(i, random.nextInt(5) == 0 ? 0 : size));
        }
        return tables;
    }

    private static List<Table> sameSize(int count, long size) {
        List<Table> tables = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            tables.add(table(i, size));
        }
        return tables;
    }

    private static Table table(long oid, long size) {
        return new Table(oid, "public", "t" + oid, "r", "p", size, null, null);
    }
}
