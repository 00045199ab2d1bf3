package dev.bactrian.dump.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bactrian.backup.BackupRun;
import dev.bactrian.dump.PgPrograms;
import dev.bactrian.postgres.ServerInfo;
import dev.bactrian.postgres.SupabaseTables;
import dev.bactrian.postgres.Table;
import dev.bactrian.postgres.program.PgTools;
import dev.bactrian.problem.ProblemException;
import dev.bactrian.selection.Relation.Named;
import dev.bactrian.selection.Selection;
import dev.bactrian.testing.SampleRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What detection finds becomes a plan that holds each table once, and nothing that is left out. */
class TablePlanTest {

    @TempDir
    private Path folder;

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
        assertThat(plan.sequences())
                .containsExactly(new Sequence(4_000_000_001L, new Named("s\"x", "seq"), 4_000_000_002L, -1, false));
        assertThat(plan.materializedViews()).isEmpty();
        assertThat(plan.schemas()).containsExactly(new Plan.Schema("public", "postgres"));
    }

    @Test
    void aLargeTableIsReadInRangesByPsql() throws IOException {
        BackupRun run = SampleRun.in(folder);

        Plan plan = make(run, null, tools("pg_dump", "psql"), List.of(large("large"), row(2, "small", "r", null)));

        assertThat(plan.groups()).filteredOn(group -> group.range() != null).hasSizeGreaterThan(2);
        assertThat(run.getWarnings()).isEmpty();
    }

    @Test
    void withoutPsqlItIsReadAsAWholeAndThatIsTold() throws IOException {
        BackupRun run = SampleRun.in(folder);

        Plan plan = make(run, null, tools("pg_dump"), List.of(large("large"), row(2, "small", "r", null)));

        assertThat(plan.groups()).allMatch(group -> group.range() == null);
        assertThat(plan.groups())
                .flatExtracting(DumpGroup::tables)
                .extracting(Table::name)
                .contains("large", "small");
        assertThat(run.getWarnings())
                .singleElement()
                .asString()
                .contains("psql was not found in " + folder, "\"public\".\"large\"", "BACKUP_SPLIT_ABOVE", "PG_BIN")
                .doesNotContain("small");
    }

    @Test
    void withoutPsqlSmallTablesNeedNoWarning() throws IOException {
        BackupRun run = SampleRun.in(folder);

        make(run, null, tools("pg_dump"), List.of(row(2, "small", "r", null)));

        assertThat(run.getWarnings()).isEmpty();
    }

    @Test
    void whatPgDumpCannotReadIsRefusedWithoutPsql() throws IOException {
        PgTools without = tools("pg_dump");

        assertThatThrownBy(() ->
                        make(SampleRun.in(folder), null, without, List.of(row(4, "of_extension", "r", "postgis"))))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("psql was not found in " + folder)
                .hasMessageContaining("\"public\".\"of_extension\"")
                .hasMessageContaining("apt-get install postgresql-client");
    }

    private PgTools tools(String... names) throws IOException {
        for (String name : names) {
            assertThat(Files.createFile(folder.resolve(name)).toFile().setExecutable(true))
                    .isTrue();
        }
        return new PgTools(folder, 15, "15.13");
    }

    private static Map<String, Object> large(String name) {
        Map<String, Object> row = row(1, name, "r", null);
        row.put("size", 16L << 20);
        row.put("blocks", 2048L);
        return row;
    }

    private static Plan make(BackupRun run, List<Map<String, Object>> tables) {
        return make(run, null, tables);
    }

    private static Plan make(BackupRun run, Selection selection, List<Map<String, Object>> tables) {
        return make(run, selection, null, tables);
    }

    private static Plan make(BackupRun run, Selection selection, PgTools tools, List<Map<String, Object>> tables) {
        ServerInfo server =
                new ServerInfo(150013, "15.13", "shop", "backup", "UTF8", 0, Instant.EPOCH, false, 0, false);
        return new TablePlan(2, 200, 1 << 20)
                .make(
                        run,
                        selection,
                        tools,
                        server,
                        List.of(Map.of("name", "public", "owner", "postgres")),
                        tables,
                        List.of(Map.of(
                                "oid",
                                4_000_000_001L,
                                "schema",
                                "s\"x",
                                "name",
                                "seq",
                                "file",
                                4_000_000_002L,
                                "increment",
                                -1L,
                                "cycles",
                                false)),
                        List.of(),
                        // As the driver gives oids: longs, beyond an int.
                        List.of(Map.of("class", 2606L, "object", 4_000_000_000L, "table_oid", 1L)),
                        SupabaseTables.NONE);
    }

    private static Map<String, Object> row(long oid, String name, String kind, String extension) {
        Map<String, Object> row = new HashMap<>(
                Map.of("oid", oid, "schema", "public", "name", name, "kind", kind, "persistence", "p", "size", 8192L));
        row.put("extension", extension);
        row.put("partition_of", null);
        return row;
    }
}
