package dev.bactrian.restore.definitions;

import dev.bactrian.postgres.meaning.Uses;
import dev.bactrian.restore.Attempt;
import dev.bactrian.restore.FatalErrors;
import dev.bactrian.restore.NameLookup;
import dev.bactrian.restore.RestorePlan;
import dev.bactrian.restore.RestoreRun;
import dev.bactrian.restore.ddl.ScriptEntry;
import dev.bactrian.restore.steps.MeaningComparison;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Runs statements that look names up: by the usual search path first, by others where that failed for a name, or where what was
 * made uses other functions and operators than it did when it was saved. An attempt that isn't the last leaves nothing.
 */
public final class EntryRounds {

    /** A statement of a guard, see {@link GuardedEntry#guard}. */
    private static final String INVALID_TEXT = "22P02";

    /** What is made without a definition of its own, and may call functions all the same: those of a partition's key. */
    private static final Set<String> CALLING = Set.of("TABLE ATTACH", "FK CONSTRAINT", "MATERIALIZED VIEW", "VIEW");

    private static final String OTHER_MEANING = "\"another meaning\"";

    private final RestoreRun run;
    private final RestorePlan plan;

    public EntryRounds(RestoreRun run, RestorePlan plan) {
        this.run = run;
        this.plan = plan;
    }

    /** Makes an object; what it then means is compared at the end, see {@link MeaningComparison}. */
    void make(ScriptEntry entry, String sql, Statement statement) throws SQLException {
        Connection connection = statement.getConnection();
        NameLookup names = run.getNames();
        GuardedEntry guarded = GuardedEntry.of(entry, plan.definitions());
        if (guarded == null && !CALLING.contains(entry.type())) {
            statement.execute(sql);
            if ("EXTENSION".equals(entry.type())) {
                names.forget();
            }
            return;
        }
        List<NameLookup.Round> rounds = new ArrayList<>();
        rounds.add(names.usual(plan, connection));
        String guard = "";
        Uses saved = guarded == null || plan.rename() != null ? null : names.saved(plan);
        if (guarded != null && saved != null) {
            Set<String> operators = saved.operatorSchemas(guarded.in(saved));
            if (operators.isEmpty()) {
                // Those of an extension would win over PostgreSQL's own where they fit better.
                rounds.add(0, NameLookup.OWN);
            }
            if (GuardedEntry.isDoubtful(sql, operators, names.usual(plan, connection))) {
                guard = guarded.guard(saved);
                rounds.addAll(names.exact(operators, plan, connection));
            }
        }
        rounds.add(names.wide(into(entry), plan, connection));
        run(entry.what(), into(entry), sql, guard, rounds, statement);
    }

    /** Runs what may call functions, of which a body may name something without its schema. */
    public void call(String what, String sql, String schema, Statement statement) throws SQLException {
        Connection connection = statement.getConnection();
        List<NameLookup.Round> rounds = new ArrayList<>();
        rounds.add(run.getNames().usual(plan, connection));
        rounds.add(run.getNames().wide(schema, plan, connection));
        run(what, schema, sql + ";", "", rounds, statement);
    }

    private String into(ScriptEntry entry) {
        String into = run.getRequest().intoSchema();
        return into == null ? entry.schema() : into;
    }

    private void run(
            String what, String schema, String sql, String guard, List<NameLookup.Round> rounds, Statement statement)
            throws SQLException {
        SQLException first = null;
        NameLookup.@Nullable Round another = null;
        Set<List<String>> tried = new HashSet<>();
        for (NameLookup.Round round : rounds) {
            if (!tried.add(round.schemas())) {
                continue;
            }
            try {
                Attempt.once(statement.getConnection(), () -> statement.execute(round.use() + sql + guard));
                if (round.wide() && first != null) {
                    NameLookup.tell(run.getReport(), what, first);
                }
                return;
            } catch (SQLException e) {
                if (isOfGuard(e)) {
                    another = another == null ? round : another;
                } else if (FatalErrors.endsAll(e) || !FatalErrors.isAboutNames(e)) {
                    throw first == null || FatalErrors.endsAll(e) ? e : first;
                } else {
                    first = first == null ? e : first;
                }
            }
        }
        if (another == null) {
            run.getNames().tellOfOthers(schema);
            throw first == null ? new SQLException("No search path was tried", INVALID_TEXT) : first;
        }
        statement.execute(another.use() + sql);
    }

    private static boolean isOfGuard(SQLException failure) {
        return INVALID_TEXT.equals(failure.getSQLState())
                && failure.getMessage() != null
                && failure.getMessage().contains(OTHER_MEANING);
    }
}
