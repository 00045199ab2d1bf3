package dev.bactrian.restore;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.bactrian.archive.ManifestJson;
import dev.bactrian.selection.Relation;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Tells in the target that a restore has begun there and not ended: the schema {@code bactrian_restore}. It goes when the
 * restore ends; after a crash it stays, and the next restore knows what it may undo.
 *
 * @param what backup and request, as JSON: what "the same command" means
 * @param wasEmpty whether nothing was in the database when it began
 * @param schemas that it makes
 * @param tables that it makes, in schemas that were there
 * @param filled tables that were there, without rows
 */
record Marker(
        String what,
        String startedAt,
        boolean wasEmpty,
        List<Relation.Named> schemas,
        List<Relation.Named> tables,
        List<Relation.Named> filled) {

    static final String SCHEMA = "bactrian_restore";
    private static final ObjectMapper JSON = ManifestJson.mapper();

    private static final String EMPTY =
            """
            SELECT NOT EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE %1$s)
               AND NOT EXISTS (SELECT FROM pg_proc c JOIN pg_namespace n ON n.oid = c.pronamespace WHERE %1$s)
               AND NOT EXISTS (SELECT FROM pg_type c JOIN pg_namespace n ON n.oid = c.typnamespace WHERE %1$s)
               AND NOT EXISTS (SELECT FROM pg_namespace n WHERE %1$s AND nspname <> 'public')"""
                    .formatted("n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast', '" + SCHEMA
                            + "') AND n.nspname !~ '^pg_(toast_)?temp_'");

    /** Whether nothing is in a database but what every new one has. */
    static boolean isEmpty(Connection connection) throws SQLException {
        return "t".equals(Target.text(connection, EMPTY));
    }

    /** The same for the same backup and the same wishes. */
    static String what(String backupId, RestoreRequest request) {
        ObjectNode node = JSON.valueToTree(request);
        node.remove(List.of("id", "backup"));
        node.put("backup_id", backupId);
        return node.toString();
    }

    /** The marker that an unfinished restore left. */
    static Optional<Marker> find(Connection connection) throws SQLException {
        if (!"t".equals(Target.text(connection, "SELECT to_regclass('" + SCHEMA + ".unfinished') IS NOT NULL"))) {
            return Optional.empty();
        }
        try (Statement statement = connection.createStatement();
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
                    names(connection, "filled")));
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

    /** Writes it, before anything else is written. */
    void write(Connection connection) throws SQLException {
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            statement.execute("DROP SCHEMA IF EXISTS " + SCHEMA + " CASCADE; CREATE SCHEMA " + SCHEMA
                    + "; COMMENT ON SCHEMA "
                    + SCHEMA
                    + " IS 'A restore by Bactrian has begun here and not ended: what is in this database isn''t"
                    + " whole. Run the same restore again, which starts over; or drop this schema to go on as it is.';"
                    + " CREATE TABLE " + SCHEMA
                    + ".unfinished (what text, was_empty boolean, started_at timestamptz DEFAULT now()); CREATE TABLE "
                    + SCHEMA
                    + ".touched (kind text, schema text, name text); INSERT INTO " + SCHEMA + ".unfinished VALUES ("
                    + Relation.literal(what) + ", " + wasEmpty + ")");
            insert("schema", schemas, statement);
            insert("table", tables, statement);
            insert("filled", filled, statement);
            connection.commit();
        } finally {
            connection.rollback();
            connection.setAutoCommit(true);
        }
    }

    private static void insert(String kind, List<Relation.Named> names, Statement statement) throws SQLException {
        if (!names.isEmpty()) {
            statement.execute("INSERT INTO " + SCHEMA + ".touched SELECT '" + kind + "', * FROM (VALUES "
                    + Sql.rows(names) + ") v");
        }
    }

    /** The restore has ended. Waits until all it did is on the server's disk. */
    static void remove(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET synchronous_commit = on; DROP SCHEMA IF EXISTS " + SCHEMA + " CASCADE");
        }
    }

    /** Undoes what the unfinished restore may have done. */
    void undo(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            if (wasEmpty) {
                for (String sql : Target.texts(connection, EVERYTHING)) {
                    statement.execute(sql);
                }
                return;
            }
            for (Relation.Named schema : schemas) {
                statement.execute("DROP SCHEMA IF EXISTS " + Relation.quote(schema.name()) + " CASCADE");
            }
            for (Relation.Named table : tables) {
                statement.execute("DROP TABLE IF EXISTS " + table.quoted() + " CASCADE");
            }
            for (Relation.Named table : filled) {
                statement.execute("SET session_replication_role = replica; DELETE FROM ONLY " + table.quoted()
                        // Some roles may delete only with a condition (safeupdate).
                        + " WHERE true; RESET session_replication_role");
            }
        }
    }

    /** Statements that empty a database. */
    private static final String EVERYTHING =
            """
            SELECT sql FROM (
                SELECT 1 AS n, format('DROP EVENT TRIGGER %I', evtname) AS sql FROM pg_event_trigger
                UNION ALL SELECT 2, format('ALTER SUBSCRIPTION %1$I DISABLE; ALTER SUBSCRIPTION %1$I SET (slot_name = NONE)', subname)
                  FROM pg_subscription WHERE subdbid = (SELECT oid FROM pg_database WHERE datname = current_database())
                UNION ALL SELECT 3, format('DROP SUBSCRIPTION %I', subname)
                  FROM pg_subscription WHERE subdbid = (SELECT oid FROM pg_database WHERE datname = current_database())
                UNION ALL SELECT 4, format('DROP PUBLICATION %I', pubname) FROM pg_publication
                UNION ALL SELECT 5, format('DROP SCHEMA %I CASCADE', nspname) FROM pg_namespace
                 WHERE nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast', 'public', 'bactrian_restore')
                   AND nspname !~ '^pg_(toast_)?temp_' AND oid NOT IN (SELECT objid FROM pg_depend WHERE deptype = 'e')
                UNION ALL SELECT 6, format('DROP EXTENSION IF EXISTS %I CASCADE', extname) FROM pg_extension WHERE extname <> 'plpgsql'
                UNION ALL SELECT 7, format('DROP FOREIGN DATA WRAPPER IF EXISTS %I CASCADE', fdwname) FROM pg_foreign_data_wrapper
                UNION ALL SELECT 8, 'DROP SCHEMA IF EXISTS public CASCADE; CREATE SCHEMA public; GRANT USAGE ON SCHEMA public TO PUBLIC'
                UNION ALL SELECT 9, format('SELECT lo_unlink(%s)', oid) FROM pg_largeobject_metadata
                UNION ALL SELECT 10, 'ALTER SCHEMA public OWNER TO pg_database_owner'
                 WHERE current_setting('server_version_num')::int >= 150000
            ) s ORDER BY n""";
}
