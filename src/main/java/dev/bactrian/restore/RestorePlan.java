package dev.bactrian.restore;

import dev.bactrian.archive.Manifest;
import dev.bactrian.archive.read.SavedBackup;
import dev.bactrian.restore.ddl.Definitions;
import dev.bactrian.restore.ddl.SchemaRename;
import dev.bactrian.restore.ddl.ScriptEntry;
import dev.bactrian.selection.Relation;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a restore does, in which order.
 *
 * @param drops tables that make room, before anything else
 * @param preData definitions that come before the rows
 * @param tables whose rows are loaded, the largest first; those of extensions before all others
 * @param order which of them wait for others
 * @param postData definitions that come after, but for the indexes that are built with their table
 * @param sequenceOwners all tables that are restored
 * @param made those of them that aren't there yet
 * @param sequencesThere sequences that others may take numbers from: they were there, and stay
 * @param materializedViews to refresh, in this order, as quoted names
 * @param rename null when everything goes where it came from
 */
public record RestorePlan(
        SavedBackup backup,
        Definitions definitions,
        List<Relation.Named> drops,
        List<ScriptEntry> preData,
        List<TableLoad> tables,
        LoadOrder order,
        List<ScriptEntry> postData,
        List<Relation.Named> sequenceOwners,
        List<Relation.Named> made,
        Set<Relation.Named> sequencesThere,
        List<String> materializedViews,
        boolean everything,
        @Nullable SchemaRename rename) {

    /**
     * One table's rows.
     *
     * @param target where they go
     * @param created whether this restore made the table, so that nobody else uses it
     * @param indexes that are built as soon as the rows are in
     */
    public record TableLoad(
            Manifest.TablePart part, Relation.Named target, boolean created, List<ScriptEntry> indexes) {

        public String quoted() {
            return target.quoted();
        }

        public long bytes() {
            Long bytes = part.bytes();
            return bytes == null ? 0 : bytes;
        }
    }

    /** The same with these materialized views alone. */
    public RestorePlan refreshing(List<String> views) {
        return new RestorePlan(
                backup,
                definitions,
                drops,
                preData,
                tables,
                order,
                postData,
                sequenceOwners,
                made,
                sequencesThere,
                views,
                everything,
                rename);
    }

    /** Tables that extensions made. */
    public List<TableLoad> extensionTables() {
        return tables.stream().filter(table -> table.part().extension() != null).toList();
    }

    /** All others, the largest first. */
    public List<TableLoad> otherTables() {
        return tables.stream().filter(table -> table.part().extension() == null).toList();
    }

    /** Rows that are to be loaded. */
    public long rows() {
        return tables.stream()
                .mapToLong(
                        table -> table.part().rows() == null ? 0 : table.part().rows())
                .sum();
    }

    /** Bytes of data.sql that are to be loaded. */
    public long bytes() {
        return tables.stream().mapToLong(TableLoad::bytes).sum();
    }

    public static Relation.Named named(Manifest.TablePart table) {
        return new Relation.Named(table.schema(), table.name());
    }
}
