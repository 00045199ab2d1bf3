package dev.bactrian.dump;

import dev.bactrian.dump.instant.Place;
import dev.bactrian.dump.plan.BlockRange;
import dev.bactrian.dump.plan.DumpGroup;
import dev.bactrian.postgres.Table;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Rows that psql copies into one entry of the archive, since pg_dump would not find them, would leave them out, or would read
 * them by one process.
 *
 * @param table the table whose rows they are saved as, as the plan has it
 * @param group the same with its range, or with the size of what is read; what the next steps expect
 * @param from what is read: the table itself, or its partitions, one after the other
 * @param place where the table is now, under other names; null where it has its saved ones
 */
public record RowSource(Table table, DumpGroup group, List<Table> from, @Nullable Place place) {

    public RowSource {
        from = List.copyOf(from);
    }

    @Nullable
    BlockRange range() {
        return group.range();
    }

    /** What is read, by its names of now, quoted. */
    List<String> names() {
        Place now = place;
        return now == null
                ? from.stream().map(Table::quoted).toList()
                : List.of(now.name().quoted());
    }

    /** What must be the snapshot's for the rows to be. */
    List<Table> watched() {
        Set<Table> all = new LinkedHashSet<>(from);
        all.add(table);
        return new ArrayList<>(all);
    }
}
