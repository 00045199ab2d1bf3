package dev.bactrian.dump;

import dev.bactrian.database.Table;
import java.util.List;

/** Tables whose data one pg_dump reads. */
public record DumpGroup(List<Table> tables) {

    public DumpGroup {
        tables = List.copyOf(tables);
    }
}
