package dev.bactrian.restore.steps;

import dev.bactrian.restore.NotApplied;
import dev.bactrian.restore.RestorePlan;
import dev.bactrian.restore.RestoreReport;
import dev.bactrian.restore.RestoreRun;
import dev.bactrian.restore.Target;
import dev.bactrian.restore.ddl.ScriptEntry;
import dev.bactrian.restore.definitions.PublicAccess;
import dev.bactrian.restore.rows.ForeignKeys;
import dev.bactrian.selection.Relation;
import dev.bactrian.support.Units;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.ExchangeProperty;

/** Asks the server, at the end, whether all that was to be restored is there: no restore reports more than it did. */
public final class Comparison {

    private static final Set<String> RELATIONS =
            Set.of("TABLE", "FOREIGN TABLE", "VIEW", "MATERIALIZED VIEW", "SEQUENCE", "INDEX");
    private static final int AT_ONCE = 1_000;

    /** Adds what is missing to the report. */
    public void compare(
            @ExchangeProperty("run") RestoreRun run,
            @ExchangeProperty("target") Target target,
            @ExchangeProperty("plan") RestorePlan plan)
            throws SQLException, IOException {
        RestoreReport report = run.getReport();
        Set<String> loadedTables = report.getRows().keySet();
        Set<String> told = report.getNotApplied().stream().map(NotApplied::what).collect(Collectors.toSet());
        for (RestorePlan.TableLoad table : plan.tables()) {
            String what = "rows of " + table.quoted();
            if (!loadedTables.contains(table.quoted()) && !told.contains(what)) {
                report.add(new NotApplied(what, "They weren't loaded.", null));
            }
        }
        try (Connection connection = target.connection()) {
            for (ForeignKeys.Violation violation : ForeignKeys.violations(connection, run.getUnchecked())) {
                report.add(new NotApplied(
                        "foreign key " + violation.constraint() + " of " + violation.table(),
                        violation.unread().isEmpty()
                                ? Units.counted(violation.rows(), "row")
                                        + (violation.rows() == 1 ? " refers" : " refer") + " to rows that don't exist."
                                : "It isn't checked: " + violation.unread()
                                        + ". Check for rows without a referenced row, as a role that may run that.",
                        violation.sql()));
            }
            for (ScriptEntry entry : missing(connection, plan, run.getRequest().intoSchema())) {
                if (!told.contains(entry.what())) {
                    report.add(new NotApplied(entry.what(), "It doesn't exist on the target.", null));
                }
            }
            PublicAccess.compare(run, plan, target, connection);
        }
        run.getEvidence().done("compare-target");
    }

    private static List<ScriptEntry> missing(
            Connection connection, RestorePlan plan, @org.jspecify.annotations.Nullable String into)
            throws SQLException {
        List<ScriptEntry> wanted = Stream.of(
                        plan.preData().stream(),
                        plan.tables().stream().flatMap(table -> table.indexes().stream()),
                        plan.postData().stream())
                .flatMap(entries -> entries)
                .filter(entry -> RELATIONS.contains(entry.type()))
                .toList();
        List<ScriptEntry> missing = new ArrayList<>();
        for (int from = 0; from < wanted.size(); from += AT_ONCE) {
            List<ScriptEntry> some = wanted.subList(from, Math.min(from + AT_ONCE, wanted.size()));
            Set<String> there = new HashSet<>(Target.texts(
                    connection,
                    // Line breaks are spaces in the headers that the names come from.
                    "SELECT translate(n.nspname || '.' || c.relname, E'\\n\\r', '  ') FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
                            + " WHERE n.nspname IN ("
                            + some.stream()
                                    .map(entry -> Relation.literal(into == null ? entry.schema() : into))
                                    .distinct()
                                    .collect(Collectors.joining(", "))
                            + ") OR n.nspname ~ E'[\\n\\r]'"));
            some.stream()
                    .filter(entry -> !there.contains((into == null ? entry.schema() : into) + "." + entry.tag()))
                    .forEach(missing::add);
        }
        return missing;
    }
}
