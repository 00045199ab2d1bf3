package dev.bactrian.restore.definitions;

import dev.bactrian.problem.LeftOutStep;
import dev.bactrian.restore.Attempt;
import dev.bactrian.restore.FatalErrors;
import dev.bactrian.restore.NameLookup;
import dev.bactrian.restore.NotApplied;
import dev.bactrian.restore.RestoreEvidence;
import dev.bactrian.restore.RestorePlan;
import dev.bactrian.restore.RestoreReport;
import dev.bactrian.restore.RestoreRun;
import dev.bactrian.restore.Rounds;
import dev.bactrian.restore.Target;
import dev.bactrian.run.StoppableRun;
import dev.bactrian.selection.Relation;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.Body;
import org.apache.camel.ExchangeProperty;

/**
 * Makes the rows of materialized views. The archive has them in the order of what they are known to read; a function's body
 * and a query that is a text aren't known to anybody but the server that runs them.
 */
public final class MaterializedViews {

    private static final Pattern QUALIFIED =
            Pattern.compile("(\"(?:[^\"]|\"\")+\")\\.\"(?:[^\"]|\"\")+\"", Pattern.DOTALL);

    /** All that are to be filled. */
    public Rounds<String> begin(@ExchangeProperty("run") RestoreRun run, @ExchangeProperty("plan") RestorePlan plan) {
        if (run.getRequest().isScratch() && !run.getEvidence().has("leave-views-out")) {
            throw LeftOutStep.refusal(
                    "a verification", Map.of("leave-views-out", "queries would run in other systems"));
        }
        run.getEvidence().done("direct:finish-definitions");
        return new Rounds<>(plan.materializedViews());
    }

    /** Fills one. Where that fails it stays as it is, and is reported until another round fills it. */
    public void refresh(
            @Body String view,
            @ExchangeProperty("views") Rounds<String> views,
            @ExchangeProperty("run") RestoreRun run,
            @ExchangeProperty("target") Target target,
            @ExchangeProperty("plan") RestorePlan plan)
            throws SQLException {
        if (views.isPassedOver()) {
            return;
        }
        RestoreReport report = run.getReport();
        Matcher named = QUALIFIED.matcher(view);
        if (!named.matches()) {
            report.replace(new NotApplied("materialized view", "The manifest has a name in an unknown form.", null));
            run.getEvidence().done(RestoreEvidence.rows(view));
            return;
        }
        String into = run.getRequest().intoSchema();
        String own = into == null ? unquoted(named.group(1)) : into;
        String schema = Relation.quote(own);
        String name = schema + view.substring(named.end(1));
        String what = "rows of materialized view " + name;
        String sql = "REFRESH MATERIALIZED VIEW " + name;
        try (StoppableRun.Work work = run.beginWork();
                Connection connection = target.connection();
                Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            NameLookup.Round path = views.isByOtherMeans()
                    ? run.getNames().wide(own, plan, connection)
                    : run.getNames().usual(plan, connection);
            Attempt.run(connection, report, () -> statement.execute(path.use() + sql));
            views.succeeded(view);
            report.withdraw(what);
            if (views.isByOtherMeans()) {
                report.note("Materialized view " + name + " was filled with " + schema
                        + " and \"public\" in the search path, because its query, or a function that it calls, names "
                        + "something without its schema. Check whether the rows are those that the query should "
                        + "return.");
            }
        } catch (SQLException e) {
            if (FatalErrors.endsAll(e)) {
                throw e;
            }
            if (views.isByOtherMeans()) {
                run.getNames().tellOfOthers(own);
            } else {
                report.replace(new NotApplied(what, FatalErrors.firstLine(e), sql + ";"));
            }
        }
        run.getEvidence().done(RestoreEvidence.rows(view));
    }

    private static String unquoted(String name) {
        return name.substring(1, name.length() - 1).replace("\"\"", "\"");
    }
}
