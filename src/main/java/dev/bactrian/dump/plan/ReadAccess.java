package dev.bactrian.dump.plan;

import dev.bactrian.postgres.ServerInfo;
import dev.bactrian.problem.ProblemException;
import dev.bactrian.selection.Relation;
import dev.bactrian.selection.Selection;
import dev.bactrian.support.Units;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Header;
import org.jspecify.annotations.Nullable;

/** Ends a backup before it begins when the role can't read everything: half a database isn't a backup. */
public final class ReadAccess {

    private static final int MOST_NAMED = 5;
    private static final String LARGE_OBJECT = "large object";

    /** Refuses when {@code sql/backup/detect-refusals.sql} found anything that is to be saved. */
    public void check(
            @Header("refusals") List<Map<String, Object>> refusals,
            @Header("server") ServerInfo server,
            @ExchangeProperty("selection") @Nullable Selection selection) {
        explain(concerning(selection, refusals), server.role()).ifPresent(problem -> {
            throw problem;
        });
    }

    /** Without what is left out: pg_dump doesn't touch it. Rows that aren't saved may be hidden. */
    private static List<Map<String, Object>> concerning(
            @Nullable Selection selection, List<Map<String, Object>> refusals) {
        if (selection == null) {
            return refusals;
        }
        return refusals.stream().filter(row -> concerns(selection, row)).toList();
    }

    private static boolean concerns(Selection selection, Map<String, Object> row) {
        if (LARGE_OBJECT.equals(row.get("kind"))) {
            return selection.largeObjects();
        }
        String schema = String.valueOf(row.get("schema"));
        Object name = row.get("name");
        if (name == null) {
            return selection.holdsSchema(schema);
        }
        return "row security".equals(row.get("kind"))
                ? selection.holdsData(schema, name.toString())
                : selection.holds(schema, name.toString());
    }

    /** The refusal in words, if there is any. */
    static Optional<ProblemException> explain(List<Map<String, Object>> refusals, String role) {
        if (refusals.isEmpty()) {
            return Optional.empty();
        }
        String kind = String.valueOf(refusals.get(0).get("kind"));
        List<Map<String, Object>> same =
                refusals.stream().filter(row -> kind.equals(row.get("kind"))).toList();
        String names = same.stream().limit(MOST_NAMED).map(ReadAccess::name).collect(Collectors.joining(", "))
                + (same.size() > MOST_NAMED ? " and " + (same.size() - MOST_NAMED) + " more" : "");
        String who = Relation.quote(role);
        if (LARGE_OBJECT.equals(kind)) {
            return Optional.of(largeObjects(same, role));
        }
        return Optional.of(
                "row security".equals(kind)
                        ? ProblemException.stopped(
                                "Row level security hides rows of " + names + " from role " + role
                                        + ", which doesn't have BYPASSRLS.",
                                "Run as a superuser: ALTER ROLE " + who + " BYPASSRLS;")
                        : ProblemException.stopped(
                                "Cannot read " + kind + " " + names + ": role " + role + " doesn't have "
                                        + ("schema".equals(kind) ? "USAGE" : "SELECT") + ".",
                                "Run as the owner or a superuser: GRANT pg_read_all_data TO " + who + ";"));
    }

    private static ProblemException largeObjects(List<Map<String, Object>> owners, String role) {
        long objects = owners.stream()
                .mapToLong(row -> Long.parseLong(String.valueOf(row.get("objects"))))
                .sum();
        String who = Relation.quote(role);
        List<String> names = owners.stream()
                .map(row -> Relation.quote(String.valueOf(row.get("schema"))))
                .toList();
        return ProblemException.stopped(
                "Cannot read " + Units.counted(objects, LARGE_OBJECT) + " of "
                        + (names.size() == 1 ? "role " : "roles ")
                        + names.stream().limit(MOST_NAMED).collect(Collectors.joining(", "))
                        + (names.size() > MOST_NAMED ? " and " + (names.size() - MOST_NAMED) + " more" : "") + ": role "
                        + role + " doesn't have SELECT on them, and pg_read_all_data doesn't cover large objects.",
                "Run as a superuser, which also covers later ones: GRANT "
                        + names.stream().limit(MOST_NAMED).collect(Collectors.joining(", ")) + " TO " + who
                        + "; or for each of them, as its owner: GRANT SELECT ON LARGE OBJECT "
                        + owners.get(0).get("name") + " TO " + who
                        + "; or leave large objects out: BACKUP_LARGE_OBJECTS=false.");
    }

    private static String name(Map<String, Object> row) {
        String schema = Relation.quote(String.valueOf(row.get("schema")));
        Object name = row.get("name");
        return name == null ? schema : schema + "." + Relation.quote(name.toString());
    }
}
