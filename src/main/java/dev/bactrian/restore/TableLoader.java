package dev.bactrian.restore;

import dev.bactrian.archive.DamagedArchiveException;
import dev.bactrian.backup.StoppableRun;
import dev.bactrian.restore.RestorePlan.TableLoad;
import dev.bactrian.script.CopyStatement;
import dev.bactrian.script.UnexpectedScriptException;
import dev.bactrian.selection.Relation;
import java.io.EOFException;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.apache.camel.Body;
import org.apache.camel.ExchangeProperty;

/**
 * Loads one table's rows from the archive, by COPY over JDBC, in one transaction that is only committed when length, CRC,
 * SHA-256, number and digest of the rows are those of the manifest; and, where the target could change them, when it stores
 * them so ({@link LiveLoad}). Nothing of the archive's text is run: the COPY statement is made anew from the names in it.
 */
public final class TableLoader {

    /** Loads them; a table that can't be loaded is reported, and stays as it was. */
    public void load(
            @Body TableLoad table,
            @ExchangeProperty("run") RestoreRun run,
            @ExchangeProperty("target") Target target,
            @ExchangeProperty("plan") RestorePlan plan)
            throws SQLException, IOException, InterruptedException {
        try (StoppableRun.Work work = run.beginWork()) {
            plan.order().await(table, run);
            try (Connection connection = target.connection()) {
                loadOrReport(table, run, plan, connection, target.isSupabase());
            } finally {
                plan.order().end(table);
            }
        }
    }

    private static void loadOrReport(
            TableLoad table, RestoreRun run, RestorePlan plan, Connection connection, boolean supabase)
            throws SQLException, IOException {
        boolean managed = supabase && Platform.managedSchema(table.target().schema());
        try {
            long rows = table.part().extension() == null
                    ? load(table, run, plan.backup(), connection, managed && !table.created())
                    : ExtensionRows.load(table, run, plan.backup(), connection);
            run.getReport().loaded(table.quoted(), rows);
        } catch (DamagedArchiveException e) {
            report(run, table, "The archive is damaged: " + e.getMessage() + ".");
        } catch (UnexpectedScriptException | EOFException e) {
            report(run, table, "The archive is damaged: " + table.part().dataEntry() + " isn't what pg_dump prints.");
        } catch (SQLException e) {
            if (Failures.endsAll(e) || run.isStopped()) {
                throw e;
            }
            report(run, table, Failures.firstLine(e));
        }
        run.getProgress().tableDone();
    }

    private static void report(RestoreRun run, TableLoad table, String reason) {
        run.getReport()
                .add(new NotApplied(
                        "rows of " + table.quoted(),
                        reason + " The table is as it was before: none of its rows is loaded.",
                        null));
    }

    private static long load(TableLoad table, RestoreRun run, SavedBackup saved, Connection connection, boolean managed)
            throws SQLException, IOException {
        connection.setAutoCommit(false);
        try {
            long rows = table.created() && isUntouched(table, connection)
                    ? SavedRows.copy(table.part(), from -> frozen(table, from), run, saved, connection)
                            .rows()
                    : new LiveLoad(table, run, saved, connection, managed).load();
            connection.commit();
            return rows;
        } finally {
            if (!connection.isClosed()) {
                connection.rollback();
                connection.setAutoCommit(true);
            }
        }
    }

    /**
     * Empties a new table, since only what was made in the same transaction can be frozen.
     *
     * @return whether nothing can change its rows: triggers come after the rows, but the target's own may be there already, by
     *     a partitioned table that it is attached to, or by an event trigger
     */
    private static boolean isUntouched(TableLoad table, Connection connection) throws SQLException {
        boolean untouched = "f"
                .equals(Target.text(
                        connection,
                        "SELECT relhastriggers FROM pg_catalog.pg_class WHERE oid = pg_catalog.to_regclass("
                                + Relation.literal(table.quoted()) + ")"));
        if (untouched) {
            try (Statement statement = connection.createStatement()) {
                statement.execute("TRUNCATE ONLY " + table.quoted());
            }
        }
        return untouched;
    }

    private static String frozen(TableLoad table, CopyStatement from) {
        // What nobody else sees yet needn't be made visible row by row later.
        return "COPY " + table.quoted() + ReadBack.list(from.columns()) + " FROM STDIN WITH (FREEZE)";
    }
}
