package dev.bactrian.restore.target;

import dev.bactrian.restore.Attempt;
import dev.bactrian.restore.RestoreReport;
import dev.bactrian.restore.Target;
import dev.bactrian.selection.Relation;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What a restore that broke off has made in the target, by its mark. It goes some at a time, each time in a transaction of
 * its own: the mark stays, so when that breaks off, too, the rest goes the next time.
 */
public final class MadeObjects {

    private static final String SYSTEM = "n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast', '"
            + Marker.SCHEMA + "') AND n.nspname !~ '^pg_(toast_)?temp_'";

    private static final String NOT_OF_EXTENSIONS =
            " AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_catalog.%s'::pg_catalog.regclass"
                    + " AND d.objid = o.oid AND d.deptype = 'e')";

    private final Marker marker;
    private final Connection connection;
    private final RestoreReport report;

    public MadeObjects(Marker marker, Connection connection, RestoreReport report) {
        this.marker = marker;
        this.connection = connection;
        this.report = report;
    }

    /** Names of relations that it has made. */
    public List<String> relations(String condition) throws SQLException {
        return Target.texts(
                connection,
                "SELECT pg_catalog.format('%I.%I', n.nspname, o.relname) FROM pg_catalog.pg_class o"
                        + " JOIN pg_catalog.pg_namespace n ON n.oid = o.relnamespace WHERE "
                        + (marker.wasEmpty() ? SYSTEM : "(" + inSchemas() + " OR " + isTable() + ")") + " AND "
                        + condition + " ORDER BY 1");
    }

    private String inSchemas() {
        return "n.nspname IN (''"
                + marker.schemas().stream()
                        .map(schema -> ", " + Relation.literal(schema.name()))
                        .collect(Collectors.joining())
                + ")";
    }

    private String isTable() {
        return "(n.nspname, o.relname) IN (('', '')"
                + marker.tables().stream()
                        .map(table ->
                                ", (" + Relation.literal(table.schema()) + ", " + Relation.literal(table.name()) + ")")
                        .collect(Collectors.joining())
                + ")";
    }

    /** Drops all of it. */
    public void drop() throws SQLException {
        LargeObjectMarks.undo(connection);
        if (marker.wasEmpty()) {
            // Before the others, since they may act when something is dropped.
            executeAll("SELECT pg_catalog.format('DROP EVENT TRIGGER %I', evtname) FROM pg_catalog.pg_event_trigger");
        }
        // What was made last goes first: little is left that would go with another one.
        dropAll("VIEW", "pg_class", "%I.%I", "nspname, relname", "rel", "relkind = 'v'");
        dropAll("MATERIALIZED VIEW", "pg_class", "%I.%I", "nspname, relname", "rel", "relkind = 'm'");
        dropTables("TABLE", "o.relispartition AND o.relkind IN ('r', 'p')");
        dropTables("TABLE", "o.relkind IN ('r', 'p')");
        dropTables("FOREIGN TABLE", "o.relkind = 'f'");
        dropAll("SEQUENCE", "pg_class", "%I.%I", "nspname, relname", "rel", "relkind = 'S'");
        dropAll("ROUTINE", "pg_proc", "%s", "o.oid::pg_catalog.regprocedure", "pro", "true");
        dropAll(
                "TYPE",
                "pg_type",
                "%I.%I",
                "nspname, typname",
                "typ",
                "typtype IN ('b', 'd', 'e', 'r', 'c') AND typarray <> 0 AND (typrelid = 0 OR"
                        + " (SELECT c.relkind FROM pg_catalog.pg_class c WHERE c.oid = typrelid) = 'c')");
        if (marker.wasEmpty()) {
            executeAll(EVERYTHING);
        }
        try (Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            for (Relation.Named schema : marker.schemas()) {
                execute("DROP SCHEMA IF EXISTS " + Relation.quote(schema.name()) + " CASCADE", statement);
            }
            statement.execute("DELETE FROM " + Marker.SCHEMA + ".loaded l WHERE pg_catalog.to_regclass("
                    + "pg_catalog.format('%I.%I', l.schema, l.name)) IS NULL");
        }
    }

    private void executeAll(String statements) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            for (String sql : Target.texts(connection, statements)) {
                execute(sql, statement);
            }
        }
    }

    private void execute(String sql, Statement statement) throws SQLException {
        Attempt.run(connection, report, () -> statement.execute(sql));
    }

    private void dropTables(String kind, String which) throws SQLException {
        dropSome(kind, relations(which + NOT_OF_EXTENSIONS.formatted("pg_class")));
    }

    /** Objects of a catalog in schemas that the restore made; tables that were there have nothing to do with them. */
    private void dropAll(String kind, String catalog, String format, String names, String prefix, String which)
            throws SQLException {
        dropSome(
                kind,
                Target.texts(
                        connection,
                        "SELECT pg_catalog.format('" + format + "', " + names + ") FROM pg_catalog." + catalog
                                + " o JOIN pg_catalog.pg_namespace n ON n.oid = o." + prefix + "namespace WHERE "
                                + (marker.wasEmpty() ? SYSTEM : inSchemas()) + " AND " + which
                                + NOT_OF_EXTENSIONS.formatted(catalog) + " ORDER BY o.oid DESC"));
    }

    private void dropSome(String kind, List<String> names) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            Batches.run(
                    names,
                    some -> execute("DROP " + kind + " IF EXISTS " + String.join(", ", some) + " CASCADE", statement));
        }
    }

    /** Statements that empty a database of what isn't in the way any more. */
    private static final String EVERYTHING =
            """
            SELECT sql FROM (
                SELECT 2 AS n, format('ALTER SUBSCRIPTION %1$I DISABLE; ALTER SUBSCRIPTION %1$I SET (slot_name = NONE)', subname) AS sql
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
                UNION ALL SELECT 9, 'ALTER SCHEMA public OWNER TO pg_database_owner'
                 WHERE current_setting('server_version_num')::int >= 150000
            ) s ORDER BY n""";
}
