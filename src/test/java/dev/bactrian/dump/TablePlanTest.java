package dev.bactrian.dump;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bactrian.backup.BackupRun;
import dev.bactrian.database.ServerInfo;
import dev.bactrian.database.Table;
import dev.bactrian.selection.Relation.Named;
import dev.bactrian.selection.Selection;
import dev.bactrian.testing.SampleRun;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every table must be in exactly one portion, whatever the sizes and the settings. */
class TablePlanTest {

    private static final long MB = 1L << 20;

    @TempDir
    private Path folder;

    @Test
    void everyTableIsReadExactlyOnceAndEveryLimitHolds() {
        Random random = new Random(42);
        for (int round = 0; round < 500; round++) {
            int lanes = 1 + random.nextInt(8);
            int tablesPerDump = 1 + random.nextInt(random.nextBoolean() ? 3 : 300);
            List<Table> tables = tables(random);

            List<DumpGroup> groups = new TablePlan(lanes, tablesPerDump).group(tables);

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
        assertThat(new TablePlan(4, 200).group(List.of())).isEmpty();
    }

    @Test
    void theLargestTableBeginsFirst() {
        List<DumpGroup> groups =
                new TablePlan(2, 200).group(List.of(table(1, 40 * MB), table(2, 1), table(3, 900 * MB)));

        assertThat(groups.stream().map(group -> group.tables().get(0).oid())).containsExactly(3L, 1L, 2L);
    }

    @Test
    void everyLaneHasWorkWhenThereIsEnough() {
        assertThat(new TablePlan(4, 200).group(sameSize(100, MB / 10))).hasSize(4);
        assertThat(new TablePlan(4, 200).group(sameSize(3, 0))).hasSize(3);
    }

    /** One start of pg_dump costs as much as reading a megabyte. */
    @Test
    void smallTablesShareAProgram() {
        assertThat(new TablePlan(2, 200).group(sameSize(400, 8192))).hasSize(2);
        assertThat(new TablePlan(2, 1).group(sameSize(400, 8192))).hasSize(400);
    }

    @Test
    void portionsAreOfAboutTheSameSize() {
        List<Table> tables = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            tables.add(table(i, (i % 30) * MB));
        }

        List<DumpGroup> groups = new TablePlan(4, 200).group(tables);

        assertThat(groups).hasSizeGreaterThan(30);
        assertThat(groups)
                .extracting(
                        group -> group.tables().stream().mapToLong(Table::size).sum())
                .allMatch(bytes -> bytes <= 128 * MB);
    }

    @Test
    void onlyTablesWithRowsOfTheirOwnAreReadAndExtensionsTablesApart() {
        BackupRun run = SampleRun.in(folder);
        Plan plan = make(
                run,
                List.of(
                        row(1, "ordinary", "r", null),
                        row(2, "parent", "p", null),
                        row(3, "foreign", "f", null),
                        row(4, "of_extension", "r", "postgis"),
                        row(5, "foreign_of_extension", "f", "postgis")));

        assertThat(plan.tables()).hasSize(5);
        assertThat(plan.groups()).singleElement().satisfies(group -> assertThat(group.tables())
                .extracting(Table::name)
                .containsExactly("ordinary"));
        assertThat(plan.extensionTables()).extracting(Table::name).containsExactly("of_extension");
        assertThat(run.getProgress().getTablesTotal()).isEqualTo(2);
    }

    @Test
    void anEmptyDatabaseIsAPlanToo() {
        BackupRun run = SampleRun.in(folder);

        Plan plan = make(run, List.of());

        assertThat(plan.groups()).isEmpty();
        assertThat(run.getProgress().getTablesTotal()).isZero();
    }

    @Test
    void whatIsLeftOutIsNotPlanned() {
        BackupRun run = SampleRun.in(folder);
        Selection selection = new Selection(
                Set.of(),
                Set.of(new Named("public", "out"), new Named("s\"x", "seq")),
                Set.of(new Named("public", "empty"), new Named("public", "of_extension")),
                Set.of(),
                false,
                List.of(),
                List.of(),
                List.of());

        Plan plan = make(
                run,
                selection,
                List.of(
                        row(1, "in", "r", null),
                        row(2, "out", "r", null),
                        row(3, "empty", "r", null),
                        row(4, "of_extension", "r", "x")));

        assertThat(plan.tables()).extracting(Table::name).containsExactly("in", "empty", "of_extension");
        assertThat(plan.groups())
                .flatExtracting(DumpGroup::tables)
                .extracting(Table::name)
                .containsExactly("in");
        assertThat(plan.extensionTables()).isEmpty();
        assertThat(plan.sequences()).isEmpty();
        assertThat(plan.largeObjects()).isZero();
        assertThat(run.getProgress().getTablesTotal()).isEqualTo(1);
        assertThat(PgPrograms.selection(plan))
                .containsExactly(
                        "--exclude-table=\"public\".(\"out\")",
                        "--exclude-table=\"s\"\"x\".(\"seq\")",
                        "--exclude-table-data=\"public\".(\"empty\"|\"of_extension\")",
                        "--no-blobs");
    }

    @Test
    void anObjectIsFoundByItsPlaceInTheCatalogs() {
        Plan plan = make(SampleRun.in(folder), List.of(row(1, "t", "r", null)));

        assertThat(plan.objects())
                .containsEntry(new Plan.ObjectId(2606, 4_000_000_000L), 1L)
                .doesNotContainKey(new Plan.ObjectId(1259, 4_000_000_000L));
        assertThat(plan.sequences()).extracting(Plan.Name::quoted).containsExactly("\"s\"\"x\".\"seq\"");
        assertThat(plan.materializedViews()).isEmpty();
        assertThat(plan.schemas()).containsExactly(new Plan.Schema("public", "postgres"));
    }

    private static Plan make(BackupRun run, List<Map<String, Object>> tables) {
        return make(run, null, tables);
    }

    private static Plan make(BackupRun run, Selection selection, List<Map<String, Object>> tables) {
        ServerInfo server = new ServerInfo(150013, "15.13", "shop", "backup", "UTF8", 0, Instant.EPOCH, false, 0);
        return new TablePlan(2, 200)
                .make(
                        run,
                        selection,
                        server,
                        List.of(Map.of("name", "public", "owner", "postgres")),
                        tables,
                        List.of(Map.of("schema", "s\"x", "name", "seq")),
                        List.of(),
                        // As the driver gives oids: longs, beyond an int.
                        List.of(Map.of("class", 2606L, "object", 4_000_000_000L, "table_oid", 1L)));
    }

    private static Map<String, Object> row(long oid, String name, String kind, String extension) {
        Map<String, Object> row = new HashMap<>(
                Map.of("oid", oid, "schema", "public", "name", name, "kind", kind, "persistence", "p", "size", 8192L));
        row.put("extension", extension);
        row.put("partition_of", null);
        return row;
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
