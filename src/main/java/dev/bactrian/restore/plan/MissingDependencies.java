package dev.bactrian.restore.plan;

import dev.bactrian.restore.Target;
import dev.bactrian.restore.ddl.Definitions;
import dev.bactrian.restore.ddl.ScriptEntry;
import dev.bactrian.selection.Relation;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a part of an archive needs of the rest, and the target lacks. */
final class MissingDependencies {

    private MissingDependencies() {}

    /**
     * Objects that the selected definitions depend on, that aren't selected themselves and that the target doesn't have.
     *
     * @param elsewhere whether they go into another schema than their own
     */
    static List<ScriptEntry> missing(
            Connection connection, Definitions definitions, Set<Integer> selected, boolean elsewhere)
            throws SQLException {
        Set<ScriptEntry> needed = new LinkedHashSet<>();
        for (Integer id : selected) {
            ScriptEntry entry = definitions.get(id);
            if (entry == null || entry.isAttribute()) {
                continue;
            }
            for (Integer dependency : entry.dependencies()) {
                ScriptEntry other = definitions.get(dependency);
                boolean itsSchema = elsewhere && other != null && "SCHEMA".equals(other.type());
                if (other != null && !itsSchema && !selected.contains(dependency)) {
                    needed.add(other);
                }
            }
        }
        List<ScriptEntry> missing = new ArrayList<>();
        for (ScriptEntry entry : needed) {
            String query = query(entry);
            if (query != null && "f".equals(Target.text(connection, "SELECT " + query))) {
                missing.add(entry);
            }
        }
        return missing;
    }

    /** An expression that is true when the object is there; null for kinds that aren't looked for. */
    private static @Nullable String query(ScriptEntry entry) {
        String schema = Relation.literal(entry.schema());
        String name = Relation.literal(entry.tag());
        return switch (entry.type()) {
            case "SCHEMA" -> "EXISTS (SELECT FROM pg_namespace WHERE nspname = " + name + ")";
            case "EXTENSION" -> "EXISTS (SELECT FROM pg_extension WHERE extname = " + name + ")";
            case "TYPE", "DOMAIN", "SHELL TYPE" -> in("pg_type", "typ", schema, name);
            case "TABLE", "FOREIGN TABLE", "VIEW", "MATERIALIZED VIEW", "SEQUENCE", "INDEX" ->
                in("pg_class", "rel", schema, name);
            case "FUNCTION", "PROCEDURE", "AGGREGATE" ->
                in(
                        "pg_proc",
                        "pro",
                        schema,
                        Relation.literal(
                                entry.tag().indexOf('(') > 0
                                        ? entry.tag().substring(0, entry.tag().lastIndexOf('('))
                                        : entry.tag()));
            default -> null;
        };
    }

    private static String in(String catalog, String prefix, String schema, String name) {
        return "EXISTS (SELECT FROM " + catalog + " o JOIN pg_namespace n ON n.oid = o." + prefix
                + "namespace WHERE n.nspname = " + schema + " AND o." + prefix + "name = " + name + ")";
    }

    static String list(List<ScriptEntry> entries) {
        return entries.stream()
                .limit(20)
                .map(entry -> entry.type().toLowerCase(java.util.Locale.ROOT) + " "
                        + (entry.schema().isEmpty() ? "" : entry.schema() + ".") + entry.tag())
                .collect(Collectors.joining(", "));
    }
}
