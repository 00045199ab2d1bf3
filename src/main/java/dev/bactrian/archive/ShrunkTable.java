package dev.bactrian.archive;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A table that has lost most of its rows since the last good backup. In the history, the API and notifications it is a member
 * of the list {@code warnings}.
 *
 * @param table quoted where SQL wants it, {@code app.orders}
 * @param rows that it has
 * @param rowsBefore that it had
 */
public record ShrunkTable(String table, long rows, long rowsBefore) {

    private static final ObjectMapper JSON = ManifestJson.mapper();

    /** As a column of the history holds them; null when there are none. */
    static @Nullable String toJson(List<ShrunkTable> tables) {
        return tables.isEmpty() ? null : ManifestJson.write(tables);
    }

    /**
     * Reads a column of the history, of whatever type of the driver's.
     *
     * @throws IllegalArgumentException when it holds something else
     */
    public static List<ShrunkTable> fromJson(@Nullable Object column) {
        if (column == null) {
            return List.of();
        }
        try {
            return JSON.readValue(column.toString(), new TypeReference<>() {});
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("These aren't warnings of a backup", e);
        }
    }

    /** {@code Table app.orders has 10 rows, 1,000 before}. */
    public String text() {
        return String.format(
                Locale.ROOT, "Table %s has %,d row%s, %,d before", table, rows, rows == 1 ? "" : "s", rowsBefore);
    }
}
