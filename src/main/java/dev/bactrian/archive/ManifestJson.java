package dev.bactrian.archive;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.bactrian.support.JsonText;
import java.io.IOException;

/**
 * JSON as manifests and the HTTP API speak it: snake_case, times as ISO 8601 text in UTC, indented. Reading has limits
 * ({@link ReadLimits}), and refuses what names a member twice: two readers could take two different values from that.
 */
public final class ManifestJson {

    /** Deeper than any manifest, and than what a manifest of a later version may add. */
    private static final int DEEPEST = 50;

    private static final int LONGEST_STRING = 1 << 20;
    private static final int LONGEST_NAME = 1 << 14;

    private static final ObjectWriter WRITER = mapper().writer();

    private ManifestJson() {}

    /** A value in this form. */
    public static String write(Object value) {
        return JsonText.of(value, WRITER);
    }

    /**
     * A text in a manifest, by the names of the members that lead to it with a slash before each; empty when it isn't there, or
     * the manifest isn't JSON up to there.
     */
    public static String text(String manifest, String path) {
        try (JsonParser parser = factory().createParser(manifest)) {
            parser.nextToken();
            for (String name : path.substring(1).split("/", -1)) {
                if (!enter(parser, name)) {
                    return "";
                }
            }
            return parser.currentToken().isScalarValue() && parser.currentToken() != JsonToken.VALUE_NULL
                    ? parser.getText()
                    : "";
        } catch (IOException e) {
            return "";
        }
    }

    /** Goes from an object to one of its members. */
    private static boolean enter(JsonParser parser, String name) throws IOException {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            return false;
        }
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            boolean wanted = name.equals(parser.currentName());
            parser.nextToken();
            if (wanted) {
                return true;
            }
            parser.skipChildren();
        }
        return false;
    }

    public static ObjectMapper mapper() {
        return JsonMapper.builder(factory())
                .addModule(new JavaTimeModule())
                .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .enable(SerializationFeature.INDENT_OUTPUT)
                .build();
    }

    /** Reads other texts of an archive as trees, within the same number of names, values and brackets. */
    public static ObjectMapper trees() {
        return new ObjectMapper(JsonFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxTokenCount(ReadLimits.HERE.manifestTokens())
                        .build())
                .build());
    }

    static JsonFactory factory() {
        return JsonFactory.builder()
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(DEEPEST)
                        .maxStringLength(LONGEST_STRING)
                        .maxNameLength(LONGEST_NAME)
                        .maxTokenCount(ReadLimits.HERE.manifestTokens())
                        .build())
                .build();
    }
}
