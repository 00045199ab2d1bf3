package dev.bactrian.http.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.bactrian.postgres.url.Databases;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads the fields of a request that say of which databases it wants backups. */
final class WantedDatabases {

    static final Set<String> NAMES = Set.of("database", "databases", "environment");

    private static final String ENVIRONMENT = "(prod|dev|both)";

    /** What the words of the systems that Bactrian replaces mean. */
    private static final Map<String, List<String>> ENVIRONMENTS =
            Map.of("prod", List.of("prod"), "dev", List.of("dev"), "both", List.of("prod", "dev"));

    private final Databases databases;

    WantedDatabases(Databases databases) {
        this.databases = databases;
    }

    /** Names of configured databases, each once; {@code default} where the body names none. */
    List<String> of(JsonNode body) {
        List<String> given = NAMES.stream().filter(body::hasNonNull).sorted().toList();
        if (given.size() > 1) {
            throw ApiException.badRequest(
                    "The body has both " + given.get(0) + " and " + given.get(1) + ". Send one of them.");
        }
        List<String> wanted = given.isEmpty() ? List.of("default") : named(given.get(0), body.get(given.get(0)));
        for (String name : wanted) {
            if (databases.find(name).isEmpty()) {
                throw ApiException.badRequest(databases.unknown(name));
            }
        }
        return wanted;
    }

    private static List<String> named(String field, JsonNode value) {
        switch (field) {
            case "database" -> {
                if (!isName(value)) {
                    throw ApiException.badRequest("database must be a string of the form " + ListQuery.DATABASE + ".");
                }
                return List.of(value.textValue());
            }
            case "environment" -> {
                List<String> meant = ENVIRONMENTS.get(value.asText());
                if (meant == null || !value.isTextual()) {
                    throw ApiException.badRequest("environment must be a string of the form " + ENVIRONMENT + ".");
                }
                return meant;
            }
            default -> {
                Set<String> names = new LinkedHashSet<>();
                List<JsonNode> items = new ArrayList<>();
                value.forEach(items::add);
                items.forEach(item -> names.add(item.asText()));
                if (!value.isArray() || items.isEmpty() || !items.stream().allMatch(WantedDatabases::isName)) {
                    throw ApiException.badRequest(
                            "databases must be a list of names, each a string of the form " + ListQuery.DATABASE + ".");
                }
                return List.copyOf(names);
            }
        }
    }

    private static boolean isName(JsonNode value) {
        return value.isTextual() && value.textValue().matches(ListQuery.DATABASE);
    }
}
