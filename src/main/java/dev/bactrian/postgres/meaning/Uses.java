package dev.bactrian.postgres.meaning;

import dev.bactrian.selection.Relation;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What each definition of a database uses. PostgreSQL's own functions and operators aren't among it: they are the same
 * everywhere, and no dependency on them is recorded (PostgreSQL manual, "pg_depend"). So a definition that uses nothing else
 * isn't in it.
 */
public final class Uses {

    private final Map<Definition, Set<Use>> uses = new LinkedHashMap<>();

    /** By what they belong to: a restore asks once for each entry. */
    private final Map<Relation.Named, Set<Definition>> byName = new HashMap<>();

    public void add(Definition definition, Use use) {
        uses.computeIfAbsent(definition, none -> new LinkedHashSet<>()).add(use);
        byName.computeIfAbsent(
                        new Relation.Named(definition.schema(), definition.name()), none -> new LinkedHashSet<>())
                .add(definition);
    }

    /** What one uses; empty for one that uses PostgreSQL's own alone. */
    public Set<Use> of(Definition definition) {
        return Collections.unmodifiableSet(uses.getOrDefault(definition, Set.of()));
    }

    /** Those that use something. */
    public Set<Definition> definitions() {
        return Collections.unmodifiableSet(uses.keySet());
    }

    /**
     * Those of one table, view, domain or function.
     *
     * @param part null for all of these kinds
     */
    public Set<Definition> definitions(Relation.Named of, Set<String> kinds, @Nullable String part) {
        return byName.getOrDefault(of, Set.of()).stream()
                .filter(definition -> kinds.contains(definition.kind()))
                .filter(definition -> part == null || part.equals(definition.part()))
                .collect(Collectors.toSet());
    }

    /** What one schema's definitions use, as if it had another name. */
    public Uses inSchema(String schema, String other) {
        Uses moved = new Uses();
        uses.forEach((definition, used) -> {
            if (definition.schema().equals(schema)) {
                used.forEach(use -> moved.add(definition.inSchema(other), use.renamed(schema, other)));
            }
        });
        return moved;
    }

    /** The schemas of the operators that these definitions use, in the order of their names. */
    public Set<String> operatorSchemas(Set<Definition> definitions) {
        return definitions.stream()
                .flatMap(definition -> of(definition).stream())
                .filter(Use::isOperator)
                .map(Use::schema)
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
