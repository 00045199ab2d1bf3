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
import java.util.stream.Collectors;
import org.apache.camel.Body;
import org.apache.camel.ExchangeProperty;

/**
 * Loads one table's rows from the archive, by COPY over JDBC, in one transaction that is only committed when length, CRC,
 * SHA-256, number and digest of the rows are those of the manifest. Nothing of the archive's text is run: the COPY
 * statement is made anew from the names in it.
 */
public final class TableLoader {

    private static final String DENIED = "42501";

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
        if (run.keeps(table.target())) {
            run.getReport().loaded(table.quoted(), run.keptRows(table.target()));
            run.getProgress().tableDone();
            return;
        }
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
            prepare(table, run, connection, managed);
            long rows;
            if (managed) {
                ManagedRows into = new ManagedRows(table, run, connection);
                rows = into.finish(SavedRows.copy(table.part(), into::into, run, saved, connection));
            } else {
                rows = SavedRows.copy(table.part(), from -> copySql(table, from), run, saved, connection);
            }
            AgentJobs jobs = new AgentJobs(table, run, saved);
            jobs.pause(table.quoted(), connection);
            Marker.loaded(table.target(), rows, connection);
            connection.commit();
            jobs.tell();
            return rows;
        } finally {
            if (!connection.isClosed()) {
                connection.rollback();
                connection.setAutoCommit(true);
            }
        }
    }

    private static String copySql(TableLoad table, CopyStatement statement) {
        String columns = statement.columns().isEmpty()
                ? ""
                : statement.columns().stream().map(Relation::quote).collect(Collectors.joining(", ", " (", ")"));
        // What nobody else sees yet needn't be made visible row by row later.
        return "COPY " + table.quoted() + columns + " FROM STDIN" + (table.created() ? " WITH (FREEZE)" : "");
    }

    /** A new table is emptied, too: only what was made in the same transaction can be frozen. */
    private static void prepare(TableLoad table, RestoreRun run, Connection connection, boolean managed)
            throws SQLException {
        try (Statement statement = connection.createStatement()) {
            if (table.created()) {
                statement.execute("TRUNCATE ONLY " + table.quoted());
                return;
            }
            boolean alone = asReplica(statement, connection, run);
            boolean joins = managed && StoredRows.are(table.target());
            if (run.getRequest().is(RestoreRequest.Option.TRUNCATE) && !joins) {
                boolean referenced = TargetTables.referenced(connection).contains(table.target());
                if (referenced && !alone) {
                    throw new SQLException(
                            "This role may not set session_replication_role: deleting the rows of a table that others"
                                    + " refer to could delete theirs.",
                            DENIED);
                }
                statement.execute((referenced ? "DELETE FROM ONLY " : "TRUNCATE ONLY ")
                        + table.quoted()
                        // Some roles may delete only with a condition (safeupdate).
                        + (referenced ? " WHERE true" : ""));
            }
        }
    }

    /** So that no trigger fires and no foreign key wants its rows in order; they are checked at the end. */
    private static boolean asReplica(Statement statement, Connection connection, RestoreRun run) throws SQLException {
        java.sql.Savepoint before = connection.setSavepoint();
        try {
            statement.execute("SET LOCAL session_replication_role = replica");
            return true;
        } catch (SQLException e) {
            if (!DENIED.equals(e.getSQLState())) {
                throw e;
            }
            connection.rollback(before);
            run.getReport()
                    .note("This role may not set session_replication_role: triggers fired while rows were loaded.");
            return false;
        }
    }
}
