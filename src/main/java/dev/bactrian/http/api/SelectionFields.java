package dev.bactrian.http.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.bactrian.selection.NamePattern;
import dev.bactrian.selection.SelectionRequest;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the fields of a request that choose a part of the database. */
final class SelectionFields {

    static final Set<String> NAMES = Set.of("schemas", "exclude_schemas", "tables", "exclude", "exclude_table_data");

    private SelectionFields() {}

    /** The selection of a body; null when it has none. */
    static @Nullable SelectionRequest of(JsonNode body) {
        try {
            Fields fields = new Fields(body);
            SelectionRequest request = new SelectionRequest(
                    list(fields, "schemas"),
                    list(fields, "exclude_schemas"),
                    list(fields, "tables"),
                    list(fields, "exclude"),
                    list(fields, "exclude_table_data"));
            return request.isNone() ? null : request;
        } catch (IllegalArgumentException e) {
            throw ApiException.badRequest(String.valueOf(e.getMessage()));
        }
    }

    private static @Nullable List<String> list(Fields fields, String name) {
        return fields.list(name, "patterns", SelectionRequest.MOST, NamePattern.LONGEST, "nothing");
    }
}
