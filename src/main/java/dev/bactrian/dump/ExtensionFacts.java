package dev.bactrian.dump;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.bactrian.archive.EntryNames;
import dev.bactrian.archive.ManifestJson;
import dev.bactrian.archive.SavedExtension;
import dev.bactrian.backup.BackupRun;
import dev.bactrian.selection.Selection;
import dev.bactrian.support.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.apache.camel.Body;
import org.apache.camel.ExchangeProperty;
import org.jspecify.annotations.Nullable;

/** Reads what {@code sql/backup/detect-extension-members.sql} finds. */
public final class ExtensionFacts {

    private static final TypeReference<List<SavedExtension.Part>> PARTS = new TypeReference<>() {};

    /** Of the one text that the route's query found, what is saved. */
    public List<SavedExtension.Part> describe(
            @Body String facts, @ExchangeProperty("selection") @Nullable Selection selection) {
        List<SavedExtension.Part> parts = parse(facts);
        if (selection == null || selection.leftOut().isEmpty()) {
            return parts;
        }
        // Whether anything else needs a schema that is left out isn't known.
        return parts.stream()
                .filter(part -> part.relation() != null)
                .filter(part -> selection.holds(
                        Objects.requireNonNull(part.relation()).schema(),
                        Objects.requireNonNull(part.relation()).name()))
                .toList();
    }

    /** {@code db/extensions.json}: a part per line. */
    public String text(
            @ExchangeProperty("extensionParts") List<SavedExtension.Part> parts, @ExchangeProperty("run") BackupRun run)
            throws IOException {
        ObjectMapper mapper =
                ManifestJson.mapper().disable(com.fasterxml.jackson.databind.SerializationFeature.INDENT_OUTPUT);
        StringBuilder text = new StringBuilder("[");
        for (SavedExtension.Part part : parts) {
            text.append(text.length() == 1 ? "\n" : ",\n").append(mapper.writeValueAsString(part));
        }
        String whole = text.append("\n]\n").toString();
        run.getEvidence().text(EntryNames.EXTENSIONS, Sha256.of(whole));
        return whole;
    }

    /** What {@link #text} wrote. */
    public static List<SavedExtension.Part> read(byte[] json) throws IOException {
        return ManifestJson.mapper().readValue(json, PARTS);
    }

    /** Of the query's one column. */
    public static List<SavedExtension.Part> parse(String facts) {
        try {
            return ManifestJson.mapper()
                    .readValue(new String(HexFormat.of().parseHex(facts), StandardCharsets.UTF_8), PARTS);
        } catch (JsonProcessingException | IllegalArgumentException e) {
            throw new IllegalStateException(
                    "sql/backup/detect-extension-members.sql must return a JSON text as hex digits", e);
        }
    }
}
