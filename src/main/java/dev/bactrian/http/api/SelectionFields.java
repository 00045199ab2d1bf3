package dev.bactrian.http.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.bactrian.selection.NamePattern;
import dev.bactrian.selection.SelectionRequest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the fields of a request that choose a part of the database. */
final class SelectionFields {

    static final Set<String> NAMES = Set.of("schemas", "exclude_schemas", "tables", "exclude", "exclude_table_data");

    private SelectionFields() {}

    /** The wishes of a body; null when it has none. */
    static @Nullable SelectionRequest of(JsonNode body) {
        try {
            SelectionRequest wishes = new SelectionRequest(
                    list(body, "schemas"),
                    list(body, "exclude_schemas"),
                    list(body, "tables"),
                    list(body, "exclude"),
                    list(body, "exclude_table_data"));
            return wishes.isNone() ? null : wishes;
        } catch (IllegalArgumentException e) {
            throw ApiException.badRequest(String.valueOf(e.getMessage()));
        }
    }

    private static @Nullable List<String> list(JsonNode body, String field) {
        JsonNode value = body.get(field);
        if (value == null || value.isNull()) {
            return null;
        }
        List<String> patterns = new ArrayList<>();
        value.forEach(item -> patterns.add(item.isTextual() ? item.textValue() : ""));
        // An empty list could mean nothing at all as well as everything.
        if (!value.isArray()
                || patterns.isEmpty()
                || patterns.size() > SelectionRequest.MOST
                || !patterns.stream().allMatch(SelectionFields::fits)) {
            throw ApiException.badRequest(
                    field + " must be a list of 1 to " + SelectionRequest.MOST + " patterns, each a string of 1 to "
                            + NamePattern.LONGEST + " characters. Leave the field out where nothing is meant.");
        }
        return patterns;
    }

    private static boolean fits(String text) {
        return !text.isBlank()
                && text.length() <= NamePattern.LONGEST
                && StandardCharsets.UTF_8.newEncoder().canEncode(text);
    }
}
