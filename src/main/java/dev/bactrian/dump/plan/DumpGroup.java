package dev.bactrian.dump.plan;

import dev.bactrian.postgres.Table;
import java.util.List;

/** Tables whose data one pg_dump reads. */
public record DumpGroup(List<Table> tables) {

    public DumpGroup {
        tables = List.copyOf(tables);
    }
}
