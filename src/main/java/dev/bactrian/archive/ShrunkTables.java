package dev.bactrian.archive;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.bactrian.archive.Manifest.TablePart;
import dev.bactrian.database.Table;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.Body;
import org.apache.camel.ExchangeProperty;
import org.jspecify.annotations.Nullable;

/**
 * Compares a backup with the good one before it. Whatever is in one of them only was made, dropped or left out, and isn't
 * told; nor is a partitioned table, whose partitions speak for themselves.
 */
public final class ShrunkTables {

    /** Tables that had fewer rows come and go with every job that uses them. */
    static final int FEWEST_ROWS = 10;

    /** The history isn't a list of all tables. */
    static final int MOST_TOLD = 100;

    private static final int ALL = 100;
    private static final String PARTITIONED = "partitioned table";

    private final ObjectMapper json = ManifestJson.mapper();
    private final int percent;

    /**
     * Prepares comparisons.
     *
     * @param percent of a table's rows that must be lost to be told; 0 for never
     */
    public ShrunkTables(int percent) {
        this.percent = percent;
    }

    /**
     * The tables that have shrunk, as JSON for the history, the largest losses first; null when there are none.
     *
     * @param before the earlier backup's manifest
     * @param now this one's
     * @throws IllegalArgumentException when one of them can't be read
     */
    public @Nullable String warnings(
            @Body @Nullable String before, @ExchangeProperty("manifestText") @Nullable String now) {
        return ShrunkTable.toJson(between(read(before), read(now)));
    }

    List<ShrunkTable> between(Manifest before, Manifest now) {
        if (percent == 0) {
            return List.of();
        }
        Map<String, Long> rowsBefore = new HashMap<>();
        before.tables().stream()
                .filter(ShrunkTables::counts)
                .forEach(table -> rowsBefore.put(name(table), table.rows()));
        return now.tables().stream()
                .filter(ShrunkTables::counts)
                .map(table -> new ShrunkTable(name(table), rows(table), rowsBefore.getOrDefault(name(table), 0L)))
                .filter(this::isLoss)
                .sorted(Comparator.<ShrunkTable>comparingLong(table -> table.rows() - table.rowsBefore())
                        .thenComparing(ShrunkTable::table))
                .limit(MOST_TOLD)
                .toList();
    }

    private boolean isLoss(ShrunkTable table) {
        return table.rowsBefore() >= FEWEST_ROWS
                && (table.rowsBefore() - table.rows()) * ALL >= table.rowsBefore() * percent;
    }

    private static boolean counts(TablePart table) {
        return table.rows() != null && !PARTITIONED.equals(table.kind());
    }

    private static long rows(TablePart table) {
        return table.rows() == null ? 0 : table.rows();
    }

    private static String name(TablePart table) {
        return plain(table.schema()) + "." + plain(table.name());
    }

    /** Quoted where SQL wants it. */
    private static String plain(String identifier) {
        return identifier.matches("[a-z_][a-z0-9_]*") ? identifier : Table.quote(identifier);
    }

    private Manifest read(@Nullable String manifest) {
        if (manifest == null) {
            throw new IllegalArgumentException("No manifest lies beside the archive");
        }
        try {
            return json.readValue(manifest, Manifest.class);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("The manifest can't be read", e);
        }
    }
}
