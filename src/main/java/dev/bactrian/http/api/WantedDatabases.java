package dev.bactrian.http.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.bactrian.postgres.url.Databases;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads the fields of a request that say of which databases it wants backups. */
final class WantedDatabases {

    static final Set<String> NAMES = Set.of("database", "databases", "environment");

    private static final Pattern DATABASE = Pattern.compile(ListQuery.DATABASE);
    private static final Pattern ENVIRONMENT = Pattern.compile("(prod|dev|both)");

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
                    "The body has both " + given.get(0) + " and " + given.get(1) + ". Send only one of them.");
        }
        List<String> wanted = given.isEmpty() ? List.of("default") : named(given.get(0), body);
        for (String name : wanted) {
            if (databases.find(name).isEmpty()) {
                throw ApiException.badRequest(databases.unknown(name));
            }
        }
        return wanted;
    }

    private static List<String> named(String field, JsonNode body) {
        Fields fields = new Fields(body);
        return switch (field) {
            case "database" -> List.of(Objects.requireNonNull(fields.text(field, DATABASE)));
            case "environment" ->
                Objects.requireNonNull(ENVIRONMENTS.get(Objects.requireNonNull(fields.text(field, ENVIRONMENT))));
            default -> names(body.get(field));
        };
    }

    private static List<String> names(JsonNode list) {
        Set<String> names = new LinkedHashSet<>();
        list.forEach(item -> names.add(item.isTextual() ? item.textValue() : ""));
        if (!list.isArray()
                || names.isEmpty()
                || !names.stream().allMatch(name -> DATABASE.matcher(name).matches())) {
            throw ApiException.badRequest(
                    "databases must be a list of names, each a string of the form " + ListQuery.DATABASE + ".");
        }
        return List.copyOf(names);
    }
}
