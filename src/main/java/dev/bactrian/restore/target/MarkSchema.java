package dev.bactrian.restore.target;

import dev.bactrian.restore.Attempt;
import dev.bactrian.restore.Target;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * Makes sure that the schema of a restore's mark is one that restores made, before anything in it is read or written: who may
 * create a schema in the target can make one of its name, and what runs there would run with the rights of the restoring
 * role. Views are only the nearest way: rules, triggers, policies, defaults, constraints, columns of types with casts of their own,
 * and tables that inherit run others' functions, too.
 *
 * <p>Trusted is what belongs to a superuser or to the restoring role, and what no other role may write to. Once that holds, no
 * other role can change it, so that it needn't be asked again in the same session.
 */
final class MarkSchema {

    private static final int MOST_NAMED = 5;

    private static final String THERE =
            "SELECT EXISTS (SELECT FROM pg_catalog.pg_namespace WHERE nspname = '" + Marker.SCHEMA + "')";

    /** What must not be, in words. Only catalogs are read. */
    private static final String FAULTS =
            """
            WITH trusted AS (
                SELECT oid FROM pg_catalog.pg_roles WHERE rolsuper OR rolname = current_user),
            mark AS (
                SELECT n.oid, n.nspowner, n.nspacl FROM pg_catalog.pg_namespace n WHERE n.nspname = '%1$s'),
            inside AS (
                SELECT c.* FROM pg_catalog.pg_class c JOIN mark ON mark.oid = c.relnamespace),
            granted AS (
                SELECT relname, a.grantee, a.privilege_type FROM inside, pg_catalog.aclexplode(relacl) a
                UNION ALL
                SELECT relname, a.grantee, a.privilege_type FROM inside
                  JOIN pg_catalog.pg_attribute t ON t.attrelid = inside.oid, pg_catalog.aclexplode(t.attacl) a)
            SELECT pg_catalog.format('it belongs to role %%I', pg_catalog.pg_get_userbyid(nspowner)) FROM mark
             WHERE nspowner NOT IN (SELECT oid FROM trusted)
            UNION ALL
            SELECT pg_catalog.format('%%s may create something in it',
                       CASE a.grantee WHEN 0 THEN 'every role'
                           ELSE pg_catalog.format('role %%I', pg_catalog.pg_get_userbyid(a.grantee)) END)
              FROM mark, pg_catalog.aclexplode(nspacl) a
             WHERE a.privilege_type = 'CREATE' AND a.grantee NOT IN (SELECT oid FROM trusted)
            UNION ALL
            SELECT pg_catalog.format('%%I in it isn''t an ordinary table', relname) FROM inside WHERE relkind <> 'r'
            UNION ALL
            SELECT pg_catalog.format('%%I in it belongs to role %%I', relname, pg_catalog.pg_get_userbyid(relowner)) FROM inside
             WHERE relowner NOT IN (SELECT oid FROM trusted)
            UNION ALL
            SELECT pg_catalog.format('%%I in it has %%s', c.relname, parts.what) FROM inside c, LATERAL (
                SELECT 'rules' FROM pg_catalog.pg_rewrite r WHERE r.ev_class = c.oid
                UNION ALL SELECT 'triggers' FROM pg_catalog.pg_trigger t WHERE t.tgrelid = c.oid
                UNION ALL SELECT 'policies' FROM pg_catalog.pg_policy p WHERE p.polrelid = c.oid
                UNION ALL SELECT 'row security' WHERE c.relrowsecurity
                UNION ALL SELECT 'constraints' FROM pg_catalog.pg_constraint o WHERE o.conrelid = c.oid AND o.contype <> 'n'
                UNION ALL SELECT 'heirs or parents' FROM pg_catalog.pg_inherits i WHERE c.oid IN (i.inhparent, i.inhrelid)
                UNION ALL SELECT 'columns of users'' types' FROM pg_catalog.pg_attribute a
                    JOIN pg_catalog.pg_type y ON y.oid = a.atttypid
                    JOIN pg_catalog.pg_namespace yn ON yn.oid = y.typnamespace
                   WHERE a.attrelid = c.oid AND NOT a.attisdropped AND yn.nspname <> 'pg_catalog'
                UNION ALL SELECT 'columns that call users'' functions' FROM pg_catalog.pg_attrdef f
                    JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_attrdef'::pg_catalog.regclass AND d.objid = f.oid
                   WHERE f.adrelid = c.oid AND d.refclassid = 'pg_catalog.pg_proc'::pg_catalog.regclass) AS parts (what)
            UNION ALL
            SELECT pg_catalog.format('%%s may write to %%I in it',
                       CASE grantee WHEN 0 THEN 'every role'
                           ELSE pg_catalog.format('role %%I', pg_catalog.pg_get_userbyid(grantee)) END, relname)
              FROM granted WHERE privilege_type <> 'SELECT' AND grantee NOT IN (SELECT oid FROM trusted)"""
                    .formatted(Marker.SCHEMA);

