package dev.bactrian.backup;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.bactrian.archive.Manifest;
import dev.bactrian.archive.ManifestJson;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.ExchangeProperty;
import org.jspecify.annotations.Nullable;

/** The warnings of a backup as its history shows them: those of its manifest, too. */
public final class HistoryWarnings {

    /** The history isn't a list of everything; the manifest is. */
    private static final int MOST_TOLD = 100;

    /**
     * Joins them, as JSON for the history; null when there are none.
     *
     * @param shrunk what the routes found already: tables that lost most of their rows
     * @param manifestText the backup's manifest; one that can't be read adds nothing
     */
    public @Nullable String all(
            @ExchangeProperty("warnings") @Nullable String shrunk,
            @ExchangeProperty("manifestText") @Nullable String manifestText) {
        List<HistoryWarning> all = new ArrayList<>(HistoryWarning.fromJson(shrunk));
        manifest(manifestText).stream().limit(MOST_TOLD).map(HistoryWarning::of).forEach(all::add);
        return HistoryWarning.toJson(all);
    }

    private static List<String> manifest(@Nullable String text) {
        try {
            return text == null
                    ? List.of()
                    : ManifestJson.mapper().readValue(text, Manifest.class).warnings();
        } catch (JsonProcessingException e) {
            return List.of();
        }
    }
}
