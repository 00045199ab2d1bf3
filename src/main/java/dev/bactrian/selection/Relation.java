package dev.bactrian.selection;

import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A table, or what is like one, as {@code sql/backup/detect-relations.sql} finds it.
 *
 * @param kind pg_class.relkind: r, p, f, v, m or S
 * @param belongsTo the partitioned table it is a part of, or the table whose column the sequence belongs to
 */
public record Relation(Named name, String kind, @Nullable Named belongsTo) {

    private static final Map<String, String> KINDS =
            Map.of("r", "table", "p", "table", "f", "table", "v", "view", "m", "materialized view", "S", "sequence");

    /** A name in a schema. */
    public record Named(String schema, String name) {

        /** As SQL and pg_dump's patterns take it. */
        public String quoted() {
            return quote(schema) + "." + quote(name);
        }
    }

    public static Relation of(Map<String, Object> row) {
        Object owner = row.get("owner_name");
        return new Relation(
                new Named(text(row, "schema"), text(row, "name")),
                text(row, "kind"),
                owner == null ? null : new Named(text(row, "owner_schema"), owner.toString()));
    }

    /** {@code table}, {@code view}, {@code materialized view} or {@code sequence}. */
    String kindInWords() {
        return KINDS.getOrDefault(kind, "table");
    }

    boolean isSequence() {
        return "S".equals(kind);
    }

    /** Whether it has rows, or a value, that a backup could leave out. */
    boolean hasContent() {
        return !"v".equals(kind) && !"f".equals(kind);
    }

    /** An identifier as SQL takes it, whatever it holds. */
    public static String quote(String identifier) {
        return '"' + identifier.replace("\"", "\"\"") + '"';
    }

    /** Identifiers, separated by commas. */
    public static String quoted(Collection<String> identifiers) {
        return identifiers.stream().map(Relation::quote).collect(Collectors.joining(", "));
    }

    /** A string constant, for servers with standard_conforming_strings. */
    public static String literal(String text) {
        return "'" + text.replace("'", "''") + "'";
    }

    private static String text(Map<String, Object> row, String column) {
        return Objects.requireNonNull(
                        row.get(column), "sql/backup/detect-relations.sql must return the column " + column)
                .toString();
    }
}
