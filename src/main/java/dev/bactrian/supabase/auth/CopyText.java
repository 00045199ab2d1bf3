package dev.bactrian.supabase.auth;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/** Values as COPY's text format has them (PostgreSQL manual, "COPY", "Text Format"). */
final class CopyText {

    private CopyText() {}

    /** Appends a value; null for NULL. */
    static void append(StringBuilder text, @Nullable String value) {
        if (value == null) {
            text.append("\\N");
            return;
        }
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '\\' -> text.append("\\\\");
                case '\n' -> text.append("\\n");
                case '\r' -> text.append("\\r");
                case '\t' -> text.append("\\t");
                default -> text.append(c);
            }
        }
    }

    /** A JSON array as PostgreSQL writes arrays (manual, "Array Input and Output Syntax"). */
    static String array(JsonNode elements) {
        StringBuilder text = new StringBuilder("{");
        for (JsonNode element : elements) {
            text.append(text.length() == 1 ? "" : ",");
            if (element.isArray()) {
                text.append(array(element));
            } else if (element.isNull()) {
                text.append("NULL");
            } else {
                String value = element.isValueNode() ? element.asText() : element.toString();
                text.append('"')
                        .append(value.replace("\\", "\\\\").replace("\"", "\\\""))
                        .append('"');
            }
        }
        return text.append('}').toString();
    }
}
