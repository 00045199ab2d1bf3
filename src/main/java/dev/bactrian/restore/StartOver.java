package dev.bactrian.restore;

import dev.bactrian.selection.Relation;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The second run of a restore that broke off. What a transaction didn't commit is gone by itself. Tables that were there and
 * have their rows by now stay as they are, with what was written to them since: they needn't be loaded again. What the
 * first run made is dropped and made again, unless the target got something since that would go with it: rows of another
 * transaction than those that loaded, objects that this restore doesn't make. Then nothing is dropped.
 */
final class StartOver {

    private static final int AT_ONCE = 100;
    private static final int MOST_NAMED = 10;

    /** Belong to another object, and don't hold anything that couldn't be written again. */
    private static final Set<String> PASSED_OVER = Set.of("DEFAULT ACL", "INDEX ATTACH", "TABLE ATTACH");

    private static final String NOT_OF_EXTENSIONS =
            " AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass"
                    + " AND d.objid = c.oid AND d.deptype = 'e')";

    private static final String RECENT = Marker.SCHEMA + ".loaded WHERE pg_catalog.txid_current() - xid < 2147483648";

    private final Marker marker;
    private final RestoreRequest request;
    private final Target target;
    private final Connection connection;
    /** Names of what the first run made, as headers show them. */
    private final Set<Relation.Named> tables;

    private final Set<String> schemas;

    StartOver(Marker marker, RestoreRequest request, Target target) {
        this.marker = marker;
        this.request = request;
        this.target = target;
        this.connection = target.guard();
        this.tables = marker.tables().stream()
                .map(table -> Definitions.inHeaders(table.schema(), table.name()))
                .collect(Collectors.toSet());
        this.schemas = marker.schemas().stream()
                .map(schema -> Definitions.inHeaders("", schema.name()).name())
                .collect(Collectors.toSet());
    }

