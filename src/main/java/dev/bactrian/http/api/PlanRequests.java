package dev.bactrian.http.api;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.bactrian.config.RetentionRules;
import dev.bactrian.postgres.url.Databases;
import java.util.List;
import java.util.Map;
import org.apache.camel.Header;
import org.apache.camel.Headers;
import org.jspecify.annotations.Nullable;

/** Reads the query of {@code GET /api/retention/plan}. */
public final class PlanRequests {

    private static final String RULE = "keep_";

    private final Databases databases;

    public PlanRequests(Databases databases) {
        this.databases = databases;
    }

    /** Rules to try out, in place of those that hold; null when the query has none. */
    public @Nullable RetentionRules rules(@Headers Map<String, Object> query) {
        ObjectNode rules = JsonNodeFactory.instance.objectNode();
        query.forEach((name, value) -> {
            if (name.startsWith(RULE)) {
                String text = String.valueOf(value);
                // Whatever else is no number, and refused with the rest.
                if (text.matches("[0-9]{1,9}")) {
                    rules.put(name, Integer.parseInt(text));
                } else {
                    rules.put(name, text);
                }
            }
        });
        try {
            return rules.isEmpty() ? null : RetentionRules.fromJson(rules.toString());
        } catch (IllegalArgumentException e) {
            throw ApiException.badRequest(String.valueOf(e.getMessage()));
        }
    }

    /** Names of the databases that are meant. */
    public List<String> databases(@Header("database") @Nullable String database) {
        if (database == null) {
            return List.copyOf(databases.names());
        }
        if (databases.find(database).isEmpty()) {
            throw ApiException.badRequest("database must be one of: " + String.join(", ", databases.names()) + ".");
        }
        return List.of(database);
    }
}