    /** What the target's default privileges have given to others. */
    private static final String GRANTS =
            """
            SELECT DISTINCT pg_catalog.format('REVOKE ALL ON %%s %%s FROM %%s', g.kind, g.name,
                       CASE g.grantee WHEN 0 THEN 'PUBLIC' ELSE pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(g.grantee)) END)
              FROM (SELECT 'SCHEMA' AS kind, '%1$s' AS name, a.grantee, n.nspowner AS owner
                      FROM pg_catalog.pg_namespace n, pg_catalog.aclexplode(n.nspacl) a WHERE n.nspname = '%1$s'
                    UNION ALL
                    SELECT 'TABLE', pg_catalog.format('%1$s.%%I', c.relname), a.grantee, c.relowner
                      FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace,
                           pg_catalog.aclexplode(c.relacl) a WHERE n.nspname = '%1$s') AS g
             WHERE g.grantee <> g.owner"""
                    .formatted(Marker.SCHEMA);

    private static final String MAY_DROP =
            "SELECT pg_catalog.pg_has_role(nspowner, 'USAGE'), pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(nspowner))"
                    + " FROM pg_catalog.pg_namespace WHERE nspname = '" + Marker.SCHEMA + "'";

    private MarkSchema() {}

    /**
     * Whether there is one.
     *
     * @throws dev.bactrian.problem.ProblemException when there is one that another role made, or may change
     */
    static boolean isThere(Connection connection) throws SQLException {
        if (!"t".equals(Target.text(connection, THERE))) {
            return false;
        }
        List<String> faults = Target.texts(connection, FAULTS);
        if (!faults.isEmpty()) {
            boolean mayDrop = "t".equals(Target.text(connection, MAY_DROP));
            throw Target.refused(
                    "The target has a schema " + Marker.SCHEMA
                            + ", the name that marks incomplete restores, which no restore by this role "
                            + "created: " + some(faults)
                            + ". It isn't read, because its contents could run with this role's rights.",
                    "Check what it is and whose. To continue without it, run "
                            + (mayDrop ? "" : "as its owner or a superuser ") + "in the target: DROP SCHEMA "
                            + Marker.SCHEMA + " CASCADE;");
        }
        return true;
    }

    private static String some(List<String> faults) {
        List<String> all = faults.stream().distinct().toList();
        return String.join("; ", all.subList(0, Math.min(all.size(), MOST_NAMED)))
                + (all.size() > MOST_NAMED ? "; and " + (all.size() - MOST_NAMED) + " more" : "");
    }

    /** Takes back what default privileges give to others of a mark that was just made. */
    static void close(Connection connection) throws SQLException {
        for (String revoke : Target.texts(connection, GRANTS)) {
            Attempt.quietly(connection, revoke);
        }
    }
}