    /**
     * Drops what the first run made.
     *
     * @param there the target's definitions, of its own schemas all
     * @param saved the archive's
     * @param wanted those of them that the restore means
     * @return rows of the tables that stay as the first run loaded them
     * @throws dev.bactrian.backup.BackupException when something else would go, too; nothing was dropped then
     */
    Map<Relation.Named, Long> undo(Definitions there, Definitions saved, List<ScriptEntry> wanted) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(Marker.TABLES);
        }
        List<String> since = new ArrayList<>(rowsSince());
        since.addAll(objectsSince(there, saved, wanted));
        if (!since.isEmpty()) {
            throw Target.refused(
                    "The target got something since that restore broke off, and starting over would delete it: "
                            + since.stream().limit(MOST_NAMED).collect(Collectors.joining(", "))
                            + (since.size() > MOST_NAMED ? " and " + (since.size() - MOST_NAMED) + " more" : "") + ".",
                    "Bring it to safety and delete it in the target, then run the same restore again; or restore into another"
                            + " database; or, to keep the target as it is, run: DROP SCHEMA " + Marker.SCHEMA
                            + " CASCADE;");
        }
        drop();
        return kept();
    }

    /** Tables whose rows came, or were changed, by another transaction than one that loaded. */
    private List<String> rowsSince() throws SQLException {
        List<String> tables = Target.texts(connection, made("c.relkind = 'r'"));
        // Rows' transaction numbers have 32 bits. A load may have a subtransaction's, which the row that records it
        // has,
        // too. What an extension brings has the extension's.
        String loads = "SELECT (xid & 4294967295)::text FROM " + RECENT + " UNION ALL SELECT xmin::text FROM " + RECENT
                + " UNION ALL SELECT xmin::text FROM pg_catalog.pg_extension";
        List<String> found = new ArrayList<>();
        for (int from = 0; from < tables.size(); from += AT_ONCE) {
            String query = tables.subList(from, Math.min(from + AT_ONCE, tables.size())).stream()
                    .map(table -> "SELECT " + Relation.literal("rows of " + table) + " WHERE EXISTS (SELECT FROM ONLY "
                            + table + " AS t WHERE t.xmin::text NOT IN (" + loads + "))")
                    .collect(Collectors.joining(" UNION ALL "));
            found.addAll(Target.texts(connection, query));
        }
        return found;
    }

    /** Names of relations that the first run made. */
    private String made(String condition) {
        String where = marker.wasEmpty()
                ? "n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast', '" + Marker.SCHEMA
                        + "') AND n.nspname !~ '^pg_(toast_)?temp_'"
                : "(n.nspname IN (''"
                        + marker.schemas().stream()
                                .map(schema -> ", " + Relation.literal(schema.name()))
                                .collect(Collectors.joining())
                        + ") OR (n.nspname, c.relname) IN (('', '')"
                        + marker.tables().stream()
                                .map(table -> ", (" + Relation.literal(table.schema()) + ", "
                                        + Relation.literal(table.name()) + ")")
                                .collect(Collectors.joining())
                        + "))";
        return "SELECT pg_catalog.format('%I.%I', n.nspname, c.relname) FROM pg_catalog.pg_class c"
                + " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE " + where + " AND " + condition
                + " ORDER BY 1";
    }

    /** Objects that this restore doesn't make, in what the first run made or depending on that. */
    private List<String> objectsSince(Definitions there, Definitions saved, List<ScriptEntry> wanted)
            throws SQLException {
        Set<ScriptEntry.Key> known = wanted.stream()
                .filter(entry -> isMadeAgain(entry, saved))
                .map(entry -> entry.key(request.intoSchema()))
                .collect(Collectors.toSet());
        List<String> found = new ArrayList<>();
        Map<Dependents.Id, ScriptEntry> byId = new HashMap<>();
        Set<Dependents.Id> told = new HashSet<>();
        for (ScriptEntry entry : there.all()) {
            if (entry.isAttribute() || PASSED_OVER.contains(entry.type())) {
                continue;
            }
            byId.put(Dependents.Id.of(entry), entry);
            boolean schema = "SCHEMA".equals(entry.type());
            boolean since = !known.contains(entry.key(null));
            if (since && isMade(entry, there) && !(schema && isMadeSchema(entry.tag()))) {
                found.add(entry.what());
            }
            // A schema may have been there before, with objects of others.
            if (!schema && (!since || isMade(entry, there))) {
                told.add(Dependents.Id.of(entry));
            }
        }
        if (!marker.wasEmpty()) {
            for (Dependents.Dependent each : Dependents.find(connection, marker.tables(), marker.schemas(), told)) {
                ScriptEntry entry = byId.get(each.id());
                found.add(entry == null || entry.isTable() ? each.what() : entry.what());
            }
        }
        return found;
    }

    /** A table that stays keeps what it has: nothing of the archive's comes to it, but what users add to the platform's. */
    private boolean isMadeAgain(ScriptEntry entry, Definitions saved) {
        ScriptEntry table = saved.tableOf(entry);
        if (marker.wasEmpty() || table == null) {
            return true;
        }
        String into = request.intoSchema();
        Relation.Named goal = Definitions.inHeaders(into == null ? table.schema() : into, table.tag());
        return isMadeSchema(goal.schema()) || tables.contains(goal) || ExistingTables.isAdded(entry, table, target);
    }

    private boolean isMade(ScriptEntry entry, Definitions there) {
        ScriptEntry table = there.tableOf(entry);
        boolean ofTable = table != null && tables.contains(new Relation.Named(table.schema(), table.tag()));
        String schema = "SCHEMA".equals(entry.type()) ? entry.tag() : entry.schema();
        return marker.wasEmpty() || ofTable || isMadeSchema(schema);
    }

    private boolean isMadeSchema(String name) {
        return marker.wasEmpty() && "public".equals(name) || schemas.contains(name);
    }

    private void drop() throws SQLException {
        if (marker.wasEmpty()) {
            // Before the others, since they may act when something is dropped.
            executeAll("SELECT pg_catalog.format('DROP EVENT TRIGGER %I', evtname) FROM pg_catalog.pg_event_trigger");
        }
        // Some at a time: all in one transaction could want more locks than the server has.
        dropAll("TABLE", "c.relispartition AND c.relkind IN ('r', 'p')");
        dropAll("TABLE", "c.relkind IN ('r', 'p')");
        dropAll("FOREIGN TABLE", "c.relkind = 'f'");
        if (marker.wasEmpty()) {
            executeAll(EVERYTHING);
        }
        try (Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            for (Relation.Named schema : marker.schemas()) {
                statement.execute("DROP SCHEMA IF EXISTS " + Relation.quote(schema.name()) + " CASCADE");
            }
            statement.execute("DELETE FROM " + Marker.SCHEMA + ".loaded l WHERE pg_catalog.to_regclass("
                    + "pg_catalog.format('%I.%I', l.schema, l.name)) IS NULL");
        }
    }

    private void executeAll(String statements) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            for (String sql : Target.texts(connection, statements)) {
                statement.execute(sql);
            }
        }
    }

    private void dropAll(String kind, String which) throws SQLException {
        List<String> tables = Target.texts(connection, made(which + NOT_OF_EXTENSIONS));
        try (Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            for (int from = 0; from < tables.size(); from += AT_ONCE) {
                statement.execute("DROP " + kind + " IF EXISTS "
                        + String.join(", ", tables.subList(from, Math.min(from + AT_ONCE, tables.size())))
                        + " CASCADE");
            }
        }
    }

    private Map<Relation.Named, Long> kept() {
        Map<Relation.Named, Long> kept = new HashMap<>(marker.loaded());
        kept.keySet()
                .removeIf(table -> marker.wasEmpty()
                        || marker.schemas().contains(new Relation.Named("", table.schema()))
                        || marker.tables().contains(table));
        return kept;
    }

    /** Statements that empty a database. Large objects stay: one that was made again would have its number already. */
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
