package dev.bactrian.backup;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.bactrian.archive.ManifestJson;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What should be looked at, though a backup is good: a member of the list {@code warnings} of the history, the API and
 * notifications. Either a table that lost most of its rows ({@link ShrunkTable}), or a text.
 *
 * @param table null in a text
 * @param rows null in a text
 * @param rowsBefore null in a text
 * @param text a warning of the backup's manifest; null where it is a table
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record HistoryWarning(
        @Nullable String table, @Nullable Long rows, @Nullable Long rowsBefore, @Nullable String text) {

    private static final ObjectMapper JSON = ManifestJson.mapper();

    static HistoryWarning of(ShrunkTable table) {
        return new HistoryWarning(table.table(), table.rows(), table.rowsBefore(), null);
    }

    static HistoryWarning of(String text) {
        return new HistoryWarning(null, null, null, text);
    }

    /** As a column of the history holds them; null when there are none. */
    static @Nullable String toJson(List<HistoryWarning> warnings) {
        return warnings.isEmpty() ? null : ManifestJson.write(warnings);
    }

    /**
     * Reads a column of the history, of whatever type of the driver's.
     *
     * @throws IllegalArgumentException when it holds something else
     */
    public static List<HistoryWarning> fromJson(@Nullable Object column) {
        if (column == null) {
            return List.of();
        }
        try {
            return JSON.readValue(column.toString(), new TypeReference<>() {});
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("These aren't the warnings of a backup", e);
        }
    }

    /** The table that it is about; null for a text. */
    @Nullable
    ShrunkTable shrunk() {
        return table == null
                ? null
                : new ShrunkTable(table, rows == null ? 0 : rows, rowsBefore == null ? 0 : rowsBefore);
    }

    /** In words. */
    public String shown() {
        ShrunkTable shrunk = shrunk();
        return shrunk == null ? String.valueOf(text) : shrunk.text();
    }
}
