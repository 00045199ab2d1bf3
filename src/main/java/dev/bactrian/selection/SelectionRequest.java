package dev.bactrian.selection;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.bactrian.support.JsonText;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one request wants of a database: it narrows further what the settings leave. Kept as JSON in
 * {@code backup_history.selection}. An empty list is an option that wasn't given.
 *
 * @param schemas only these
 * @param excludeSchemas not these
 * @param tables only these
 * @param exclude not these tables
 * @param excludeTableData these tables without their rows
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonIgnoreProperties(ignoreUnknown = true)
public record SelectionRequest(
        @JsonProperty("schemas") List<String> schemas,
        @JsonProperty("exclude_schemas") List<String> excludeSchemas,
        @JsonProperty("tables") List<String> tables,
        @JsonProperty("exclude") List<String> exclude,
        @JsonProperty("exclude_table_data") List<String> excludeTableData) {

    /** Patterns in each list. */
    public static final int MOST = 100;
    /** How the source of a rule begins that comes from a request. */
    public static final String SOURCE = "the request's ";

    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * Checks every pattern.
     *
     * @throws IllegalArgumentException saying which pattern can't be one, or that there are too many
     */
    public SelectionRequest(
            @Nullable List<String> schemas,
            @Nullable List<String> excludeSchemas,
            @Nullable List<String> tables,
            @Nullable List<String> exclude,
            @Nullable List<String> excludeTableData) {
        this.schemas = checked("schemas", schemas);
        this.excludeSchemas = checked("exclude_schemas", excludeSchemas);
        this.tables = checked("tables", tables);
        this.exclude = checked("exclude", exclude);
        this.excludeTableData = checked("exclude_table_data", excludeTableData);
        rules();
    }

    /** Everything that the settings leave. */
    public static SelectionRequest none() {
        return new SelectionRequest(null, null, null, null, null);
    }

    @JsonIgnore
    public boolean isNone() {
        return rules().isEmpty();
    }

    /** As rules, which carry the names that the fields have in a request. */
    public List<Rule> rules() {
        List<Rule> rules = new ArrayList<>();
        add(rules, Rule.Effect.INCLUDE_SCHEMAS, "schemas", schemas);
        add(rules, Rule.Effect.EXCLUDE_SCHEMAS, "exclude_schemas", excludeSchemas);
        add(rules, Rule.Effect.INCLUDE_TABLES, "tables", tables);
        add(rules, Rule.Effect.EXCLUDE_TABLES, "exclude", exclude);
        add(rules, Rule.Effect.EXCLUDE_TABLE_DATA, "exclude_table_data", excludeTableData);
        return rules;
    }

    private static void add(List<Rule> rules, Rule.Effect effect, String field, List<String> patterns) {
        patterns.forEach(pattern -> rules.add(Rule.of(effect, SOURCE + field, pattern)));
    }

    private static List<String> checked(String field, @Nullable List<String> patterns) {
        if (patterns == null) {
            return List.of();
        }
        if (patterns.size() > MOST) {
            throw new IllegalArgumentException(field + " has more than " + MOST + " patterns.");
        }
        return List.copyOf(patterns);
    }

    /** As it is kept; null when nothing is wanted in particular. */
    public static @Nullable String toJson(@Nullable SelectionRequest request) {
        return request == null || request.isNone() ? null : JsonText.of(request);
    }

    /**
     * As it was kept.
     *
     * @throws IllegalArgumentException when it can't be read
     */
    public static SelectionRequest fromJson(@Nullable String json) {
        try {
            return json == null || json.isBlank() ? none() : JSON.readValue(json, SelectionRequest.class);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("backup_history.selection has no selection", e);
        }
    }
}
