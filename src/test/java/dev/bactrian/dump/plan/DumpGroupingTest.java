package dev.bactrian.dump.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bactrian.postgres.Table;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Every table must be in exactly one portion, whatever the sizes and the settings. */
class DumpGroupingTest {

    private static final long MB = 1L << 20;
    private static final Duration NEAR = Duration.ofNanos(200_000);

    @Test
    void everyTableIsReadExactlyOnceAndEveryLimitHolds() {
        Random random = new Random(42);
        for (int round = 0; round < 500; round++) {
            int lanes = 1 + random.nextInt(8);
            int tablesPerDump = 1 + random.nextInt(random.nextBoolean() ? 3 : 300);
            List<Table> tables = tables(random);

            List<DumpGroup> groups = new DumpGrouping(lanes, tablesPerDump, NEAR).group(tables);

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
        assertThat(new DumpGrouping(4, 200, NEAR).group(List.of())).isEmpty();
    }

    @Test
    void theLargestTableBeginsFirst() {
        List<DumpGroup> groups =
                new DumpGrouping(2, 200, NEAR).group(List.of(table(1, 40 * MB), table(2, 1), table(3, 900 * MB)));

        assertThat(groups.stream().map(group -> group.tables().get(0).oid())).containsExactly(3L, 1L, 2L);
    }

    @Test
    void everyLaneHasWorkWhenThereIsEnough() {
        assertThat(new DumpGrouping(4, 500, NEAR).group(sameSize(1000, MB / 2))).hasSizeGreaterThanOrEqualTo(8);
    }

    @Test
    void smallTablesShareAProgram() {
        assertThat(new DumpGrouping(2, 500, NEAR).group(sameSize(5000, 8192))).hasSizeLessThan(12);
        assertThat(new DumpGrouping(2, 500, NEAR).group(sameSize(20, 8192))).hasSize(1);
        assertThat(new DumpGrouping(2, 1, NEAR).group(sameSize(400, 8192))).hasSize(400);
    }

    /** Each start waits for 70 answers: 1.4 s at 20 ms, as long as it takes to read a large table. */
    @Test
    void farAwayEachLaneStartsOneProgramWithAnEqualShare() {
        List<Table> tables = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            tables.add(table(i, i < 8 ? 40 * MB : 2 * MB));
        }

        List<DumpGroup> groups = new DumpGrouping(6, 2000, Duration.ofMillis(20)).group(tables);

        assertThat(groups).hasSize(6);
        assertThat(groups.stream()
                        .flatMap(group -> group.tables().stream())
                        .sorted(Comparator.comparing(Table::oid))
                        .toList())
                .isEqualTo(tables);
        List<Long> sizes = groups.stream()
                .map(group -> group.tables().stream().mapToLong(Table::size).sum())
                .sorted()
                .toList();
        assertThat(sizes.get(5) - sizes.get(0)).isLessThan(45 * MB);
    }

    @Test
    void farAwayTheLimitOfTablesHoldsAndMuchIsDealtOutAsNearby() {
        assertThat(new DumpGrouping(6, 10, Duration.ofMillis(20)).group(sameSize(200, MB)))
                .hasSize(20)
                .allMatch(group -> group.tables().size() == 10);
        assertThat(new DumpGrouping(6, 1, Duration.ofMillis(20)).group(sameSize(40, MB)))
                .hasSize(40);
        assertThat(new DumpGrouping(6, 2000, Duration.ofMillis(20)).group(sameSize(10, 8192)))
                .as("no start that costs more than it spares")
                .hasSize(1);
        assertThat(new DumpGrouping(6, 2000, Duration.ofMillis(20)).group(sameSize(300, 31 * MB)))
                .hasSizeGreaterThan(12);
    }

    /** The last portion is read while the other lanes have nothing left to do. */
    @Test
    void portionsBecomeSmallerTowardsTheEnd() {
        List<Table> tables = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            tables.add(table(i, (i % 30) * MB));
        }

        List<Long> portions = new DumpGrouping(4, 500, NEAR)
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
