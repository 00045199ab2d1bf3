package dev.bactrian.restore.rows;

import dev.bactrian.archive.read.SavedBackup;
import dev.bactrian.restore.PausedJob;
import dev.bactrian.restore.RestorePlan.TableLoad;
import dev.bactrian.restore.RestoreRun;
import dev.bactrian.restore.Target;
import dev.bactrian.selection.Relation;
import dev.bactrian.support.Units;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * Jobs in tables that an agent outside of the server reads: those of pgagent and pg_timetable, installed as an extension or
 * by a script. They are paused in the transaction that loads them, so that no agent ever sees one that would run. pgagent's
 * steps that ran in the saved database run in the target's; a step that connects by a string of its own keeps it.
 */
public final class AgentJobs {

    /**
     * Where an agent finds its jobs (pgagent.sql of pgagent 4.2, ddl.sql of pg_timetable 4 and 5).
     *
     * @param job for people
     * @param enabled the column that says whether it runs
     * @param reset what else is set when it doesn't
     */
    public record Agent(Relation.Named table, String job, String id, String name, String enabled, String reset) {}

    /** Its trigger works out the next run when a job is started. */
    public static final Agent PGAGENT = new Agent(
            new Relation.Named("pgagent", "pga_job"),
            "job",
            "jobid",
            "jobname",
            "jobenabled",
            ", jobnextrun = NULL, jobagentid = NULL");

    public static final Agent TIMETABLE =
            new Agent(new Relation.Named("timetable", "chain"), "chain", "chain_id", "chain_name", "live", "");

    private static final Relation.Named STEPS = new Relation.Named("pgagent", "pga_jobstep");
    private static final Relation.Named TASKS = new Relation.Named("timetable", "task");

    private final TableLoad table;
    private final RestoreRun run;
    private final String savedDatabase;
    private final List<PausedJob> paused = new ArrayList<>();

    /** For one table, agent's or not. */
    AgentJobs(TableLoad table, RestoreRun run, SavedBackup saved) {
        this.table = table;
        this.run = run;
        this.savedDatabase = saved.manifest().source().database();
    }

    /** Whether a table may hold jobs, which are paused before any of its rows is committed. */
    static boolean mayBe(TableLoad table) {
        return List.of(PGAGENT, TIMETABLE).stream()
                .anyMatch(agent -> agent.table().schema().equals(table.target().schema()));
    }

    /**
     * Pauses what the table's rows say, in the connection's transaction. Not in a scratch database, which no agent reads:
     * there the rows have to stay what was saved.
     *
     * @param rows the table that has them, quoted: this one, or where they wait for it
     */
    void pause(String rows, Connection connection) throws SQLException {
        if (run.getRequest().isScratch()) {
            return;
        }
        pause(PGAGENT, rows, connection);
        pause(TIMETABLE, rows, connection);
        if (is(STEPS) && has(rows, connection, "jstdbname", "jstconnstr")) {
            refuseRules(rows, connection);
            try (Statement statement = connection.createStatement()) {
                statement.execute("UPDATE " + rows + " SET jstdbname = current_database() WHERE jstdbname = "
                        + Relation.literal(savedDatabase));
            }
            ownConnections("jstconnstr", rows, connection);
        } else if (is(TASKS) && has(rows, connection, "database_connection")) {
            ownConnections("database_connection", rows, connection);
        }
    }

    /** Tells what was paused: once it is committed. */
    void tell() {
        paused.forEach(run.getReport()::paused);
    }

    private boolean is(Relation.Named name) {
        return table.target().equals(name);
    }

    private void pause(Agent agent, String rows, Connection connection) throws SQLException {
        if (!is(agent.table()) || !has(rows, connection, agent.id(), agent.name(), agent.enabled())) {
            return;
        }
        refuseRules(rows, connection);
        try (Statement statement = connection.createStatement();
                ResultSet jobs = statement.executeQuery("UPDATE " + rows + " SET " + agent.enabled() + " = false"
                        + agent.reset() + " WHERE " + agent.enabled() + " RETURNING " + agent.id() + "::bigint, "
                        + agent.name() + "::text")) {
            while (jobs.next()) {
                paused.add(new PausedJob(
                        agent.job() + " " + Relation.quote(jobs.getString(2)) + " of "
                                + agent.table().schema(),
                        "UPDATE " + agent.table().schema() + "." + agent.table().name() + " SET " + agent.enabled()
                                + " = true WHERE " + agent.id() + " = " + jobs.getLong(1) + ";"));
            }
        }
    }

    /** They may name the saved server, and hold passwords: neither is told. */
    private void ownConnections(String column, String rows, Connection connection) throws SQLException {
        long own = Long.parseLong(
                Target.text(connection, "SELECT count(*) FROM " + rows + " WHERE coalesce(" + column + ", '') <> ''"));
        if (own > 0) {
            run.getReport()
                    .note(Units.counted(own, "row") + " of " + table.quoted() + (own == 1 ? " names" : " name")
                            + " a server by its own connection string, which may name the saved server. Check "
                            + column + " before you start those jobs.");
        }
    }

    /** What they would do besides may be anybody's. */
    private static void refuseRules(String rows, Connection connection) throws SQLException {
        boolean replica = "replica".equals(Target.text(connection, "SHOW session_replication_role"));
        SideEffects.refuse(connection, rows, replica, SideEffects.Event.UPDATE);
    }

    /** A table of the same name may be anybody's, and so may casts of types other than the server's own. */
    private static boolean has(String rows, Connection connection, String... columns) throws SQLException {
        String names = "'" + String.join("', '", columns) + "'";
        return String.valueOf(columns.length)
                .equals(Target.text(
                        connection,
                        "SELECT count(*) FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type t ON t.oid = a.atttypid"
                                + " WHERE a.attrelid = pg_catalog.to_regclass(" + Relation.literal(rows)
                                + ") AND a.attname IN (" + names + ") AND NOT a.attisdropped"
                                + " AND t.typnamespace = 'pg_catalog'::pg_catalog.regnamespace"));
    }
}
