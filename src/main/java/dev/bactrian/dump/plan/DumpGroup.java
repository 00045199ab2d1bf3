package dev.bactrian.dump.plan;

import dev.bactrian.postgres.Table;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Tables whose data one pg_dump reads; or one table, of which psql reads a range.
 *
 * @param range null for whole tables
 */
public record DumpGroup(List<Table> tables, @Nullable BlockRange range) {

    /** Whole tables. */
    public DumpGroup(List<Table> tables) {
        this(tables, null);
    }

    /** Bytes on the server's disk. */
    long size() {
        long all = tables.stream().mapToLong(Table::size).sum();
        return range == null ? all : range.share(all);
    }

    /** The same of other tables. */
    public DumpGroup of(List<Table> others) {
        return new DumpGroup(others, range);
    }

    public DumpGroup {
        tables = List.copyOf(tables);
    }
}
