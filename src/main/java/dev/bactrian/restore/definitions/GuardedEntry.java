package dev.bactrian.restore.definitions;

import dev.bactrian.postgres.meaning.Definition;
import dev.bactrian.postgres.meaning.Uses;
import dev.bactrian.postgres.meaning.UsesQuery;
import dev.bactrian.restore.NameLookup;
import dev.bactrian.restore.ddl.Definitions;
import dev.bactrian.restore.ddl.ScriptEntry;
import dev.bactrian.selection.Relation;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An entry whose statement finds functions or operators, and which definitions it makes.
 *
 * @param of the table, view, domain or function
 * @param kinds of the definitions
 * @param part null for all of these kinds
 */
public record GuardedEntry(Relation.Named of, Set<String> kinds, @Nullable String part) {

    private static final Set<String> RELATIONS =
            Set.of("TABLE", "FOREIGN TABLE", "VIEW", "MATERIALIZED VIEW", "DOMAIN");

    /** What looks operators up without writing them. */
    private static final Pattern HIDDEN =
            Pattern.compile("\\b(?:USING \\(|NULLIF\\b|CASE\\b|DISTINCT\\b|ROW\\(|(?:IN|ANY|ALL) \\(\\s*SELECT\\b)");

    /** Null for an entry that finds none. */
    public static @Nullable GuardedEntry of(ScriptEntry entry, Definitions definitions) {
        Relation.Named own = new Relation.Named(entry.schema(), entry.tag());
        return switch (entry.type()) {
            case "TABLE", "FOREIGN TABLE" -> new GuardedEntry(own, Set.of("constraint", "default", "table"), null);
            case "VIEW", "MATERIALIZED VIEW" ->
                // One that others need for their definition is made as a placeholder first.
                isPlaceholder(entry, definitions) ? null : new GuardedEntry(own, Set.of("rule"), Definition.QUERY);
            case "INDEX" -> ofTable(entry, "index", definitions);
            case "STATISTICS" -> ofTable(entry, "statistics", definitions);
            case "DOMAIN" -> new GuardedEntry(own, Set.of("type", "constraint"), null);
            case "FUNCTION", "PROCEDURE" ->
                new GuardedEntry(
                        new Relation.Named(entry.schema(), entry.tag().replaceFirst("(?s)\\(.*", "")),
                        Set.of("function"),
                        null);
            case "RULE" -> part(entry, "rule", definitions);
            case "DEFAULT" -> part(entry, "default", definitions);
            case "POLICY" -> part(entry, "policy", definitions);
            case "TRIGGER" -> part(entry, "trigger", definitions);
            case "CONSTRAINT", "CHECK CONSTRAINT" -> part(entry, "constraint", definitions);
            default -> null;
        };
    }

    private static boolean isPlaceholder(ScriptEntry view, Definitions definitions) {
        return definitions.hasRule(view.schema(), view.tag() + " " + Definition.QUERY);
    }

    private static @Nullable GuardedEntry ofTable(ScriptEntry entry, String kind, Definitions definitions) {
        return relations(entry, definitions)
                .findFirst()
                .map(table ->
                        new GuardedEntry(new Relation.Named(table.schema(), table.tag()), Set.of(kind), entry.tag()))
                .orElse(null);
    }

    private static Stream<ScriptEntry> relations(ScriptEntry entry, Definitions definitions) {
        return entry.dependencies().stream()
                .map(definitions::get)
                .flatMap(Stream::ofNullable)
                .filter(other -> RELATIONS.contains(other.type()));
    }

    private static @Nullable GuardedEntry part(ScriptEntry entry, String kind, Definitions definitions) {
        return relations(entry, definitions)
                .filter(other ->
                        other.schema().equals(entry.schema()) && entry.tag().startsWith(other.tag() + " "))
                .max(java.util.Comparator.comparing(other -> other.tag().length()))
                .map(other -> new GuardedEntry(
                        new Relation.Named(other.schema(), other.tag()),
                        Set.of(kind),
                        entry.tag().substring(other.tag().length() + 1)))
                .orElse(null);
    }

    /** Those of the archive's definitions that it makes. */
    Set<Definition> in(Uses saved) {
        return saved.definitions(of, kinds, part);
    }

    /** Whether it could come to mean something else, by a path with such schemas, without an error. */
    static boolean isDoubtful(String text, Set<String> operators, NameLookup.Round usual) {
        return !operators.isEmpty()
                || !usual.schemas().isEmpty() && HIDDEN.matcher(text).find();
    }

    /** What refuses another meaning; in the transaction that makes it, after it. */
    String guard(Uses saved) {
        return "\nSET LOCAL search_path = pg_catalog;\n" + UsesQuery.guard(of, kinds, part, saved) + ";";
    }
}
