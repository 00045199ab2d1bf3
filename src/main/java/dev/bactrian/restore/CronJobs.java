package dev.bactrian.restore;

import dev.bactrian.archive.DamagedArchiveException;
import dev.bactrian.archive.Manifest;
import dev.bactrian.backup.StoppableRun;
import dev.bactrian.script.UnexpectedScriptException;
import dev.bactrian.selection.Relation;
import java.io.EOFException;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.camel.ExchangeProperty;

/**
 * Jobs of pg_cron, into a Supabase project: nobody may write its table there, so that cron.schedule makes them anew, active
 * or not as they were. A job that is there already isn't made twice. Commands are told nowhere: keys often stand in them.
 */
public final class CronJobs {

    private static final Relation.Named TABLE = new Relation.Named("cron", "job");

    private static final String THERE =
            "SELECT to_regprocedure('cron.schedule(text, text, text)') IS NOT NULL AND to_regclass('cron.job') IS NOT NULL";

    private static final String JOBS =
            "SELECT jobname, schedule, command, username, active::boolean, EXISTS (SELECT FROM"
                    + " cron.job AS there WHERE there.jobname IS NULL AND saved.jobname IS NULL AND there.username = current_user"
                    + " AND there.schedule = saved.schedule AND there.command = saved.command), username = current_user FROM "
                    + WaitingRows.TABLE + " AS saved ORDER BY jobid::bigint";

    private static final String PAUSE = "SELECT cron.alter_job(?, active => false)";

    /** One job of the archive. */
    private record Job(
            String name, String schedule, String command, String user, boolean active, boolean there, boolean own) {

        String told() {
            return "cron job " + (name == null ? "\"" + schedule + "\" without a name" : Relation.quote(name));
        }
    }

    /** Makes them, all or none. */
    public void restore(
            @ExchangeProperty("run") RestoreRun run,
            @ExchangeProperty("target") Target target,
            @ExchangeProperty("plan") RestorePlan plan)
            throws SQLException, IOException {
        Optional<Manifest.TablePart> part = WaitingRows.wanted(TABLE, plan, run);
        if (part.isEmpty()) {
            return;
        }
        try (StoppableRun.Work work = run.beginWork();
                Connection connection = target.connection()) {
            if (!"t".equals(Target.text(connection, THERE))) {
                report(
                        run,
                        "The target has no pg_cron. Turn it on (Integrations, Cron), and restore again with"
                                + " --data-only --table cron.job.");
                return;
            }
            connection.setAutoCommit(false);
            try {
                WaitingRows.copy(part.get(), List.of("jobname"), run, plan.backup(), connection);
                schedule(connection, run);
                connection.commit();
            } catch (DamagedArchiveException | UnexpectedScriptException | EOFException e) {
                report(run, "The archive is damaged: " + e.getMessage() + ".");
            } catch (SQLException e) {
                if (Failures.endsAll(e)) {
                    throw e;
                }
                report(run, Failures.firstLine(e) + " None of them was made.");
            } finally {
                if (!connection.isClosed()) {
                    connection.rollback();
                    connection.setAutoCommit(true);
                }
            }
        }
    }

    private static void report(RestoreRun run, String reason) {
        run.getReport().add(new NotApplied("cron jobs", reason, null));
    }

    private static void schedule(Connection connection, RestoreRun run) throws SQLException {
        int running = 0;
        for (Job job : jobs(connection)) {
            if (!job.own()) {
                run.getReport()
                        .add(new NotApplied(
                                job.told(),
                                "It ran as " + job.user()
                                        + ", and jobs of another role can't be made. Its command is in"
                                        + " the archive, among the rows of cron.job.",
                                null));
            } else if (!job.there()) {
                long id = make(job, connection);
                if (job.active()) {
                    running++;
                } else {
                    pause(id, connection);
                }
            }
        }
        if (running > 0) {
            run.getReport()
                    .note("Cron jobs that run in the target from now on: " + running
                            + ". To pause one: SELECT cron.alter_job(jobid, active => false) FROM cron.job WHERE …");
        }
    }

    private static List<Job> jobs(Connection connection) throws SQLException {
        List<Job> jobs = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(JOBS)) {
            while (rows.next()) {
                jobs.add(new Job(
                        rows.getString(1),
                        rows.getString(2),
                        rows.getString(3),
                        rows.getString(4),
                        rows.getBoolean(5),
                        rows.getBoolean(6),
                        rows.getBoolean(7)));
            }
        }
        return jobs;
    }

    private static long make(Job job, Connection connection) throws SQLException {
        boolean named = job.name() != null;
        try (PreparedStatement statement =
                connection.prepareStatement(named ? "SELECT cron.schedule(?, ?, ?)" : "SELECT cron.schedule(?, ?)")) {
            int at = 1;
            if (named) {
                statement.setString(at++, job.name());
            }
            statement.setString(at++, job.schedule());
            statement.setString(at, job.command());
            try (ResultSet id = statement.executeQuery()) {
                id.next();
                return id.getLong(1);
            }
        }
    }

    private static void pause(long job, Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(PAUSE)) {
            statement.setLong(1, job);
            statement.execute();
        }
    }
}
