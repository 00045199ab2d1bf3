package dev.bactrian.dump.plan;

import dev.bactrian.backup.BackupRun;
import dev.bactrian.postgres.ServerInfo;
import dev.bactrian.postgres.SupabaseTables;
import dev.bactrian.postgres.Table;
import dev.bactrian.postgres.program.PgTools;
import dev.bactrian.selection.Relation;
import dev.bactrian.selection.Selection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Header;
import org.jspecify.annotations.Nullable;

/**
 * Plans a backup from what detection found. A large table gets a pg_dump of its own; small ones share one, because each
 * start of pg_dump costs about 70 catalog queries whatever the table's size. One above a limit is read in ranges.
 */
public final class TablePlan {

    /** What a backup's evidence has where the plan was made by the selection that settings and request ask for. */
    public static final String BY_SELECTION = "the plan's selection";

    /** What a backup's evidence knows of the tables that it was planned to save the rows of. */
    public static final String TABLES = "tables with rows";

    private final int usual;
    private final int tablesPerDump;
    private final long splitAbove;

    /**
     * Prepares for plans.
     *
     * @param usual how many tables are read at once where the run doesn't say
     * @param tablesPerDump how many small tables at most share one
     * @param splitAbove bytes on the server's disk above which a table is read in ranges; 0 for never
     */
    public TablePlan(int usual, int tablesPerDump, long splitAbove) {
        this.usual = usual;
        this.tablesPerDump = tablesPerDump;
        this.splitAbove = splitAbove;
    }

    /** Makes the plan, and tells the backup how many tables to expect. */
    public Plan make(
            @ExchangeProperty("run") BackupRun run,
            @ExchangeProperty("selection") @Nullable Selection selected,
            @ExchangeProperty("tools") @Nullable PgTools tools,
            @Header("server") ServerInfo server,
            @Header("schemas") List<Map<String, Object>> schemas,
            @Header("tables") List<Map<String, Object>> tables,
            @Header("sequences") List<Map<String, Object>> sequences,
            @Header("materializedViews") List<Map<String, Object>> materializedViews,
            @Header("objects") List<Map<String, Object>> objects,
            @Header("supabase") SupabaseTables supabase) {
        if (run.getEvidence().isMade(ObjectSelection.MADE, selected)) {
            run.getEvidence().done(BY_SELECTION);
        } else {
            run.getEvidence().undone(BY_SELECTION);
        }
        CatalogCounts.compare(run, tables, sequences, schemas, materializedViews, server.largeObjects());
        List<Table> found = tables.stream().map(Table::of).toList();
        Selection selection = UnloggedOnStandby.leaveOut(
                selected == null ? Selection.everything() : selected, server, found, sequences, run);
        List<Table> all = found.stream()
                .filter(table -> selection.holds(table.schema(), table.name()))
                .toList();
        List<Table> withData = all.stream()
                .filter(table -> table.hasData() && selection.holdsData(table.schema(), table.name()))
                .toList();
        List<WholeTable> wholes = WholeTable.of(
                all,
                withData.stream().filter(table -> table.extension() == null).toList());
        Set<Table> parts =
                wholes.stream().flatMap(whole -> whole.parts().stream()).collect(Collectors.toSet());
        List<Table> copied = withData.stream()
                .filter(table -> table.extension() != null || table.scattered() && !parts.contains(table))
                .toList();
        List<Table> ordinary = withData.stream()
                .filter(table -> table.extension() == null && !table.scattered())
                .toList();
        RowProgram program = new RowProgram(tools);
        program.require(Stream.concat(copied.stream(), wholes.stream().map(WholeTable::table)));
        run.getProgress()
                .expect(
                        withData.size() - parts.size() + wholes.size(),
                        withData.stream().mapToLong(Table::size).sum());
        Map<Plan.ObjectId, Long> owners = new HashMap<>();
        objects.forEach(row ->
                owners.put(new Plan.ObjectId(number(row, "class"), number(row, "object")), number(row, "table_oid")));
        Plan plan = new Plan(
                server,
                schemas.stream()
                        .map(row -> new Plan.Schema(text(row, "name"), text(row, "owner")))
                        .filter(schema -> selection.holdsSchema(schema.name()))
                        .toList(),
                all,
                groups(ordinary, run, server, program),
                copied,
                Sequence.saved(sequences, selection),
                names(materializedViews).stream()
                        .filter(name -> selection.holdsData(name.schema(), name.name()))
                        .toList(),
                owners,
                selection,
                SupabaseParts.of(supabase, selection),
                wholes,
                List.of());
        run.getEvidence().made(TABLES, plan.withRows());
        return plan;
    }

    private List<DumpGroup> groups(List<Table> tables, BackupRun run, ServerInfo server, RowProgram program) {
        int workers = run.getWorkers() == 0 ? usual : run.getWorkers();
        SplitTables split = new SplitTables(splitAbove, workers);
        boolean readsRanges = program.readsRanges();
        if (!readsRanges) {
            program.warn(run, tables.stream().filter(table -> !split.ranges(table, server)
                    .isEmpty()));
        }
        return new DumpGrouping(workers, tablesPerDump, run.getRoundTrip())
                .group(tables, table -> readsRanges ? split.ranges(table, server) : List.of());
    }

    private static List<Relation.Named> names(List<Map<String, Object>> rows) {
        return rows.stream()
                .map(row -> new Relation.Named(text(row, "schema"), text(row, "name")))
                .toList();
    }

    private static String text(Map<String, Object> row, String column) {
        return String.valueOf(row.get(column));
    }

    private static long number(Map<String, Object> row, String column) {
        return Long.parseLong(text(row, column));
    }
}
