package dev.bactrian.dump;

import dev.bactrian.backup.BackupException;
import dev.bactrian.database.ServerInfo;
import dev.bactrian.selection.Relation;
import dev.bactrian.selection.Selection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Header;
import org.jspecify.annotations.Nullable;

/** Ends a backup before it begins when the role can't read everything: half a database isn't a backup. */
public final class Refusals {

    private static final int MOST_NAMED = 5;

    /** Refuses when {@code sql/detect-refusals.sql} found anything that is to be saved. */
    public void check(
            @Header("refusals") List<Map<String, Object>> refusals,
            @Header("server") ServerInfo server,
            @ExchangeProperty("selection") @Nullable Selection selection) {
        explain(concerning(selection, refusals), server.role()).ifPresent(problem -> {
            throw problem;
        });
    }

    /** Without what is left out: pg_dump doesn't touch it. Rows that aren't saved may be hidden. */
    static List<Map<String, Object>> concerning(@Nullable Selection selection, List<Map<String, Object>> refusals) {
        if (selection == null) {
            return refusals;
        }
        return refusals.stream().filter(row -> concerns(selection, row)).toList();
    }

    private static boolean concerns(Selection selection, Map<String, Object> row) {
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
    public static Optional<BackupException> explain(List<Map<String, Object>> refusals, String role) {
        if (refusals.isEmpty()) {
            return Optional.empty();
        }
        String kind = String.valueOf(refusals.get(0).get("kind"));
        List<Map<String, Object>> same =
                refusals.stream().filter(row -> kind.equals(row.get("kind"))).toList();
        String names = same.stream().limit(MOST_NAMED).map(Refusals::name).collect(Collectors.joining(", "))
                + (same.size() > MOST_NAMED ? " and " + (same.size() - MOST_NAMED) + " more" : "");
        String who = Relation.quote(role);
        return Optional.of(
                "row security".equals(kind)
                        ? BackupException.stopped(
                                "Row level security hides rows of " + names + " from role " + role
                                        + ", which lacks BYPASSRLS.",
                                "Run as a superuser: ALTER ROLE " + who + " BYPASSRLS;")
                        : BackupException.stopped(
                                "Cannot read " + kind + " " + names + ": role " + role + " lacks "
                                        + ("schema".equals(kind) ? "USAGE" : "SELECT") + ".",
                                "Run as the owner or a superuser: GRANT pg_read_all_data TO " + who + ";"));
    }

    private static String name(Map<String, Object> row) {
        String schema = Relation.quote(String.valueOf(row.get("schema")));
        Object name = row.get("name");
        return name == null ? schema : schema + "." + Relation.quote(name.toString());
    }
}
