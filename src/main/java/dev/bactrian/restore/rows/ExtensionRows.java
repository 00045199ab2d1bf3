package dev.bactrian.restore.rows;

import dev.bactrian.archive.read.SavedBackup;
import dev.bactrian.postgres.TablesAlone;
import dev.bactrian.postgres.script.CopyStatement;
import dev.bactrian.restore.Attempt;
import dev.bactrian.restore.NameLookup;
import dev.bactrian.restore.RestorePlan;
import dev.bactrian.restore.RestorePlan.TableLoad;
import dev.bactrian.restore.RestoreRequest;
import dev.bactrian.restore.RestoreRun;
import dev.bactrian.restore.Target;
import dev.bactrian.restore.target.Marker;
import dev.bactrian.selection.Relation;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;

/**
 * Rows of tables that an extension made. It says itself which are the user's (PostgreSQL manual, "Extension Configuration
 * Tables"): those come back, the extension's own triggers and all; the others it has made anew.
 */
final class ExtensionRows {

    private static final String TEMPORARY = StagedRows.TABLE;

    private ExtensionRows() {}

    /**
     * Loads them.
     *
     * @param unchecked whether foreign keys are left to the end of the restore, where the role may do that, and names
     *     without a schema are looked for in more of them
     * @return how many; 0 for a table that the extension keeps for itself
     */
    static long load(TableLoad table, boolean unchecked, RestoreRun run, RestorePlan plan, Connection connection)
            throws SQLException, IOException {
        SavedBackup saved = plan.backup();
        Optional<String> condition = condition(table.target(), connection);
        if (condition.isEmpty()) {
            tellOfOthers(table, run, connection);
            return 0;
        }
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            NameLookup names = run.getNames();
            statement.execute(
                    (unchecked ? names.wide(table.target().schema(), plan, connection) : names.usual(plan, connection))
                            .use());
            Loading loading = new Loading(table.quoted(), condition.get(), connection, statement);
            SavedRows.copy(table.part(), loading::into, run, saved, connection);
            AgentJobs jobs = new AgentJobs(table, run, saved);
            jobs.pause(TEMPORARY, connection);
            TableTriggers others =
                    TableTriggers.off(connection, table.quoted(), false, TableTriggers.Own.SAME_EXTENSION);
            ForeignKeyChecks keys = unchecked ? ForeignKeyChecks.off(connection, table.quoted()) : null;
            long rows = loading.insert(run.getRequest().is(RestoreRequest.Option.TRUNCATE));
            statement.execute("SET CONSTRAINTS ALL IMMEDIATE");
            if (keys != null) {
                keys.putBack();
                run.loadedUnchecked(table.target());
            }
            others.putBack();
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

    private static void tellOfOthers(TableLoad table, RestoreRun run, Connection connection) throws SQLException {
        // Where the extension isn't, it may be a view of anybody's.
        boolean there = "r"
                .equals(Target.text(
                        connection,
                        "SELECT relkind FROM pg_catalog.pg_class WHERE oid = pg_catalog.to_regclass("
                                + Relation.literal(table.quoted()) + ")"));
        String rows = "no";
        if (there) {
            try (TablesAlone only = TablesAlone.in(connection)) {
                rows = Target.text(connection, "SELECT count(*) FROM ONLY " + table.quoted());
            }
        }
        if (!rows.equals(String.valueOf(table.part().rows()))) {
            run.getReport()
                    .note("Table " + table.quoted() + " belongs to extension "
                            + table.part().extension()
                            + ", which doesn't let users store rows in it: it has the target's rows (" + rows
                            + "), not the saved "
                            + table.part().rows() + ".");
        }
    }

    /** Whether the extension leaves some of a table's rows to users. */
    static boolean areLeftToUsers(Relation.Named table, Connection connection) throws SQLException {
        return condition(table, connection).isPresent();
    }

    /** Which rows the extension leaves to the user, as a WHERE clause or nothing; none when it leaves none. */
    private static Optional<String> condition(Relation.Named table, Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery("SELECT u.rows FROM pg_extension e,"
                        + " LATERAL unnest(e.extconfig, e.extcondition) AS u (relation, rows)"
                        + " JOIN pg_class c ON c.oid = u.relation JOIN pg_namespace n ON n.oid = c.relnamespace"
                        + " WHERE n.nspname = " + Relation.literal(table.schema()) + " AND c.relname = "
                        + Relation.literal(table.name()))) {
            return found.next() ? Optional.of(String.valueOf(found.getString(1))) : Optional.empty();
        }
    }

    /** One table's. */
    private static final class Loading {
        private final String table;
        private final String condition;
        private final Connection connection;
        private final Statement statement;
        private String columns = "";

        Loading(String table, String condition, Connection connection, Statement statement) {
            this.table = table;
            this.condition = condition;
            this.connection = connection;
            this.statement = statement;
        }

        /** The rows wait in a table of the same columns, where the condition can choose. */
        String into(CopyStatement from) throws SQLException {
            columns = Relation.quoted(from.columns());
            Attempt.quietly(
                    connection,
                    "CREATE TEMPORARY TABLE " + TEMPORARY + " ON COMMIT DROP AS SELECT " + columns + " FROM ONLY "
                            + table + " WITH NO DATA");
            return "COPY " + TEMPORARY + (columns.isEmpty() ? "" : " (" + columns + ")") + " FROM STDIN";
        }

        long insert(boolean replace) throws SQLException {
            if (replace) {
                SideEffects.refuse(connection, table, false, SideEffects.Event.DELETE);
                statement.execute("DELETE FROM ONLY " + table + " " + condition);
            }
            String chosen = "SELECT " + columns + " FROM " + TEMPORARY + " " + condition;
            long wanted = count(chosen);
            // An extension that was there may have them already.
            if (wanted == 0 || isThere()) {
                return wanted;
            }
            SideEffects.refuse(connection, table, false, SideEffects.Event.INSERT);
            long made = statement.executeLargeUpdate(
                    "INSERT INTO " + table + " (" + columns + ") OVERRIDING SYSTEM VALUE " + chosen);
            if (made != wanted || !isThere()) {
                throw ReadBack.differs();
            }
            return made;
        }

        private boolean isThere() throws SQLException {
            return count(text(TEMPORARY) + " EXCEPT ALL " + text("ONLY " + table)) == 0;
        }

        private String text(String from) {
            return "SELECT ROW(" + columns + ")::text FROM " + from + " " + condition;
        }

        private long count(String query) throws SQLException {
            try (ResultSet rows = statement.executeQuery("SELECT count(*) FROM (" + query + ") AS rows")) {
                return rows.next() ? rows.getLong(1) : 0;
            }
        }
    }
}
