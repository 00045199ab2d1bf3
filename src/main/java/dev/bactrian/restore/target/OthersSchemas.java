package dev.bactrian.restore.target;

import dev.bactrian.restore.Platform;
import dev.bactrian.restore.Target;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Schemas of a target in which a name without a schema would find something of a role that may not act as the one that restores:
 * bodies of functions call {@code length(v)}, and the server prefers one that fits better to its own, wherever in the path
 * it is (CVE-2018-1058). A restore searches none of these schemas.
 */
public final class OthersSchemas {

    private static final String QUERY =
            """
            SELECT n.nspname, pg_catalog.min(o.what || ' of role ' || pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(o.owner)))
              FROM (SELECT pronamespace, proowner, oid::pg_catalog.regprocedure::pg_catalog.text FROM pg_catalog.pg_proc
                    UNION ALL
                    SELECT oprnamespace, oprowner, oid::pg_catalog.regoperator::pg_catalog.text FROM pg_catalog.pg_operator
                    UNION ALL
                    SELECT typnamespace, typowner, oid::pg_catalog.regtype::pg_catalog.text FROM pg_catalog.pg_type WHERE typtype = 'd'
                    UNION ALL
                    -- Tables run nothing of their owner's when they are read.
                    SELECT relnamespace, relowner, oid::pg_catalog.regclass::pg_catalog.text FROM pg_catalog.pg_class
                     WHERE relkind IN ('v', 'f')) o (schema, owner, what)
              JOIN pg_catalog.pg_namespace n ON n.oid = o.schema
             WHERE n.nspname NOT IN ('pg_catalog', 'information_schema')
               AND NOT pg_catalog.pg_has_role(o.owner, current_user, 'MEMBER')
             GROUP BY n.nspname ORDER BY n.nspname""";

    private OthersSchemas() {}

    /** Their names, each with one of the things in it. */
    public static Map<String, String> find(Target target, Connection connection) throws SQLException {
        Map<String, String> found = new LinkedHashMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(QUERY)) {
            while (row.next()) {
                // None of a project's users may create there.
                if (!target.isSupabase() || !Platform.managedSchema(row.getString(1))) {
                    found.put(row.getString(1), row.getString(2));
                }
            }
        }
        return found;
    }
}
