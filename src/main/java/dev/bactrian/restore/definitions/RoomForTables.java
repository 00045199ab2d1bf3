package dev.bactrian.restore.definitions;

import dev.bactrian.postgres.TablesAlone;
import dev.bactrian.postgres.script.Sql;
import dev.bactrian.restore.Attempt;
import dev.bactrian.restore.FatalErrors;
import dev.bactrian.restore.RestoreReport;
import dev.bactrian.restore.Target;
import dev.bactrian.restore.rows.Sequences;
import dev.bactrian.restore.target.Batches;
import dev.bactrian.restore.target.Marker;
import dev.bactrian.selection.Relation;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * Drops tables that make room, and keeps where their sequences stood: what the database gave a number to goes on to have it.
 * All go in one transaction; only where the server has no room for so many locks, some at a time, and each transaction says
 * so in the mark.
 */
final class RoomForTables {

    private static final String DEPENDED_ON = "2BP01";

    /** Between tables of the list: else each keeps the other from going. */
    private static final String FOREIGN_KEYS =
            """
            WITH dropped AS (SELECT c.oid FROM (VALUES %s) w (schema, name)
              JOIN pg_catalog.pg_namespace n ON n.nspname = w.schema
              JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = w.name)
            SELECT pg_catalog.format('ALTER TABLE %%s DROP CONSTRAINT IF EXISTS %%I', f.conrelid::pg_catalog.regclass, f.conname)
              FROM pg_catalog.pg_constraint f WHERE f.contype = 'f' AND f.conparentid = 0 AND f.conrelid <> f.confrelid
               AND f.conrelid IN (SELECT oid FROM dropped) AND f.confrelid IN (SELECT oid FROM dropped)""";

    private final RestoreReport report;
    private final Connection connection;
    private boolean begun;

    RoomForTables(RestoreReport report, Connection connection) {
        this.report = report;
        this.connection = connection;
    }

    /** @param drops tables that were there before the restore */
    void make(List<Relation.Named> drops) throws SQLException {
        try {
            dropLoudly(drops);
        } catch (SQLException e) {
            if (!Batches.isOutOfMemory(e) || drops.size() == 1) {
                throw e;
            }
            begun = true;
            dropSomeAtATime(drops);
        }
    }

    private void dropLoudly(List<Relation.Named> tables) throws SQLException {
        try {
            drop(tables, false);
        } catch (SQLException e) {
            // One that means to keep tables is obeyed; one that finds its log only by another search path isn't meant
            // so.
            if (!FatalErrors.isAboutNames(e)) {
                throw e;
            }
            drop(tables, true);
            report.note("Tables were dropped or emptied without the target's event triggers, which failed: "
                    + FatalErrors.firstLine(e) + ".");
        }
    }

    /** Whether some may have gone and others not. */
    boolean isHalfDone() {
        return begun;
    }

    private void dropSomeAtATime(List<Relation.Named> drops) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            Batches.run(
                    Target.texts(connection, FOREIGN_KEYS.formatted(Sql.rows(drops))),
                    some -> Attempt.run(connection, report, () -> statement.execute(String.join("; ", some))));
        }
        List<Relation.Named> open = drops;
        while (!open.isEmpty()) {
            Round round = new Round();
            Batches.run(open, round::some);
            if (round.refused != null && round.left.size() == open.size()) {
                throw round.refused;
            }
            open = round.left;
        }
    }

    /** Those that others of the list need come again in the next one. */
    private final class Round {
        private final List<Relation.Named> left = new ArrayList<>();
        private @org.jspecify.annotations.Nullable SQLException refused;

        void some(List<Relation.Named> tables) throws SQLException {
            try {
                dropLoudly(tables);
            } catch (SQLException e) {
                if (!DEPENDED_ON.equals(e.getSQLState())) {
                    throw e;
                }
                refused = e;
                if (tables.size() == 1) {
                    left.addAll(tables);
                    return;
                }
                for (Relation.Named table : tables) {
                    some(List.of(table));
                }
            }
        }
    }

    private void drop(List<Relation.Named> tables, boolean quietly) throws SQLException {
        String names =
                String.join(", ", tables.stream().map(Relation.Named::quoted).toList());
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            statement.execute("LOCK TABLE " + names + " IN ACCESS EXCLUSIVE MODE");
            try (TablesAlone only = TablesAlone.in(connection)) {
                for (Relation.Named sequence : Sequences.ownedBy(connection, tables)) {
                    statement.execute("INSERT INTO " + Marker.SCHEMA + ".positions SELECT "
                            + Relation.literal(sequence.schema()) + ", " + Relation.literal(sequence.name())
                            + ", last_value, is_called FROM " + sequence.quoted());
                }
            }
            if (quietly) {
                Attempt.quietly(connection, "DROP TABLE " + names);
            } else {
                statement.execute("DROP TABLE " + names);
            }
            Marker.insert("table", tables, statement);
            connection.commit();
        } finally {
            if (!connection.isClosed()) {
                connection.rollback();
                connection.setAutoCommit(true);
            }
        }
    }
}
