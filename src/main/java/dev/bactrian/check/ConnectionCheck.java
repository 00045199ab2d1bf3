package dev.bactrian.check;

import dev.bactrian.config.ConnectionBudget;
import dev.bactrian.postgres.url.DatabaseUrl;
import dev.bactrian.postgres.url.SupabaseAddress;
import dev.bactrian.problem.ProblemException;
import dev.bactrian.run.Workers;
import java.util.Map;

/** Looks whether there are as many connections as a backup may use at once. */
final class ConnectionCheck {

    private final ConnectionBudget budget;
    private final Workers workers;

    /**
     * Prepares the check.
     *
     * @param workers how many pg_dump run at once
     */
    ConnectionCheck(ConnectionBudget budget, Workers workers) {
        this.budget = budget;
        this.workers = workers;
    }

    /**
     * Says what is needed and what there is.
     *
     * @param limits a row of {@code sql/check/connections.sql}
     * @throws ProblemException when there can never be enough
     */
    String look(DatabaseUrl url, Map<String, Object> limits) {
        int needed = budget.needed(url, workers.near());
        boolean pooled = SupabaseAddress.of(url).isSessionPooler();
        long limit = pooled ? budget.poolSize() : Long.parseLong(String.valueOf(limits.get("most")));
        if (needed > limit) {
            throw ProblemException.stopped(
                    "A backup uses up to " + needed + " connections at once, and there are at most " + limit + ".",
                    pooled
                            ? "Set CONTROL_DATABASE_URL to another database; or raise the Pool Size in the dashboard's "
                                    + "database settings, and set SUPABASE_POOL_SIZE to the same."
                            : "Lower BACKUP_PARALLELISM, or raise the connection limit of the server, the database or "
                                    + "the role.");
        }
        return "up to " + needed + " at once, of "
                + (pooled
                        ? limit + " that the session pooler has (SUPABASE_POOL_SIZE)"
                        : limit + " allowed; the server has " + limits.get("used") + " now")
                + (workers.isFixed()
                        ? ""
                        : "; up to " + budget.needed(url, workers.most()) + " far away, if as many are free")
                + (budget.wished() > workers.near()
                        ? "; BACKUP_PARALLELISM=" + budget.wished() + " is lowered to " + workers.near()
                                + " to stay below the session pooler's limit"
                        : "");
    }
}
