package dev.bactrian.archive;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.bactrian.selection.Relation;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * An extension of the saved database, as the manifest has it.
 *
 * @param members how many objects belong to it, whether {@code CREATE EXTENSION} made them or {@code ALTER EXTENSION … ADD}
 *     made them members
 * @param relations tables, views and sequences among them, quoted
 * @param parts how many indexes, constraints, triggers and the like its tables have
 */
public record SavedExtension(String name, String version, int members, List<String> relations, int parts) {

    /** {@code db/extensions.json}: each of {@link Part} of every extension. */
    public SavedExtension {
        relations = Objects.requireNonNullElse(relations, List.of());
    }

    /**
     * A member, or a part of a member's table.
     *
     * @param step when a restore makes it, see {@code sql/backup/detect-extension-members.sql}
     * @param kind as {@code pg_identify_object} names it; of parts as people do
     * @param identity unique among those of its kind
     * @param schema of the table that it is or is a part of; null for other members
     * @param name of that table
     * @param definition a statement that makes it; null for what only {@code CREATE EXTENSION} makes
     * @param then statements that make it the extension's, with its owner, comment and rights; null for parts
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Part(
            String extension,
            String version,
            int step,
            String kind,
            String identity,
            @Nullable String schema,
            @Nullable String name,
            @Nullable String definition,
            @Nullable List<String> then) {

        /** Whether it is a member itself. */
        @JsonIgnore
        public boolean isMember() {
            return step == 1;
        }

        /** The table that it is or is a part of; null for other members. */
        @JsonIgnore
        public Relation.@Nullable Named relation() {
            return schema == null || name == null ? null : new Relation.Named(schema, name);
        }

        /** Statements that make it, one per line, for people to run; null where there are none. */
        public @Nullable String script() {
            if (definition == null) {
                return null;
            }
            StringBuilder sql = new StringBuilder(definition).append(';');
            Objects.requireNonNullElse(then, List.<String>of())
                    .forEach(statement -> sql.append('\n').append(statement).append(';'));
            return sql.toString();
        }

        /** For people: {@code trigger t on public.q}. */
        public String what() {
            return kind + " " + identity + " of extension " + extension;
        }
    }

    /** What a manifest says of all of them. */
    public static List<SavedExtension> of(List<Part> parts) {
        return parts.stream()
                .collect(Collectors.groupingBy(Part::extension, java.util.TreeMap::new, Collectors.toList()))
                .values()
                .stream()
                .map(SavedExtension::one)
                .toList();
    }

    private static SavedExtension one(List<Part> parts) {
        List<Part> members = parts.stream().filter(Part::isMember).toList();
        return new SavedExtension(
                parts.get(0).extension(),
                parts.get(0).version(),
                members.size(),
                members.stream()
                        .map(Part::relation)
                        .filter(Objects::nonNull)
                        .map(relation -> Objects.requireNonNull(relation).quoted())
                        .sorted()
                        .toList(),
                parts.size() - members.size());
    }
}
