package dev.bactrian.restore.rows;

import dev.bactrian.archive.DamagedArchiveException;
import dev.bactrian.archive.Manifest;
import dev.bactrian.archive.read.SavedBackup;
import dev.bactrian.postgres.script.UnexpectedScriptException;
import dev.bactrian.restore.FatalErrors;
import dev.bactrian.restore.NotApplied;
import dev.bactrian.restore.RestorePlan;
import dev.bactrian.restore.RestoreRun;
import dev.bactrian.restore.Target;
import dev.bactrian.restore.target.TrustedSchema;
import dev.bactrian.run.StoppableRun;
import dev.bactrian.selection.Relation;
import java.io.EOFException;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.apache.camel.ExchangeProperty;

/**
 * Jobs of pg_cron. Their rows name server, port, database and role of the saved database, and would run there: so they
 * aren't copied. {@link CronSchedule} makes each job by pg_cron's own functions, all of them paused and in one transaction,
 * so that none ever runs before a person has started it. A job that is there stays as it is.
 */
public final class CronJobs {

    public static final Relation.Named TABLE = new Relation.Named("cron", "job");

    /** Since 1.4. */
    private static final String THERE =
            "SELECT to_regprocedure('cron.schedule(text, text, text)') IS NOT NULL AND to_regclass('cron.job') IS NOT NULL"
                    + " AND to_regprocedure('cron.alter_job(bigint, text, text, text, text, boolean)') IS NOT NULL";

    private static final String NAMES =
            "SELECT CASE WHEN jobname IS NULL THEN pg_catalog.format('\"%s\" without a name', schedule)"
                    + " ELSE pg_catalog.quote_ident(jobname) END FROM " + StagedRows.TABLE + " ORDER BY 1";

    /** Whether a table's rows are such jobs. */
    public static boolean are(Manifest.TablePart table) {
        return CronPlace.EXTENSION.equals(table.extension())
                && RestorePlan.named(table).equals(TABLE);
    }

    /** Makes them; those that can't be made are listed. */
    public void restore(
            @ExchangeProperty("run") RestoreRun run,
            @ExchangeProperty("target") Target target,
            @ExchangeProperty("plan") RestorePlan plan)
            throws SQLException, IOException {
        makeOrList(run, target, plan);
        run.getEvidence().done("restore-jobs");
    }

    private static void makeOrList(RestoreRun run, Target target, RestorePlan plan) throws SQLException, IOException {
        Optional<Manifest.TablePart> part = StagedRows.wanted(TABLE, plan, run);
        // A scratch database can't have pg_cron: the plan has told so.
        if (part.filter(CronJobs::are).isEmpty() || run.getRequest().isScratch()) {
            return;
        }
        try (StoppableRun.Work work = run.beginWork();
                Connection connection = target.connection()) {
            boolean found = "t".equals(Target.text(connection, THERE));
            boolean there = found && TrustedSchema.is(TABLE.schema(), connection);
            if (found && !there) {
                report(run, TrustedSchema.refusal(TABLE.schema()) + ".");
            } else if (!there) {
                report(
                        run,
                        (target.isSupabase()
                                        ? "The target has no pg_cron. Turn it on (Integrations, Cron)"
                                        : "The target has no pg_cron 1.4 or newer. Have its server load it"
                                                + " (shared_preload_libraries, cron.database_name), run CREATE EXTENSION pg_cron")
                                + ", and restore again with --data-only --table cron.job.");
            }
            connection.setAutoCommit(false);
            try {
                if (there) {
                    make(part.get(), run, plan.backup(), connection);
                } else {
                    name(part.get(), run, plan.backup(), connection);
                }
            } catch (DamagedArchiveException | UnexpectedScriptException | EOFException e) {
                report(run, "The archive is damaged: " + e.getMessage() + ".");
            } catch (SQLException e) {
                if (FatalErrors.endsAll(e)) {
                    throw e;
                }
                report(run, FatalErrors.firstLine(e) + " None of them was created.");
            } finally {
                if (!connection.isClosed()) {
                    connection.rollback();
                    connection.setAutoCommit(true);
                }
            }
        }
    }

    private static void make(Manifest.TablePart part, RestoreRun run, SavedBackup saved, Connection connection)
            throws SQLException, IOException {
        CronSchedule schedule =
                new CronSchedule(connection, saved.manifest().source().database());
        StagedRows.copy(part, List.of("jobname", "active", "database"), run, saved, connection);
        schedule.makeAll();
        connection.commit();
        schedule.tell(run.getReport());
    }

    /** Those that aren't made, without their commands: keys often stand in them. */
    private static void name(Manifest.TablePart part, RestoreRun run, SavedBackup saved, Connection connection)
            throws SQLException, IOException {
        StagedRows.copy(part, List.of("jobname", "schedule"), run, saved, connection);
        for (String job : Target.texts(connection, NAMES)) {
            run.getReport()
                    .add(new NotApplied(
                            "cron job " + job,
                            "There is no pg_cron for it. Its command is in the archive, among the rows of cron.job.",
                            null));
        }
    }

    private static void report(RestoreRun run, String reason) {
        run.getReport().add(new NotApplied("cron jobs", reason, null));
    }
}
