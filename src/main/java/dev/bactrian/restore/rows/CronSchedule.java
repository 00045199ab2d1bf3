package dev.bactrian.restore.rows;

import dev.bactrian.restore.FatalErrors;
import dev.bactrian.restore.NotApplied;
import dev.bactrian.restore.PausedJob;
import dev.bactrian.restore.RestoreReport;
import dev.bactrian.restore.Target;
import dev.bactrian.selection.Relation;
import dev.bactrian.support.Units;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The making of jobs whose rows wait in {@link StagedRows}, in the connection's transaction. pg_cron's functions see to
 * it that host and port are those of the target's server (job_metadata.c of pg_cron 1.4 to 1.6). Commands are told nowhere:
 * keys often stand in them.
 */
final class CronSchedule {

    /** A role that isn't allowed to see all jobs may only make its own. */
    private static final String SEE_OWN = "SET LOCAL row_security = on";

    private static final String JOBS =
            """
            SELECT jobid::bigint AS id, jobname, schedule, command, username, coalesce(active, 't')::boolean AS active,
                   database, username = current_user AS own,
                   username = current_user OR (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) AS allowed,
                   EXISTS (SELECT FROM cron.job AS there
                            WHERE there.username = saved.username AND there.jobname IS NOT DISTINCT FROM saved.jobname
                              AND (saved.jobname IS NOT NULL
                                   OR there.schedule = saved.schedule AND there.command = saved.command)) AS there
              FROM %s AS saved ORDER BY 1"""
                    .formatted(StagedRows.TABLE);

    /** Numbers that the archive's jobs had are free for them: so ids in logs, and in scripts, stay what they were. */
    private static final String RENUMBER =
            "UPDATE cron.job SET jobid = ? WHERE jobid = ?" + " AND NOT EXISTS (SELECT FROM cron.job WHERE jobid = ?)";

    /** So that no job gets the number of one that comes later; never back. */
    private static final String NEXT_NUMBER =
            "SELECT setval('cron.jobid_seq', top) FROM (SELECT max(jobid) AS top FROM (SELECT jobid FROM cron.job UNION ALL"
                    + " SELECT jobid::bigint FROM " + StagedRows.TABLE
                    + ") AS numbers) AS jobs, cron.jobid_seq AS next WHERE top > next.last_value";

    private static final String MAY_RENUMBER = "SELECT has_table_privilege('cron.job', 'UPDATE')"
            + " AND NOT row_security_active('cron.job') AND has_sequence_privilege('cron.jobid_seq', 'UPDATE')";

    private final Connection connection;
    private final String savedDatabase;
    private final List<NotApplied> refused = new ArrayList<>();
    private final List<PausedJob> paused = new ArrayList<>();
    private int made;
    private int there;

    /** One job of the archive. */
    private record Job(
            long id,
            @Nullable String name,
            String schedule,
            String command,
            String user,
            boolean active,
            @Nullable String database,
            boolean own,
            boolean allowed,
            boolean there) {

        String told() {
            return "cron job " + (name == null ? "\"" + schedule + "\" without a name" : Relation.quote(name));
        }
    }

    /**
     * Begins.
     *
     * @param savedDatabase whose name becomes the target's; a job of another database keeps that
     */
    CronSchedule(Connection connection, String savedDatabase) throws SQLException {
        this.connection = connection;
        this.savedDatabase = savedDatabase;
        execute(SEE_OWN);
    }

    /** Makes them; one that pg_cron refuses is left out. */
    void makeAll() throws SQLException {
        boolean renumber = "t".equals(Target.text(connection, MAY_RENUMBER));
        if (renumber) {
            Target.text(connection, NEXT_NUMBER);
        }
        for (Job job : jobs()) {
            if (job.there()) {
                there++;
            } else if (!job.allowed()) {
                refuse(job, "It ran as " + job.user() + ", and jobs of another role can't be created.");
            } else {
                makeOne(job, renumber);
            }
        }
    }

    /** Tells what came of it: once it is committed. */
    void tell(RestoreReport report) {
        refused.forEach(report::add);
        paused.forEach(report::paused);
        if (made > 0) {
            report.loaded(CronJobs.TABLE.quoted(), made);
        }
        if (there > 0) {
            report.note(Units.counted(there, "cron job") + (there == 1 ? " was" : " were")
                    + " existed already, and stayed as they are.");
        }
    }

    private List<Job> jobs() throws SQLException {
        List<Job> jobs = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(JOBS)) {
            while (rows.next()) {
                jobs.add(new Job(
                        rows.getLong("id"),
                        rows.getString("jobname"),
                        rows.getString("schedule"),
                        rows.getString("command"),
                        rows.getString("username"),
                        rows.getBoolean("active"),
                        rows.getString("database"),
                        rows.getBoolean("own"),
                        rows.getBoolean("allowed"),
                        rows.getBoolean("there")));
            }
        }
        return jobs;
    }

    private void makeOne(Job job, boolean renumber) throws SQLException {
        Savepoint before = connection.setSavepoint();
        try {
            String elsewhere = job.database() == null || job.database().equals(savedDatabase) ? null : job.database();
            long id = job.own() || job.name() == null ? own(job, elsewhere) : another(job, elsewhere);
            if (renumber && call(RENUMBER, job.id(), id, job.id()) > 0) {
                id = job.id();
            }
            made++;
            if (job.active()) {
                paused.add(new PausedJob(
                        job.told()
                                + (job.own() ? "" : " of role " + job.user())
                                + (elsewhere == null ? "" : " in database " + elsewhere),
                        "SELECT cron.alter_job(job_id := " + id + ", active := true);"));
            }
        } catch (SQLException e) {
            if (FatalErrors.endsAll(e)) {
                throw e;
            }
            connection.rollback(before);
            refuse(job, FatalErrors.firstLine(e) + ".");
        }
    }

    private void refuse(Job job, String reason) {
        refused.add(new NotApplied(
                job.told(), reason + " Its command is in the archive, among the rows of cron.job.", null));
    }

    /** As this role, in this database; then both are changed where the job had others. */
    private long own(Job job, @Nullable String database) throws SQLException {
        long id = job.name() == null
                ? call("SELECT cron.schedule(?, ?)", job.schedule(), job.command())
                : call("SELECT cron.schedule(?, ?, ?)", job.name(), job.schedule(), job.command());
        call(
                "SELECT 1 FROM cron.alter_job(job_id := ?, database := ?, username := ?, active := false)",
                id,
                database,
                job.own() ? null : job.user());
        return id;
    }

    private long another(Job job, @Nullable String database) throws SQLException {
        return call(
                "SELECT cron.schedule_in_database(?, ?, ?, coalesce(?::text, current_database()), ?, false)",
                job.name(),
                job.schedule(),
                job.command(),
                database,
                job.user());
    }

    /** What a query answers, or how many rows a statement changed. */
    private long call(String sql, @Nullable Object... values) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                if (values[i] instanceof Long number) {
                    statement.setLong(i + 1, number);
                } else {
                    statement.setString(i + 1, (String) values[i]);
                }
            }
            if (!statement.execute()) {
                return statement.getUpdateCount();
            }
            try (ResultSet answer = statement.getResultSet()) {
                return answer.next() ? answer.getLong(1) : 0;
            }
        }
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
