package dev.bactrian.restore.rows;

import dev.bactrian.archive.DamagedArchiveException;
import dev.bactrian.restore.FatalErrors;
import dev.bactrian.restore.LaterRows;
import dev.bactrian.restore.NotApplied;
import dev.bactrian.restore.Platform;
import dev.bactrian.restore.RestoreEvidence;
import dev.bactrian.restore.RestorePlan;
import dev.bactrian.restore.RestorePlan.TableLoad;
import dev.bactrian.restore.RestoreRun;
import dev.bactrian.restore.Rounds;
import dev.bactrian.restore.Target;
import dev.bactrian.run.StoppableRun;
import dev.bactrian.selection.Relation;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.camel.Body;
import org.apache.camel.ExchangeProperty;

/**
 * Loads one table's rows from the archive, by COPY over JDBC, in one transaction that is only committed when length, CRC,
 * SHA-256, number and digest of the rows are those of the manifest; and, where the target could change them, when it stores
 * them so ({@link LiveLoad}). Nothing of the archive's text is run: the COPY statement is made anew from the names in it.
 */
public final class TableLoader {

    /**
     * Tables that have triggers before they have rows. The archive's own come after the rows; a new table has some by a
     * partitioned table that it is attached to, or by an event trigger of the target's.
     */
    public Set<Relation.Named> triggered(@ExchangeProperty("target") Target target) throws SQLException {
        Set<Relation.Named> names = new HashSet<>();
        try (Connection connection = target.connection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT n.nspname, c.relname FROM pg_catalog.pg_class c"
                        + " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
                        + " WHERE c.relhastriggers AND c.relkind = 'r'")) {
            while (rows.next()) {
                names.add(new Relation.Named(rows.getString(1), rows.getString(2)));
            }
        }
        return names;
    }

    /** What workers load, the largest first: a large table's rows come in parts where it can be loaded so. */
    public List<RowLoad> loads(
            @ExchangeProperty("plan") RestorePlan plan,
            @ExchangeProperty("triggered") Set<Relation.Named> triggered,
            @ExchangeProperty("members") MissingMembers members) {
        return plan.otherTables().stream()
                .flatMap(table -> triggered.contains(table.target()) || members.hasMade(table.target())
                        ? Stream.of(RowLoad.whole(table))
                        : RowLoad.of(table).stream())
                .toList();
    }

    /** As {@link #load}, of a table or a part of it; what comes of a part is told with the last one of its table. */
    public void loadRows(
            @Body RowLoad rows,
            @ExchangeProperty("run") RestoreRun run,
            @ExchangeProperty("target") Target target,
            @ExchangeProperty("plan") RestorePlan plan,
            @ExchangeProperty("triggered") Set<Relation.Named> triggered,
            @ExchangeProperty("members") MissingMembers members)
            throws SQLException, IOException, InterruptedException {
        TableLoad table = rows.getTable();
        PartLoads parts = rows.getParts();
        try (StoppableRun.Work work = run.beginWork()) {
            if (parts != null) {
                RestoreEvidence.requireMarked(run);
                parts.load(rows, run, plan.backup(), target);
            }
            if (!rows.isLast()) {
                return;
            }
            if (parts == null || !parts.areWhole(run, target)) {
                load(table, run, target, plan, triggered, members);
                return;
            }
            loadOrReport(table, run, () -> {
                run.getNames().tellOfRows(RestorePlan.named(table.part()), run.getReport(), what(table));
                return parts.rows();
            });
            run.getProgress().tableDone();
            plan.order().end(table);
        }
    }

    /** Loads them; a table that can't be loaded is reported, and stays as it was. */
    public void load(
            @Body TableLoad table,
            @ExchangeProperty("run") RestoreRun run,
            @ExchangeProperty("target") Target target,
            @ExchangeProperty("plan") RestorePlan plan,
            @ExchangeProperty("triggered") Set<Relation.Named> triggered,
            @ExchangeProperty("members") MissingMembers members)
            throws SQLException, IOException, InterruptedException {
        try (StoppableRun.Work work = run.beginWork()) {
            plan.order().await(table, run);
            try (Connection connection = target.connection()) {
                boolean live =
                        (!table.created() || triggered.contains(table.target())) && !members.hasMade(table.target());
                boolean managed = target.isSupabase()
                        && Platform.managedSchema(table.target().schema());
                Result result = loadOrReport(
                        table,
                        run,
                        () -> WholeLoad.loadInRounds(table, live, run, plan, connection, managed && !table.created()));
                if (result != Result.LATER) {
                    run.getProgress().tableDone();
                }
            } finally {
                plan.order().end(table);
            }
        }
    }

    /** The same for a table of an extension, perhaps not for the first time. */
    public void loadOfExtension(
            @Body TableLoad table,
            @ExchangeProperty("rounds") Rounds<TableLoad> rounds,
            @ExchangeProperty("run") RestoreRun run,
            @ExchangeProperty("target") Target target,
            @ExchangeProperty("plan") RestorePlan plan,
            @ExchangeProperty("members") MissingMembers members)
            throws SQLException, IOException {
        if (rounds.isPassedOver()) {
            return;
        }
        try (StoppableRun.Work work = run.beginWork();
                Connection connection = target.connection()) {
            boolean unchecked = rounds.isByOtherMeans();
            SecondRead.Load load = members.hasMade(table.target())
                    ? () -> WholeLoad.loadInRounds(table, false, run, plan, connection, false)
                    : () -> ExtensionRows.load(table, unchecked, run, plan, connection);
            if (loadOrReport(table, run, load) == Result.LOADED) {
                rounds.succeeded(table);
            }
            plan.order().end(table);
            if (rounds.isFirst()) {
                run.getProgress().tableDone();
            }
        }
    }

    private enum Result {
        LOADED,
        REFUSED,
        LATER
    }

    private static Result loadOrReport(TableLoad table, RestoreRun run, SecondRead.Load load)
            throws SQLException, IOException {
        RestoreEvidence.requireMarked(run);
        Result result = loadOrReportOnce(table, run, load);
        run.getEvidence().undone(RestoreEvidence.AFTER_ROWS);
        if (result != Result.LATER) {
            run.getEvidence().done(RestoreEvidence.rows(table));
        }
        return result;
    }

    private static Result loadOrReportOnce(TableLoad table, RestoreRun run, SecondRead.Load load)
            throws SQLException, IOException {
        if (run.keeps(table.target())) {
            run.getReport().loaded(table.quoted(), run.keptRows(table.target()));
            // What it refers to, and what refers to it, wasn't checked before the first run broke off.
            run.loadedUnchecked(table.target());
            return Result.LOADED;
        }
        try {
            run.getReport().loaded(table.quoted(), SecondRead.rows(table, run, load));
            run.getReport().withdraw(what(table));
            return Result.LOADED;
        } catch (DamagedArchiveException e) {
            report(run, table, "The archive is damaged: " + e.getMessage() + ".");
        } catch (SQLException e) {
            if (FatalErrors.endsAll(e) || run.isStopped()) {
                throw e;
            }
            if (table.part().extension() == null && run.getLater().takes(table, e)) {
                return Result.LATER;
            }
            report(run, table, FatalErrors.firstLine(e));
        }
        return Result.REFUSED;
    }

    static String what(TableLoad table) {
        return "rows of " + table.quoted();
    }

    /** Tables that were refused, to be tried again: see {@link LaterRows}. */
    public List<TableLoad> again(@ExchangeProperty("run") RestoreRun run) {
        return run.getLater().next();
    }

    /** Reports what was refused to the end. */
    public void reportRefused(@ExchangeProperty("run") RestoreRun run) {
        run.getLater().left().forEach((table, failure) -> {
            report(run, table, FatalErrors.firstLine(failure));
            run.getEvidence().done(RestoreEvidence.rows(table));
            run.getProgress().tableDone();
        });
    }

    private static void report(RestoreRun run, TableLoad table, String reason) {
        run.getReport()
                .replace(new NotApplied(
                        what(table),
                        (reason.endsWith(".") ? reason : reason + ".")
                                + " The table is as it was before: none of its rows is loaded.",
                        null));
    }
}
