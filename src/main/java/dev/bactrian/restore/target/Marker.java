package dev.bactrian.restore.target;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.bactrian.archive.ManifestJson;
import dev.bactrian.postgres.TablesAlone;
import dev.bactrian.postgres.script.Sql;
import dev.bactrian.restore.Attempt;
import dev.bactrian.restore.FatalErrors;
import dev.bactrian.restore.RestoreReport;
import dev.bactrian.restore.RestoreRequest;
import dev.bactrian.restore.Target;
import dev.bactrian.selection.Relation;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Tells in the target that a restore has begun there and not ended: the schema {@code bactrian_restore}. It goes when the
 * restore ends; after a crash it stays, and the next restore knows what was done. What a transaction did is written there
 * by the same transaction, so that both are there or neither.
 *
 * @param what backup and request, as JSON: what "the same command" means
 * @param wasEmpty whether nothing was in the database when it began
 * @param schemas that it makes
 * @param tables that it makes, in schemas that were there
 * @param loaded rows of each table that it has loaded, whoever made the table
 */
public record Marker(
        String what,
        String startedAt,
        boolean wasEmpty,
        List<Relation.Named> schemas,
        List<Relation.Named> tables,
        Map<Relation.Named, Long> loaded) {

    public static final String SCHEMA = "bactrian_restore";

    /** Why a schema of the archive that has the mark's name stays behind. */
    public static final String REASON =
            "A restore marks its target with a schema of this name. Restore it into another one: --schema " + SCHEMA
                    + " --into-schema NAME.";

    private static final ObjectMapper JSON = ManifestJson.mapper();

    private static final String EMPTY =
            """
            SELECT NOT EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE %1$s)
               AND NOT EXISTS (SELECT FROM pg_proc c JOIN pg_namespace n ON n.oid = c.pronamespace WHERE %1$s)
               AND NOT EXISTS (SELECT FROM pg_type c JOIN pg_namespace n ON n.oid = c.typnamespace WHERE %1$s)
               AND NOT EXISTS (SELECT FROM pg_namespace n WHERE %1$s AND nspname <> 'public')"""
                    .formatted("n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast', '" + SCHEMA
                            + "') AND n.nspname !~ '^pg_(toast_)?temp_'");

    /** Makes the tables that the restore fills while it goes on. */
    public static final String TABLES = "CREATE TABLE IF NOT EXISTS " + SCHEMA
            + ".loaded (schema text, name text, xid bigint, rows bigint); CREATE TABLE IF NOT EXISTS " + SCHEMA
            + ".positions (schema text, name text, last bigint, called boolean); " + LargeObjectMarks.DEFINITION;

    private static final String MAKE = "DROP SCHEMA IF EXISTS " + SCHEMA + " CASCADE; CREATE SCHEMA " + SCHEMA
            + "; CREATE TABLE " + SCHEMA
            + ".unfinished (what text, was_empty boolean, started_at timestamptz DEFAULT now()); CREATE TABLE " + SCHEMA
            + ".touched (kind text, schema text, name text); ";

    private static final String COMMENT = "COMMENT ON SCHEMA " + SCHEMA
            + " IS 'A restore by Bactrian began here and did not end, so this database is incomplete. Run the same "
            + "restore again, which starts over; or drop this schema to keep the database as it is.'; ";

    private static final List<String> KEPT_NO_LONGER = List.of("unfinished", "touched");
    private static final List<String> ALL_TABLES = List.of("unfinished", "touched", "loaded", "positions", "objects");

    private static final String BEGUN = "SELECT pg_catalog.to_regclass('" + SCHEMA + ".unfinished') IS NOT NULL";

    /** Whether nothing is in a database but what every new one has. */
    public static boolean isEmpty(Connection connection) throws SQLException {
        return "t".equals(Target.text(connection, EMPTY));
    }

    /** The same for the same backup and the same options. */
    public static String what(String backupId, RestoreRequest request) {
        ObjectNode node = JSON.valueToTree(request);
        node.remove(List.of("id", "backup"));
        node.put("backup_id", backupId);
        return node.toString();
    }

    /**
     * The marker that an unfinished restore left.
     *
     * @throws dev.bactrian.problem.ProblemException when its schema isn't one that restores made, see {@link MarkSchema}:
     *     nothing in it is read
     */
    public static Optional<Marker> find(Connection connection) throws SQLException {
        if (!MarkSchema.isThere(connection) || !"t".equals(Target.text(connection, BEGUN))) {
            return Optional.empty();
        }
        try (TablesAlone only = TablesAlone.in(connection);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT what, to_char(started_at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"'), was_empty FROM "
                                + SCHEMA + ".unfinished")) {
            if (!row.next()) {
                return Optional.empty();
            }
            return Optional.of(new Marker(
                    row.getString(1),
                    row.getString(2),
                    row.getBoolean(3),
                    names(connection, "schema"),
                    names(connection, "table"),
                    loaded(connection)));
        }
    }

    private static List<Relation.Named> names(Connection connection, String kind) throws SQLException {
        List<Relation.Named> names = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(
                        "SELECT schema, name FROM " + SCHEMA + ".touched WHERE kind = '" + kind + "'")) {
            while (rows.next()) {
                names.add(new Relation.Named(rows.getString(1), rows.getString(2)));
            }
        }
        return names;
    }

    private static Map<Relation.Named, Long> loaded(Connection connection) throws SQLException {
        Map<Relation.Named, Long> loaded = new HashMap<>();
        // Older releases didn't write it.
        if ("t".equals(Target.text(connection, "SELECT pg_catalog.to_regclass('" + SCHEMA + ".loaded') IS NULL"))) {
            return loaded;
        }
        try (Statement statement = connection.createStatement()) {
            try (ResultSet rows = statement.executeQuery("SELECT schema, name, rows FROM " + SCHEMA + ".loaded")) {
                while (rows.next()) {
                    loaded.put(new Relation.Named(rows.getString(1), rows.getString(2)), rows.getLong(3));
                }
            }
        }
        return loaded;
    }

    /** Writes it, before anything else is written. What an unfinished one says of loads and sequences stays. */
    public void write(Connection connection, boolean unfinished) throws SQLException {
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            // It may be there and mean nothing: where an event trigger of the target's let none drop it. Whose it is is
            // asked again: it may have come since the target was looked at.
            boolean there = MarkSchema.isThere(connection)
                    && "t"
                            .equals(Target.text(
                                    connection, "SELECT pg_catalog.to_regclass('" + SCHEMA + ".touched') IS NOT NULL"));
            Attempt.quietly(connection, (there ? "" : MAKE) + COMMENT + TABLES);
            MarkSchema.close(connection);
            for (String table : unfinished ? KEPT_NO_LONGER : ALL_TABLES) {
                statement.execute("DELETE FROM " + SCHEMA + "." + table);
            }
            statement.execute(
                    "INSERT INTO " + SCHEMA + ".unfinished VALUES (" + Relation.literal(what) + ", " + wasEmpty + ")");
            insert("schema", schemas, statement);
            insert("table", tables, statement);
            connection.commit();
        } finally {
            connection.rollback();
            connection.setAutoCommit(true);
        }
    }

    public static void insert(String kind, List<Relation.Named> names, Statement statement) throws SQLException {
        if (!names.isEmpty()) {
            statement.execute("INSERT INTO " + SCHEMA + ".touched SELECT '" + kind + "', * FROM (VALUES "
                    + Sql.rows(names) + ") v");
        }
    }

    /**
     * Says that this transaction has loaded rows of a table: all, or a part of those of a table that the restore made. Its number
     * is that of the rows' {@code xmin}.
     */
    public static void loaded(Relation.Named table, long rows, Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("INSERT INTO " + SCHEMA + ".loaded VALUES (" + Relation.literal(table.schema()) + ", "
                    + Relation.literal(table.name()) + ", pg_catalog.txid_current(), " + rows + ")");
        }
    }

    /** Where sequences stood that went with the tables that were dropped. */
    public static Map<Relation.Named, SequenceSetter.Position> positions(Connection connection) throws SQLException {
        Map<Relation.Named, SequenceSetter.Position> positions = new HashMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows =
                        statement.executeQuery("SELECT schema, name, last, called FROM " + SCHEMA + ".positions")) {
            while (rows.next()) {
                positions.put(
                        new Relation.Named(rows.getString(1), rows.getString(2)),
                        new SequenceSetter.Position(rows.getLong(3), rows.getBoolean(4)));
            }
        }
        return positions;
    }

    /** The restore has ended before it wrote anything. */
    public static void removeUnused(Connection connection, RestoreReport report) throws SQLException {
        connection.setAutoCommit(false);
        try {
            remove(connection, report);
            connection.commit();
        } finally {
            connection.rollback();
            connection.setAutoCommit(true);
        }
    }

    /**
     * The restore has ended, as soon as the connection's transaction has. That waits until all it did is on the server's
     * disk. Where an event trigger of the target's forbids that the schema goes, it stays without what makes it a mark.
     */
    public static void remove(Connection connection, RestoreReport report) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET synchronous_commit = on");
            try {
                Attempt.run(
                        connection,
                        report,
                        () -> Attempt.quietly(connection, "DROP SCHEMA IF EXISTS " + SCHEMA + " CASCADE"));
            } catch (SQLException e) {
                if (FatalErrors.endsAll(e)) {
                    throw e;
                }
                statement.execute("DELETE FROM " + SCHEMA + ".unfinished");
                report.note("The schema " + SCHEMA + ", which a restore marks its target with, couldn't be dropped: "
                        + FatalErrors.firstLine(e) + ". It is empty and has no meaning now.");
            }
        }
    }
}
