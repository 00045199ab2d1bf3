package dev.bactrian.backup;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.bactrian.archive.Manifest;
import dev.bactrian.archive.Manifest.TablePart;
import dev.bactrian.archive.ManifestJson;
import dev.bactrian.config.ShrinkSettings;
import dev.bactrian.selection.Relation;
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
    private final ShrinkSettings settings;

    public ShrunkTables(ShrinkSettings settings) {
        this.settings = settings;
    }

    /** A table that has shrunk, as {@code sql/backup/find-losses-to-tell.sql} takes it. */
    record Loss(String schema, String name, long rows, long rowsBefore) {}

    /**
     * The tables that have shrunk, as a list of JSON objects with the members schema, name, rows and rows_before; null when there
     * are none.
     *
     * @param before the earlier backup's manifest
     * @param now this one's
     * @throws IllegalArgumentException when one of them can't be read
     */
    public @Nullable String losses(
            @Body @Nullable String before, @ExchangeProperty("manifestText") @Nullable String now) {
        List<Loss> losses = between(read(before), read(now));
        return losses.isEmpty() ? null : ManifestJson.write(losses);
    }

    /** The patterns of tables whose losses nobody wants to be told, as a list of JSON objects with the members schema and name. */
    public String ignored() {
        return ManifestJson.write(settings.ignored());
    }

    /**
     * The losses to tell, as JSON for the history, the largest first; null when there are none.
     *
     * @param losses rows with the members of {@link #losses}
     */
    public @Nullable String warnings(@Body List<Map<String, Object>> losses) {
        return HistoryWarning.toJson(losses.stream()
                .map(loss -> new ShrunkTable(
                        plain(String.valueOf(loss.get("schema"))) + "." + plain(String.valueOf(loss.get("name"))),
                        number(loss.get("rows")),
                        number(loss.get("rows_before"))))
                .sorted(Comparator.<ShrunkTable>comparingLong(table -> table.rows() - table.rowsBefore())
                        .thenComparing(ShrunkTable::table))
                .limit(MOST_TOLD)
                .map(HistoryWarning::of)
                .toList());
    }

    private List<Loss> between(Manifest before, Manifest now) {
        if (settings.percent() == 0) {
            return List.of();
        }
        Map<List<String>, Long> rowsBefore = new HashMap<>();
        before.tables().stream()
                .filter(ShrunkTables::counts)
                .forEach(table -> rowsBefore.put(name(table), rows(table)));
        return now.tables().stream()
                .filter(ShrunkTables::counts)
                .map(table ->
                        new Loss(table.schema(), table.name(), rows(table), rowsBefore.getOrDefault(name(table), 0L)))
                .filter(this::isLoss)
                .toList();
    }

    private boolean isLoss(Loss table) {
        return table.rowsBefore() >= FEWEST_ROWS
                && (table.rowsBefore() - table.rows()) * ALL >= table.rowsBefore() * settings.percent();
    }

    private static long number(@Nullable Object column) {
        return column instanceof Number number ? number.longValue() : 0;
    }

    private static boolean counts(TablePart table) {
        return table.rows() != null && !PARTITIONED.equals(table.kind());
    }

    private static long rows(TablePart table) {
        return table.rows() == null ? 0 : table.rows();
    }

    private static List<String> name(TablePart table) {
        return List.of(table.schema(), table.name());
    }

    /** Quoted where SQL wants it. */
    private static String plain(String identifier) {
        return identifier.matches("[a-z_][a-z0-9_]*") ? identifier : Relation.quote(identifier);
    }

    private Manifest read(@Nullable String manifest) {
        if (manifest == null) {
            throw new IllegalArgumentException("There is no manifest next to the archive");
        }
        try {
            return json.readValue(manifest, Manifest.class);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("The manifest can't be read", e);
        }
    }
}
