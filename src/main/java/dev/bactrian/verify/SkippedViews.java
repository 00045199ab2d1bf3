package dev.bactrian.verify;

import dev.bactrian.restore.NotApplied;
import dev.bactrian.restore.RestoreEvidence;
import dev.bactrian.restore.RestorePlan;
import dev.bactrian.restore.RestoreRun;
import dev.bactrian.restore.Target;
import dev.bactrian.restore.plan.OutwardCalls;
import dev.bactrian.selection.NamePattern;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.camel.ExchangeProperty;

/**
 * Materialized views that a verification makes, and doesn't fill: a query by dblink or over a foreign table would run in
 * the very database that was saved, each time. An archive has no rows of theirs, so only their queries stay unproven, which
 * the report says.
 */
public final class SkippedViews {

    /** Names as the manifest has them, cut in two by the server that quoted them. */
    private static final String MATCHES =
            """
            SELECT v.name FROM unnest(?::text[]) AS v (name), LATERAL parse_ident(v.name) AS p (parts)
             WHERE p.parts[1] OPERATOR(pg_catalog.~) ? COLLATE pg_catalog.default
               AND p.parts[2] OPERATOR(pg_catalog.~) ? COLLATE pg_catalog.default""";

    private final List<NamePattern> patterns;

    /**
     * Prepares for verifications.
     *
     * @param patterns each with a schema
     */
    public SkippedViews(List<NamePattern> patterns) {
        this.patterns = List.copyOf(patterns);
    }

    /** The plan without them. */
    public RestorePlan leaveOut(
            @ExchangeProperty("run") RestoreRun run,
            @ExchangeProperty("target") Target target,
            @ExchangeProperty("plan") RestorePlan plan)
            throws SQLException, IOException {
        Set<String> named = named(target, plan.materializedViews());
        List<String> skipped = OutwardCalls.views(plan, named);
        for (String view : skipped) {
            run.getEvidence().done(RestoreEvidence.rows(view));
            run.getReport()
                    .notProven(new NotApplied(
                            "rows of materialized view " + view,
                            named.contains(view)
                                    ? "VERIFY_SKIP_VIEWS names it, so its query wasn't run."
                                    : "Its query reaches other systems, or reads a view that isn't filled, so it "
                                            + "wasn't run.",
                            null));
        }
        List<String> others = new ArrayList<>(plan.materializedViews());
        others.removeAll(skipped);
        run.getEvidence().done("leave-views-out");
        return plan.refreshing(others);
    }

    /** The server compares: patterns are PostgreSQL's. */
    private Set<String> named(Target target, List<String> views) throws SQLException {
        Set<String> named = new HashSet<>();
        if (patterns.isEmpty() || views.isEmpty()) {
            return named;
        }
        try (Connection connection = target.connection();
                PreparedStatement statement = connection.prepareStatement(MATCHES)) {
            statement.setArray(1, connection.createArrayOf("text", views.toArray()));
            for (NamePattern pattern : patterns) {
                statement.setString(2, pattern.schema());
                statement.setString(3, pattern.name());
                try (ResultSet matches = statement.executeQuery()) {
                    while (matches.next()) {
                        named.add(matches.getString(1));
                    }
                }
            }
        }
        return named;
    }
}
