package dev.bactrian.restore.rows;

import dev.bactrian.archive.DataEntry;
import dev.bactrian.restore.RestorePlan.TableLoad;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What one worker loads at a time: a table's rows, or a part of them while others load more. */
public final class RowLoad {

    private final TableLoad table;
    private final @Nullable PartLoads parts;
    private final @Nullable DataEntry entry;
    private volatile boolean last;

    private RowLoad(TableLoad table, @Nullable PartLoads parts, @Nullable DataEntry entry) {
        this.table = table;
        this.parts = parts;
        this.entry = entry;
        this.last = parts == null;
    }

    static RowLoad whole(TableLoad table) {
        return new RowLoad(table, null, null);
    }

    /**
     * Of a table that this restore has made, and that has its rows in several entries, one for each: until the restore ends nobody
     * uses it, so that its rows needn't come in one transaction.
     */
    static List<RowLoad> of(TableLoad table) {
        List<DataEntry> entries = table.part().rowEntries();
        if (!table.created() || table.part().isPartitioned() || entries.size() < 2 || AgentJobs.mayBe(table)) {
            return List.of(whole(table));
        }
        PartLoads parts = new PartLoads(table, entries.size());
        return entries.stream().map(entry -> new RowLoad(table, parts, entry)).toList();
    }

    public TableLoad getTable() {
        return table;
    }

    @Nullable
    PartLoads getParts() {
        return parts;
    }

    DataEntry entry() {
        return Objects.requireNonNull(entry);
    }

    /** All rows of the table have been loaded by now, or given up; for the route. */
    public boolean isLast() {
        return last;
    }

    void ended(boolean asLast) {
        last = asLast;
    }
}
