package dev.bactrian.selection;

import dev.bactrian.selection.Relation.Named;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Which schemas and tables each rule's pattern matches, as the server found with {@code sql/backup/match-patterns.sql}. */
public final class Matches {

    private final List<Rule> rules;
    private final Map<Rule, Set<String>> schemas = new LinkedHashMap<>();
    private final Map<Rule, Set<Named>> tables = new LinkedHashMap<>();

    /**
     * Reads what the query gave.
     *
     * @param rows columns n (place in the list of rules), schema, and name where the pattern is for tables
     */
    public Matches(List<Rule> rules, List<Map<String, Object>> rows) {
        this.rules = rules;
        for (Map<String, Object> row : rows) {
            Rule rule = rules.get(Integer.parseInt(String.valueOf(row.get("n"))));
            String schema = String.valueOf(row.get("schema"));
            if (rule.effect().ofSchemas()) {
                schemas.computeIfAbsent(rule, none -> new HashSet<>()).add(schema);
            } else {
                tables.computeIfAbsent(rule, none -> new HashSet<>())
                        .add(new Named(schema, String.valueOf(row.get("name"))));
            }
        }
    }

    public List<Rule> rules() {
        return rules;
    }

    /** Rules whose patterns match nothing in the database. */
    public List<Rule> idle() {
        return rules.stream()
                .filter(rule -> !schemas.containsKey(rule) && !tables.containsKey(rule))
                .toList();
    }

    boolean matches(Rule rule, String schema) {
        return schemas.getOrDefault(rule, Set.of()).contains(schema);
    }

    boolean matches(Rule rule, Named table) {
        return tables.getOrDefault(rule, Set.of()).contains(table);
    }

    /** Whether anything that an including rule matches passes a test. */
    public boolean any(Rule rule, Predicate<String> schema, Predicate<Named> table) {
        return schemas.getOrDefault(rule, Set.of()).stream().anyMatch(schema)
                || tables.getOrDefault(rule, Set.of()).stream().anyMatch(table);
    }

    /** Rules of this effect, those of settings first and then those of the request. */
    Stream<Rule> of(Rule.Effect effect) {
        return rules.stream().filter(rule -> rule.effect() == effect);
    }

    /**
     * Why something isn't among what including rules include: settings and request each have to include it, where they
     * include anything in particular.
     */
    Optional<String> notAmong(Rule.Effect effect, Predicate<Rule> matching) {
        for (boolean requested : List.of(false, true)) {
            List<Rule> including =
                    of(effect).filter(rule -> rule.requested() == requested).toList();
            if (!including.isEmpty() && including.stream().noneMatch(matching)) {
                List<String> patterns = new ArrayList<>();
                including.forEach(rule -> patterns.add(rule.pattern().text()));
                return Optional.of("not among " + including.get(0).source() + ": " + String.join(", ", patterns));
            }
        }
        return Optional.empty();
    }

    /** Why something is left out by name. */
    Optional<String> excluded(Rule.Effect effect, Predicate<Rule> matching) {
        return of(effect).filter(matching).findFirst().map(Rule::why);
    }
}
