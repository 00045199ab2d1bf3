package dev.bactrian.dump.instant;

import dev.bactrian.selection.Relation;
import java.util.List;

/**
 * Where a table's rows can be read under the snapshot though the table, its schema or its columns have other names now.
 *
 * @param name what it is called now
 * @param columns what the saved columns are called now, in the order of the saved ones; without generated ones
 * @param savedColumns what they were called
 * @param version moves with every change of what its rows are found by
 */
public record Place(Relation.Named name, List<String> columns, List<String> savedColumns, String version) {

    public Place {
        columns = List.copyOf(columns);
        savedColumns = List.copyOf(savedColumns);
    }
}
