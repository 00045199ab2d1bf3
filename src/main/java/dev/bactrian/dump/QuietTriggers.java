package dev.bactrian.dump;

import dev.bactrian.postgres.Table;
import dev.bactrian.selection.Relation;

/**
 * The lines around the rows in a table's data.sql by which psql loads them without firing the table's triggers: all of it in
 * one transaction, in which each trigger that isn't the server's own is off, and has the state (O, R, A or D) that it had
 * before again at the end. The owner may do that; no superuser is needed. What keeps foreign keys stays on.
 *
 * <p>Each line begins like one that readers of such files have always passed over ({@link dev.bactrian.postgres.script.CopyReader}),
 * so that earlier versions read these archives, too.
 */
final class QuietTriggers {

    private static final String TABLE = "pg_catalog.current_setting('bactrian.loaded_table')";

    /**
     * Nothing is altered where there is nothing to turn off: that wants a right which loading alone doesn't. Rows that are put
     * into a partitioned table fire what its partitions have, clones of its own included (real triggers since 15).
     */
    private static final String OFF = "SET LOCAL bactrian.quiet_triggers = ''; DO $$DECLARE t record; BEGIN"
            + " FOR t IN SELECT tgrelid::pg_catalog.regclass AS of, tgname, tgenabled FROM pg_catalog.pg_trigger"
            + " WHERE (tgrelid = " + TABLE + "::pg_catalog.regclass OR tgrelid IN (SELECT relid FROM"
            + " pg_catalog.pg_partition_tree(" + TABLE + "::pg_catalog.regclass) AS p))"
            + " AND NOT tgisinternal AND tgenabled <> 'D' ORDER BY oid LOOP"
            + " EXECUTE pg_catalog.format('ALTER TABLE ONLY %s DISABLE TRIGGER %I', t.of, t.tgname);"
            + " PERFORM pg_catalog.set_config('bactrian.quiet_triggers', pg_catalog.current_setting('bactrian.quiet_triggers')"
            + " || pg_catalog.format('ALTER TABLE ONLY %s ENABLE %s TRIGGER %I; ', t.of,"
            + " CASE t.tgenabled WHEN 'R' THEN 'REPLICA' WHEN 'A' THEN 'ALWAYS' ELSE '' END, t.tgname), true);"
            + " END LOOP; END$$;\n";

    /** Deferred foreign keys are checked first, as the end of the transaction would: until then no trigger can be altered. */
    private static final String ON = "SET LOCAL bactrian.loaded_table = ''; SET CONSTRAINTS ALL IMMEDIATE;"
            + " DO $$BEGIN EXECUTE pg_catalog.current_setting('bactrian.quiet_triggers'); END$$; COMMIT;\n";

    private QuietTriggers() {}

    /** Comes before COPY; empty for a table of an extension, whose rows have their own way. */
    static String before(Table table) {
        return table.extension() == null
                ? "SET bactrian.loaded_table = " + Relation.literal(table.quoted()) + "; BEGIN;\n" + OFF
                : "";
    }

    /** Comes after the rows. */
    static String after(Table table) {
        return table.extension() == null ? ON : "";
    }
}
