package dev.bactrian.restore.target;

import dev.bactrian.restore.Target;
import dev.bactrian.selection.Relation;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * Whether functions of the target may be called by a schema's name: those of pg_cron and of Supabase's vault run with the
 * restoring role's rights and get what is secret. Who may create schemas can make one of such a name, where there is none.
 */
public final class TrustedSchema {

    private static final String TRUSTED =
            """
            WITH trusted AS (SELECT oid FROM pg_catalog.pg_roles WHERE rolsuper OR rolname = current_user)
            SELECT EXISTS (SELECT FROM pg_catalog.pg_namespace n WHERE n.nspname = %s
               AND (n.nspowner IN (SELECT oid FROM trusted)
                    OR EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.objid = n.oid AND d.deptype = 'e'
                                  AND d.classid = 'pg_catalog.pg_namespace'::pg_catalog.regclass))
               AND NOT EXISTS (SELECT FROM pg_catalog.aclexplode(n.nspacl) a WHERE a.privilege_type = 'CREATE'
                                  AND a.grantee <> n.nspowner AND a.grantee NOT IN (SELECT oid FROM trusted)))""";

    private TrustedSchema() {}

    /** Whether it is an extension's, a superuser's or the restoring role's own, and no other role may create anything in it. */
    public static boolean is(String schema, Connection connection) throws SQLException {
        return "t".equals(Target.text(connection, TRUSTED.formatted(Relation.literal(schema))));
    }

    /** What is told of one that isn't. */
    public static String refusal(String schema) {
        return "The target's schema " + schema
                + " belongs to neither an extension nor a superuser, or other roles may create functions in it. They "
                + "aren't called, because they would run with this role's rights";
    }
}
