package dev.bactrian.http.functions;

import com.fasterxml.jackson.databind.JsonNode;
import dev.bactrian.http.api.ApiException;
import dev.bactrian.http.api.Fields;
import dev.bactrian.support.Uuids;
import java.util.UUID;
import java.util.regex.Pattern;
import org.apache.camel.Message;
import org.jspecify.annotations.Nullable;

/** Fields as scripts send them: numbers as texts, texts as numbers, and blanks for nothing. */
final class FunctionFields {

    private static final Pattern TEXT = Pattern.compile("[^\\x00-\\x1f\\x7f-\\x9f]{1,1024}");

    private FunctionFields() {}

    /** A field of a body; null when it is missing or blank. */
    static @Nullable String text(JsonNode body, String field) {
        JsonNode value = body.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return null;
        }
        if (!value.isTextual() && !value.isIntegralNumber()) {
            throw ApiException.badRequest(field + " must be a string.");
        }
        return text(field, value.asText());
    }

    /** A field of a query; null when it is missing or blank. */
    static @Nullable String text(Message message, String field) {
        Object value = message.getHeader(field);
        return value == null ? null : text(field, value.toString());
    }

    /** Null for what is no UUID: no backup has such an id. */
    static @Nullable UUID uuid(@Nullable String text) {
        return text != null && Uuids.isUuid(text) ? UUID.fromString(text) : null;
    }

    private static @Nullable String text(String field, String text) {
        String stripped = text.strip();
        if (stripped.isEmpty()) {
            return null;
        }
        if (!TEXT.matcher(stripped).matches() || !Fields.isUnicode(stripped)) {
            throw ApiException.badRequest(
                    field + " must be a string of 1 to 1024 characters, none a control character.");
        }
        return stripped;
    }
}
