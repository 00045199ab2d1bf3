package dev.bactrian.restore.steps;

import dev.bactrian.restore.FatalErrors;
import dev.bactrian.restore.NotApplied;
import dev.bactrian.restore.RestorePlan;
import dev.bactrian.restore.RestoreRun;
import dev.bactrian.restore.Target;
import dev.bactrian.restore.definitions.EntryRounds;
import dev.bactrian.run.StoppableRun;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.apache.camel.Body;
import org.apache.camel.ExchangeProperty;

/** What makes loaded rows a database that works: statistics. */
public final class PostLoad {

    private static void tryOne(
            String what, String sql, String schema, Statement statement, RestoreRun run, RestorePlan plan)
            throws SQLException {
        try {
            new EntryRounds(run, plan).call(what, sql, schema, statement);
        } catch (SQLException e) {
            if (FatalErrors.endsAll(e)) {
                throw e;
            }
            run.getReport().add(new NotApplied(what, FatalErrors.firstLine(e), sql + ";"));
        }
    }

    /** Tells the planner about a table. */
    public void analyze(
            @Body RestorePlan.TableLoad table,
            @ExchangeProperty("run") RestoreRun run,
            @ExchangeProperty("target") Target target,
            @ExchangeProperty("plan") RestorePlan plan)
            throws SQLException {
        if (table.part().extension() != null) {
            // Perhaps another release of the extension doesn't have it.
            return;
        }
        try (StoppableRun.Work work = run.beginWork();
                Connection connection = target.connection();
                Statement statement = connection.createStatement()) {
            tryOne(
                    "statistics of " + table.quoted(),
                    "ANALYZE " + table.quoted(),
                    table.target().schema(),
                    statement,
                    run,
                    plan);
        }
    }
}
