package dev.bactrian.selection;

import dev.bactrian.selection.Relation.Named;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Works out what rules come to in one database. */
public final class Selector {

    private final Matches matches;
    private final List<String> schemas;
    private final Map<Named, Relation> relations;
    /** Schemas that rules for schemas leave out, and why. */
    private final Map<String, String> schemasOut = new LinkedHashMap<>();

    private final Map<Named, String> relationsOut = new LinkedHashMap<>();
    private final Map<Named, String> dataOut = new LinkedHashMap<>();

    public Selector(Matches matches, List<String> schemas, List<Relation> relations) {
        this.matches = matches;
        this.schemas = schemas;
        this.relations = relations.stream()
                .collect(Collectors.toMap(Relation::name, Function.identity(), (a, b) -> a, LinkedHashMap::new));
        schemas.forEach(this::weighSchema);
        relations.forEach(this::weigh);
        dropSchemasWithoutWantedTables();
    }

    private void weighSchema(String schema) {
        matches.notAmong(Rule.Effect.INCLUDE_SCHEMAS, rule -> matches.matches(rule, schema))
                .or(() -> matches.excluded(Rule.Effect.EXCLUDE_SCHEMAS, rule -> matches.matches(rule, schema)))
                .ifPresent(why -> schemasOut.put(schema, why));
    }

    private void weigh(Relation relation) {
        if (schemasOut.containsKey(relation.name().schema())) {
            return;
        }
        why(relation).ifPresent(why -> relationsOut.put(relation.name(), why));
        if (!relationsOut.containsKey(relation.name())) {
            whyWithoutData(relation).ifPresent(why -> dataOut.put(relation.name(), why));
        }
    }

    /** A part goes where its partitioned table goes; a column's sequence where the column goes. */
    private Optional<String> why(Relation relation) {
        Relation owner = owner(relation);
        if (relation.isSequence() && owner != null) {
            return why(owner);
        }
        Optional<String> own = matches.excluded(Rule.Effect.EXCLUDE_TABLES, rule -> matches(rule, relation));
        if (own.isPresent()) {
            return own;
        }
        for (Relation above = owner; above != null; above = owner(above)) {
            Relation at = above;
            Optional<String> whole = matches.excluded(Rule.Effect.EXCLUDE_TABLES, rule -> matches(rule, at));
            if (whole.isPresent()) {
                return whole.map(why -> "partition of " + at.name().quoted() + ", " + why);
            }
        }
        return matches.notAmong(Rule.Effect.INCLUDE_TABLES, rule -> matchesWithWhole(rule, relation));
    }

    private Optional<String> whyWithoutData(Relation relation) {
        if (!relation.hasContent()) {
            return Optional.empty();
        }
        return matches.excluded(
                Rule.Effect.EXCLUDE_TABLE_DATA,
                rule -> relation.isSequence() ? matches(rule, relation) : matchesWithWhole(rule, relation));
    }

    private boolean matchesWithWhole(Rule rule, Relation relation) {
        for (Relation at = relation; at != null; at = owner(at)) {
            if (matches(rule, at)) {
                return true;
            }
        }
        return false;
    }

    private boolean matches(Rule rule, Relation relation) {
        return matches.matches(rule, relation.name());
    }

    private @Nullable Relation owner(Relation relation) {
        return relation.belongsTo() == null ? null : relations.get(relation.belongsTo());
    }

    private void dropSchemasWithoutWantedTables() {
        Set<String> wanted = new HashSet<>();
        relations.keySet().stream().filter(this::isIn).forEach(name -> wanted.add(name.schema()));
        for (String schema : schemas) {
            if (!schemasOut.containsKey(schema) && !wanted.contains(schema)) {
                matches.notAmong(Rule.Effect.INCLUDE_TABLES, rule -> false)
                        .ifPresent(why -> schemasOut.put(schema, why));
            }
        }
        relationsOut.keySet().removeIf(name -> schemasOut.containsKey(name.schema()));
    }

    private boolean isIn(Named name) {
        return !schemasOut.containsKey(name.schema()) && !relationsOut.containsKey(name);
    }

    /** Including rules of the request of whose matches nothing is in. */
    public List<Rule> inVain() {
        return matches.rules().stream()
                .filter(rule -> rule.requested() && rule.effect().includes())
                .filter(rule -> !matches.any(
                        rule, schema -> !schemasOut.containsKey(schema) || isOnlyUnwanted(schema), this::isIn))
                .toList();
    }

    /** A schema that is left out only because no table that is asked for lies in it. */
    private boolean isOnlyUnwanted(String schema) {
        return matches.notAmong(Rule.Effect.INCLUDE_TABLES, rule -> false)
                .filter(why -> why.equals(schemasOut.get(schema)))
                .isPresent();
    }

    /**
     * The result.
     *
     * @param edges which object needs which, see {@code sql/backup/detect-needs.sql}
     * @param largeObjects how many there are in the database
     */
    public Selection select(List<Map<String, Object>> edges, long largeObjects) {
        boolean onlyTables = matches.of(Rule.Effect.INCLUDE_TABLES).findAny().isPresent();
        Selection found = new Selection(
                Set.copyOf(schemasOut.keySet()),
                Set.copyOf(relationsOut.keySet()),
                Set.copyOf(dataOut.keySet()),
                incomplete(),
                !onlyTables,
                leftOut(onlyTables && largeObjects > 0),
                List.of(),
                warnings());
        return new DependencyCheck(found, edges).report();
    }

    private Set<Named> incomplete() {
        Set<Named> incomplete = new HashSet<>();
        for (Relation relation : relations.values()) {
            if (!relation.isSequence() && (!isIn(relation.name()) || dataOut.containsKey(relation.name()))) {
                for (Relation above = owner(relation); above != null; above = owner(above)) {
                    incomplete.add(above.name());
                }
            }
        }
        return incomplete;
    }

    private List<LeftOut> leftOut(boolean largeObjects) {
        List<LeftOut> all = new ArrayList<>();
        schemas.stream()
                .filter(schemasOut::containsKey)
                .forEach(schema ->
                        all.add(new LeftOut("schema", Relation.quote(schema), String.valueOf(schemasOut.get(schema)))));
        relationsOut.forEach((name, why) -> {
            Relation relation = relations.get(name);
            if (relation != null && !(relation.isSequence() && relation.belongsTo() != null)) {
                all.add(new LeftOut(relation.kindInWords(), name.quoted(), why));
            }
        });
        dataOut.forEach((name, why) -> all.add(new LeftOut("data", name.quoted(), why)));
        if (largeObjects) {
            matches.notAmong(Rule.Effect.INCLUDE_TABLES, rule -> false)
                    .ifPresent(why -> all.add(new LeftOut("large objects", "all", why)));
        }
        return List.copyOf(all);
    }

    private List<String> warnings() {
        return matches.idle().stream()
                .map(rule -> rule.source() + " has the pattern "
                        + rule.pattern().text() + ", which matches nothing in this database.")
                .toList();
    }
}
