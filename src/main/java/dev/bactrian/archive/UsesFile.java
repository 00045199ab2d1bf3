package dev.bactrian.archive;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.bactrian.postgres.meaning.Definition;
import dev.bactrian.postgres.meaning.Use;
import dev.bactrian.postgres.meaning.Uses;
import java.io.IOException;
import java.util.function.Predicate;

/**
 * {@code db/dependencies.json}: what each definition uses. A JSON array, UTF-8, an object per line: {@code kind}, {@code schema},
 * {@code name} and {@code part} of a {@link Definition}, and {@code uses}, an array of {@link Use}s.
 */
public final class UsesFile {

    private static final ObjectMapper JSON = ManifestJson.trees();

    private UsesFile() {}

    /**
     * Writes it.
     *
     * @param wanted which definitions go in
     */
    public static String write(Uses uses, Predicate<Definition> wanted) {
        StringBuilder text = new StringBuilder("[");
        for (Definition definition : uses.definitions()) {
            if (wanted.test(definition)) {
                text.append(text.length() == 1 ? "\n" : ",\n").append(line(definition, uses));
            }
        }
        return text.append(text.length() == 1 ? "]\n" : "\n]\n").toString();
    }

    private static ObjectNode line(Definition definition, Uses uses) {
        ObjectNode line = JSON.createObjectNode();
        line.put("kind", definition.kind());
        line.put("schema", definition.schema());
        line.put("name", definition.name());
        line.put("part", definition.part());
        for (Use use : uses.of(definition)) {
            ObjectNode one = line.withArray("uses").addObject();
            one.put("kind", use.kind());
            one.put("schema", use.schema());
            one.put("name", use.name());
            one.put("arguments", use.arguments());
            if (!use.extension().isEmpty()) {
                one.put("extension", use.extension());
            }
        }
        return line;
    }

    /**
     * Reads it.
     *
     * @throws IOException when it isn't such a file
     */
    public static Uses read(byte[] file) throws IOException {
        Uses uses = new Uses();
        try {
            for (JsonNode line : JSON.readTree(file)) {
                Definition definition = new Definition(
                        text(line, "kind"), text(line, "schema"), text(line, "name"), text(line, "part"));
                for (JsonNode use : line.path("uses")) {
                    uses.add(
                            definition,
                            new Use(
                                    text(use, "kind"),
                                    text(use, "schema"),
                                    text(use, "name"),
                                    text(use, "arguments"),
                                    use.path("extension").asText("")));
                }
            }
        } catch (JsonProcessingException e) {
            throw new IOException("it isn't valid JSON", e);
        }
        return uses;
    }

    private static String text(JsonNode node, String field) throws IOException {
        JsonNode value = node.get(field);
        if (value == null || !value.isTextual()) {
            throw new IOException("a definition in it has no " + field);
        }
        return value.asText();
    }
}
