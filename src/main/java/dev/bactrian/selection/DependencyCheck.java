package dev.bactrian.selection;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Finds what is left out and needed by what isn't. */
final class DependencyCheck {

    private static final Set<String> RELATIONS = Set.of("table", "view", "materialized view", "sequence");

    private final Selection selection;
    private final List<Map<String, Object>> edges;

    DependencyCheck(Selection selection, List<Map<String, Object>> edges) {
        this.selection = selection;
        this.edges = edges;
    }

    /** The selection with what is missing. */
    Selection report() {
        Set<MissingDependency> missing = new LinkedHashSet<>();
        for (Map<String, Object> edge : edges) {
            if (isIn(edge, "by")) {
                if (!isIn(edge, "needs")) {
                    missing.add(new MissingDependency(words(edge, "needs"), words(edge, "by"), text(edge, "how")));
                } else if (needsRows(edge)) {
                    missing.add(new MissingDependency(
                            "the rows of " + words(edge, "needs"), words(edge, "by"), text(edge, "how")));
                }
            }
        }
        return new Selection(
                selection.schemas(),
                selection.relations(),
                selection.withoutData(),
                selection.incomplete(),
                selection.largeObjects(),
                selection.leftOut(),
                List.copyOf(missing),
                selection.warnings());
    }

    private boolean isIn(Map<String, Object> edge, String side) {
        Object schema = edge.get(side + "_schema");
        if (schema == null) {
            return true;
        }
        return RELATIONS.contains(text(edge, side + "_kind"))
                ? selection.holds(schema.toString(), text(edge, side + "_name"))
                : selection.holdsSchema(schema.toString());
    }

    /** Rows that refer to rows. */
    private boolean needsRows(Map<String, Object> edge) {
        return text(edge, "how").startsWith("foreign key")
                && !selection.holdsData(text(edge, "needs_schema"), text(edge, "needs_name"))
                && selection.holdsData(text(edge, "by_schema"), text(edge, "by_name"));
    }

    private static String words(Map<String, Object> edge, String side) {
        String name = Relation.quote(text(edge, side + "_name"));
        Object schema = edge.get(side + "_schema");
        return text(edge, side + "_kind") + " "
                + (schema == null || "schema".equals(edge.get(side + "_kind"))
                        ? name
                        : Relation.quote(schema.toString()) + "." + name);
    }

    private static String text(Map<String, Object> edge, String column) {
        return Objects.requireNonNull(edge.get(column), "sql/backup/detect-needs.sql must return the column " + column)
                .toString();
    }
}
