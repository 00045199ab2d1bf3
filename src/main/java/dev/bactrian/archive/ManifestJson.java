package dev.bactrian.archive;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.bactrian.json.JsonText;

/** JSON as manifests and the HTTP API speak it: snake_case, times as ISO 8601 text in UTC, indented. */
public final class ManifestJson {

    private static final ObjectWriter WRITER = mapper().writer();

    private ManifestJson() {}

    /** A value in this form. */
    public static String write(Object value) {
        return JsonText.of(value, WRITER);
    }

    /** A text in a manifest, by its JSON pointer (RFC 6901); empty when it isn't there, or the manifest isn't JSON. */
    public static String text(String manifest, String pointer) {
        try {
            return mapper().readTree(manifest).at(pointer).asText("");
        } catch (JsonProcessingException e) {
            return "";
        }
    }

    public static ObjectMapper mapper() {
        return JsonMapper.builder()
                .addModule(new JavaTimeModule())
                .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .enable(SerializationFeature.INDENT_OUTPUT)
                .build();
    }
}
