package dev.bactrian.dump;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.bactrian.archive.EntryNames;
import dev.bactrian.archive.ManifestJson;
import dev.bactrian.archive.SavedDatabase;
import dev.bactrian.backup.BackupRun;
import dev.bactrian.support.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.camel.Body;
import org.apache.camel.ExchangeProperty;
import org.jspecify.annotations.Nullable;

/** Reads what {@code sql/backup/detect-database.sql} says of the database itself. */
public final class DatabaseFacts {

    private static final Map<String, String> PROVIDERS = Map.of("i", "icu", "b", "builtin");

    /** Of the one text that the route's query found. */
    public SavedDatabase describe(@Body String facts) {
        return parse(facts);
    }

    /** {@code db/database.json}. */
    public String text(
            @ExchangeProperty("savedDatabase") SavedDatabase database, @ExchangeProperty("run") BackupRun run) {
        String text = ManifestJson.write(database);
        run.getEvidence().text(EntryNames.DATABASE, Sha256.of(text));
        return text;
    }

    /** What {@link #text} wrote. */
    public static SavedDatabase read(byte[] json) throws IOException {
        return ManifestJson.mapper().readValue(json, SavedDatabase.class);
    }

    /** Of the query's one column. */
    public static SavedDatabase parse(String facts) {
        try {
            JsonNode all =
                    ManifestJson.mapper().readTree(new String(HexFormat.of().parseHex(facts), StandardCharsets.UTF_8));
            return of(all, all.path("database"));
        } catch (JsonProcessingException | IllegalArgumentException e) {
            throw new IllegalStateException("sql/backup/detect-database.sql must return a JSON text as hex digits", e);
        }
    }

    private static SavedDatabase of(JsonNode all, JsonNode database) {
        // Before PostgreSQL 15 there is one provider; since 17 the locale has one name for all.
        String provider = PROVIDERS.getOrDefault(database.path("datlocprovider").asText("c"), "libc");
        String locale = text(database.has("datlocale") ? database.get("datlocale") : database.path("daticulocale"));
        return new SavedDatabase(
                all.path("owner").asText(),
                text(all.path("comment")),
                database.path("datconnlimit").asInt(-1),
                database.path("datistemplate").asBoolean(),
                all.path("encoding").asText(),
                all.path("tablespace").asText(),
                provider,
                database.path("datcollate").asText(),
                database.path("datctype").asText(),
                locale,
                text(database.path("daticurules")),
                list(all.path("grants"), new TypeReference<>() {}),
                list(all.path("settings"), new TypeReference<>() {}),
                list(all.path("labels"), new TypeReference<>() {}));
    }

    private static <T> List<T> list(JsonNode node, TypeReference<List<T>> type) {
        ObjectMapper mapper = ManifestJson.mapper();
        return node.isArray() ? Objects.requireNonNull(mapper.convertValue(node, type)) : List.of();
    }

    private static @Nullable String text(JsonNode node) {
        return node.isTextual() ? node.asText() : null;
    }
}
