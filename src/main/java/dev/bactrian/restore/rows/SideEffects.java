package dev.bactrian.restore.rows;

import dev.bactrian.restore.Target;
import dev.bactrian.selection.Relation;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * What an UPDATE, INSERT or DELETE on one table would do besides, to rows of other tables as a rule, and no trigger's state stops:
 * rules, and the server's own triggers of foreign keys (ON DELETE CASCADE, SET NULL, …). COPY and TRUNCATE run neither
 * (PostgreSQL manual, "COPY" and "The Rule System"). Under {@code session_replication_role = replica} they act where
 * somebody has set them to ENABLE ALWAYS or ENABLE REPLICA.
 */
final class SideEffects {

    /** As the server names what an object's state doesn't allow. */
    private static final String NOT_IN_THIS_STATE = "55000";

    /** In ev_type of pg_rewrite (PostgreSQL manual, "pg_rewrite"). */
    enum Event {
        UPDATE('2'),
        INSERT('3'),
        DELETE('4');

        private final char type;

        Event(char type) {
            this.type = type;
        }
    }

    private static final String RULES =
            """
            SELECT format('its rule %%1$I acts on each %s. To restore it, switch that off meanwhile: ALTER TABLE %%2$s DISABLE RULE %%1$I;'
                       ' afterwards ALTER TABLE %%2$s ENABLE%%3$s RULE %%1$I', r.rulename, %s,
                       CASE r.ev_enabled WHEN 'A' THEN ' ALWAYS' WHEN 'R' THEN ' REPLICA' ELSE '' END)
              FROM pg_catalog.pg_rewrite r
             WHERE r.ev_class = pg_catalog.to_regclass(%s) AND r.ev_type = '%s' AND r.ev_enabled IN ('A', '%s')
             ORDER BY r.rulename""";

    /** Those that delete or change rows that refer to it; tables of the same extension excepted, which does that itself. */
    private static final String FOREIGN_KEYS =
            """
            SELECT format('the foreign key %%I of %%s acts on each DELETE, by the trigger %%I%%s. To restore it, %%s',
                       o.conname, format('%%I.%%I', n.nspname, f.relname), t.tgname,
                       CASE t.tgenabled WHEN 'A' THEN ' (ENABLE ALWAYS)' WHEN 'R' THEN ' (ENABLE REPLICA)' ELSE '' END,
                       CASE t.tgenabled WHEN 'O' THEN 'drop that foreign key meanwhile'
                           ELSE format('put that back, as a superuser: ALTER TABLE %%s ENABLE TRIGGER %%I', %s, t.tgname) END)
              FROM pg_catalog.pg_trigger t JOIN pg_catalog.pg_constraint o ON o.oid = t.tgconstraint
              JOIN pg_catalog.pg_class f ON f.oid = o.conrelid JOIN pg_catalog.pg_namespace n ON n.oid = f.relnamespace
             WHERE t.tgrelid = pg_catalog.to_regclass(%s) AND t.tgisinternal AND o.contype = 'f' AND o.conrelid <> t.tgrelid
               AND t.tgtype & 8 <> 0 AND t.tgenabled IN ('A', '%s') AND o.confdeltype IN ('c', 'n', 'd')
               AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend a JOIN pg_catalog.pg_depend b ON b.refobjid = a.refobjid
                     WHERE a.classid = 'pg_catalog.pg_class'::regclass AND a.objid = t.tgrelid AND a.deptype = 'e'
                       AND b.classid = 'pg_catalog.pg_class'::regclass AND b.objid = o.conrelid AND b.deptype = 'e')
             ORDER BY n.nspname, f.relname, o.conname""";

    private SideEffects() {}

    /**
     * Refuses a statement that would do more than what it says. Run it when the table is locked, else it may change after.
     *
     * @param table as it is quoted in a statement
     * @param replica whether {@code session_replication_role} is replica
     * @throws SQLException with the names, and the statement that helps
     */
    static void refuse(Connection connection, String table, boolean replica, Event event) throws SQLException {
        String name = Relation.literal(table);
        String state = replica ? "R" : "O";
        List<String> rules = Target.texts(connection, RULES.formatted(event, name, name, event.type, state));
        List<String> found = rules.isEmpty() && event == Event.DELETE
                ? Target.texts(connection, FOREIGN_KEYS.formatted(name, name, state))
                : rules;
        if (!found.isEmpty()) {
            throw new SQLException(
                    "Other tables could lose or get rows: " + String.join("; ", found) + ".", NOT_IN_THIS_STATE);
        }
    }
}
