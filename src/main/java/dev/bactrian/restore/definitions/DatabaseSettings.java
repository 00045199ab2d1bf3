package dev.bactrian.restore.definitions;

import dev.bactrian.archive.DamagedArchiveException;
import dev.bactrian.archive.EntryNames;
import dev.bactrian.archive.SavedDatabase;
import dev.bactrian.archive.read.CheckedEntry;
import dev.bactrian.dump.DatabaseFacts;
import dev.bactrian.restore.FatalErrors;
import dev.bactrian.restore.NotApplied;
import dev.bactrian.restore.RestorePlan;
import dev.bactrian.restore.RestoreReport;
import dev.bactrian.restore.RestoreRequest;
import dev.bactrian.restore.RestoreRequest.Option;
import dev.bactrian.restore.RestoreRun;
import dev.bactrian.restore.Target;
import dev.bactrian.restore.definitions.DatabaseStatements.Change;
import dev.bactrian.restore.target.DatabaseLocale;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.camel.ExchangeProperty;

/**
 * What the saved database itself was and set: its owner, grants, comment, limit and settings. A new one gets it; of one that
 * was there it is listed, and applied where that is asked for.
 */
public final class DatabaseSettings {

    private static final int LARGEST = 16 << 20;
    private static final String SEE_FILE = "-- What *** hides is in the archive's " + EntryNames.DATABASE + ".\n";

    /** Lists what a database that was there doesn't get; nothing is written. */
    public void list(
            @ExchangeProperty("run") RestoreRun run,
            @ExchangeProperty("target") Target target,
            @ExchangeProperty("plan") RestorePlan plan,
            @ExchangeProperty("databaseQuery") String query)
            throws SQLException, IOException {
        listDifferences(run, target, plan, query);
        run.getEvidence().done("list-database-settings");
    }

    private static void listDifferences(RestoreRun run, Target target, RestorePlan plan, String query)
            throws SQLException, IOException {
        RestoreRequest request = run.getRequest();
        if (!concerns(plan, request) || request.createDatabase() != null) {
            return;
        }
        Optional<SavedDatabase> saved = read(plan, run.getReport());
        if (saved.isEmpty()) {
            return;
        }
        try (Connection connection = target.connection()) {
            SavedDatabase now = now(connection, query);
            compareFixed(saved.get(), now, run.getReport());
            if (!request.is(Option.DATABASE_SETTINGS)) {
                String name = Target.text(connection, "SELECT pg_catalog.current_database()");
                DatabaseStatements statements = new DatabaseStatements(saved.get(), name, request, target.isSupabase());
                List<Change> changes = new ArrayList<>(statements.owner(now));
                changes.addAll(statements.others(now));
                changes.forEach(change -> run.getReport()
                        .note("Not applied, because the database existed already (--database-settings applies it): "
                                + change.shown() + ";"));
            }
        }
    }

    /** Applies it; what the target refuses is told, and doesn't stop the rest. */
    public void apply(
            @ExchangeProperty("run") RestoreRun run,
            @ExchangeProperty("target") Target target,
            @ExchangeProperty("plan") RestorePlan plan,
            @ExchangeProperty("databaseQuery") String query)
            throws SQLException, IOException {
        applyAll(run, target, plan, query);
        run.getEvidence().done("apply-database-settings");
    }

    private static void applyAll(RestoreRun run, Target target, RestorePlan plan, String query)
            throws SQLException, IOException {
        RestoreRequest request = run.getRequest();
        boolean wanted = request.createDatabase() != null || request.is(Option.DATABASE_SETTINGS);
        if (!concerns(plan, request) || !wanted) {
            return;
        }
        Optional<SavedDatabase> saved = read(plan, run.getReport());
        if (saved.isEmpty()) {
            return;
        }
        try (Connection connection = target.connection()) {
            String name = Target.text(connection, "SELECT pg_catalog.current_database()");
            DatabaseStatements statements = new DatabaseStatements(saved.get(), name, request, target.isSupabase());
            if (request.createDatabase() != null) {
                // It may have been there, empty.
                compareFixed(saved.get(), now(connection, query), run.getReport());
            }
            for (Change change : statements.owner(now(connection, query))) {
                apply(change, connection, run.getReport());
            }
            for (Change change : statements.others(now(connection, query))) {
                apply(change, connection, run.getReport());
            }
        }
    }

    /** A verification's database goes at its end, and its sessions need settings of their own. */
    private static boolean concerns(RestorePlan plan, RestoreRequest request) {
        return plan.everything()
                && plan.backup().manifest().database() != null
                && !request.is(Option.DATA_ONLY)
                && !request.isScratch();
    }

    private static Optional<SavedDatabase> read(RestorePlan plan, RestoreReport report) throws IOException {
        try {
            return Optional.of(DatabaseFacts.read(CheckedEntry.read(plan.backup(), EntryNames.DATABASE, LARGEST)));
        } catch (DamagedArchiveException e) {
            report.add(new NotApplied(
                    "settings of the database", "The archive is damaged: " + e.getMessage() + ".", null));
            return Optional.empty();
        }
    }

    private static SavedDatabase now(Connection connection, String query) throws SQLException {
        return DatabaseFacts.parse(Target.text(connection, query));
    }

    /** What no statement changes while a session is connected, or at all. */
    private static void compareFixed(SavedDatabase saved, SavedDatabase now, RestoreReport report) {
        if (!DatabaseLocale.same(saved, now)) {
            report.note("The existing database has a different locale (" + DatabaseLocale.text(now)
                    + ") than the saved one (" + DatabaseLocale.text(saved)
                    + "): text may sort and compare differently. --create-database creates one with the saved "
                    + "locale.");
        }
        if (!saved.tablespace().equals(now.tablespace())) {
            report.note("The existing database is in tablespace " + now.tablespace() + ", the saved one was in "
                    + saved.tablespace() + ".");
        }
    }

    private static void apply(Change change, Connection connection, RestoreReport report) throws SQLException {
        try {
            Target.execute(connection, change.sql());
        } catch (SQLException e) {
            if (FatalErrors.endsAll(e)) {
                throw e;
            }
            boolean hidden = !change.sql().equals(change.shown());
            report.add(new NotApplied(
                    change.what(), FatalErrors.firstLine(e) + ".", (hidden ? SEE_FILE : "") + change.shown() + ";"));
        }
    }
}
