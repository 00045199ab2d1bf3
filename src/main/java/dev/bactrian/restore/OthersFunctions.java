package dev.bactrian.restore;

import dev.bactrian.selection.Relation;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;

/**
 * Tables that stay and get rows, and call functions of roles that are neither superusers nor the one that restores: in defaults,
 * generated columns, constraints (of their columns' domains, too), expressions of indexes, and triggers that can't be off. These run
 * with the rights of the role that writes, as with any INSERT; where that is a superuser, it is worth knowing before.
 */
final class OthersFunctions {

    private static final int MOST_NAMED = 10;

    private static final String QUERY =
            """
            WITH RECURSIVE trusted AS (
                SELECT oid FROM pg_catalog.pg_roles WHERE rolsuper OR rolname = current_user),
            filled AS (
                SELECT c.oid, n.nspname, c.relname FROM (VALUES %s) w (schema, name)
                  JOIN pg_catalog.pg_namespace n ON n.nspname = w.schema
                  JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = w.name),
            types AS (
                SELECT f.oid, a.atttypid AS type FROM filled f
                  JOIN pg_catalog.pg_attribute a ON a.attrelid = f.oid AND a.attnum > 0 AND NOT a.attisdropped
                UNION SELECT t.oid, y.typbasetype FROM types t JOIN pg_catalog.pg_type y ON y.oid = t.type AND y.typtype = 'd'),
            parts AS (
                SELECT f.oid, 'pg_catalog.pg_attrdef'::pg_catalog.regclass AS class, d.oid AS part FROM filled f
                  JOIN pg_catalog.pg_attrdef d ON d.adrelid = f.oid
                UNION ALL SELECT f.oid, 'pg_catalog.pg_constraint'::pg_catalog.regclass, o.oid FROM filled f
                  JOIN pg_catalog.pg_constraint o ON o.conrelid = f.oid
                UNION ALL SELECT t.oid, 'pg_catalog.pg_constraint'::pg_catalog.regclass, o.oid FROM types t
                  JOIN pg_catalog.pg_constraint o ON o.contypid = t.type
                UNION ALL SELECT f.oid, 'pg_catalog.pg_class'::pg_catalog.regclass, i.indexrelid FROM filled f
                  JOIN pg_catalog.pg_index i ON i.indrelid = f.oid
                UNION ALL SELECT f.oid, 'pg_catalog.pg_trigger'::pg_catalog.regclass, g.oid FROM filled f
                  JOIN pg_catalog.pg_trigger g ON g.tgrelid = f.oid AND NOT g.tgisinternal AND g.tgenabled IN ('A', 'R'))
            SELECT DISTINCT pg_catalog.format('%%I.%%I calls %%s of role %%I', f.nspname, f.relname,
                       p.oid::pg_catalog.regprocedure, pg_catalog.pg_get_userbyid(p.proowner))
              FROM parts JOIN filled f ON f.oid = parts.oid
              JOIN pg_catalog.pg_depend d ON d.classid = parts.class AND d.objid = parts.part
               AND d.refclassid = 'pg_catalog.pg_proc'::pg_catalog.regclass
              JOIN pg_catalog.pg_proc p ON p.oid = d.refobjid AND p.proowner NOT IN (SELECT oid FROM trusted)
             ORDER BY 1""";

    private static final String SUPERUSER = "SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user";

    private OthersFunctions() {}

    /** Names them, where a superuser would run them. */
    static void tell(Collection<Relation.Named> filled, Connection connection, RestoreReport report)
            throws SQLException {
        if (filled.isEmpty() || !"t".equals(Target.text(connection, SUPERUSER))) {
            return;
        }
        List<String> calls = Target.texts(connection, QUERY.formatted(Sql.rows(filled)));
        if (!calls.isEmpty()) {
            report.note("Rows go into tables that run functions of other roles with this superuser's rights: "
                    + String.join("; ", calls.subList(0, Math.min(calls.size(), MOST_NAMED)))
                    + (calls.size() > MOST_NAMED ? "; and " + (calls.size() - MOST_NAMED) + " more" : "")
                    + ". Where you don't trust these roles, restore by the tables' owner.");
        }
    }
}
