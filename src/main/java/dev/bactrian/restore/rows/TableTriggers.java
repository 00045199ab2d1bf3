package dev.bactrian.restore.rows;

import dev.bactrian.restore.Target;
import dev.bactrian.selection.Relation;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Keeps one table's triggers from firing in the transaction that loads its rows, in which they could change rows or act on
 * other systems. They are put back in the same transaction, each as it was: what breaks off puts them back by itself. It
 * takes the lock SHARE ROW EXCLUSIVE, under which others read and don't write (PostgreSQL manual, "ALTER TABLE"), and the
 * rights of the table's owner.
 */
public final class TableTriggers {

    private static final String DENIED = "42501";

    /** Which triggers may fire all the same, as a condition on pg_class c, pg_trigger t and its function p. */
    public enum Own {
        /** None. */
        NONE("false"),
        /** Those whose function is in the table's schema: a platform's, on its own tables. */
        SAME_SCHEMA("p.pronamespace = c.relnamespace"),
        /** Those whose function came with the extension that made the table. */
        SAME_EXTENSION(
                """
                EXISTS (SELECT FROM pg_catalog.pg_depend f JOIN pg_catalog.pg_depend r ON r.refobjid = f.refobjid
                         WHERE f.classid = 'pg_catalog.pg_proc'::regclass AND f.objid = p.oid AND f.deptype = 'e'
                           AND r.classid = 'pg_catalog.pg_class'::regclass AND r.objid = c.oid AND r.deptype = 'e')""");

        private final String condition;

        Own(String condition) {
            this.condition = condition;
        }
    }

    private record Trigger(String name, String enabled) {}

    private final Connection connection;
    private final String table;
    private final List<Trigger> off;

    private TableTriggers(Connection connection, String table, List<Trigger> off) {
        this.connection = connection;
        this.table = table;
        this.off = List.copyOf(off);
    }

    /**
     * Switches off those that would fire. The server's own, of foreign keys and other constraints, aren't among them.
     *
     * @param table as it is quoted in a statement
     * @param replica whether {@code session_replication_role} is replica, under which only ENABLE ALWAYS and ENABLE REPLICA
     *     fire
     * @throws SQLException when the role may not switch one off
     */
    public static TableTriggers off(Connection connection, String table, boolean replica, Own own) throws SQLException {
        List<Trigger> firing = firing(connection, table, replica, own);
        if (!firing.isEmpty()) {
            String names = firing.stream().map(Trigger::name).collect(Collectors.joining(", "));
            Savepoint before = connection.setSavepoint();
            try {
                alter(connection, table, firing, trigger -> "DISABLE");
                connection.releaseSavepoint(before);
            } catch (SQLException e) {
                if (!DENIED.equals(e.getSQLState())) {
                    throw e;
                }
                throw new SQLException(
                        "Its triggers would act on the rows, and this role, which isn't the table's owner, may not switch"
                                + " them off: " + names + ". Restore as its owner, or as a role that may set "
                                + "session_replication_role; or disable them during the restore.",
                        DENIED,
                        e);
            }
        }
        return new TableTriggers(connection, table, firing);
    }

    /** As they were, in the same transaction. Nothing that is deferred may be open then: the server refuses it. */
    public void putBack() throws SQLException {
        alter(connection, table, off, trigger -> switch (trigger.enabled()) {
            case "A" -> "ENABLE ALWAYS";
            case "R" -> "ENABLE REPLICA";
            default -> "ENABLE";
        });
    }

    private static List<Trigger> firing(Connection connection, String table, boolean replica, Own own)
            throws SQLException {
        String query =
                """
                SELECT t.tgname, t.tgenabled FROM pg_catalog.pg_trigger t
                  JOIN pg_catalog.pg_class c ON c.oid = t.tgrelid JOIN pg_catalog.pg_proc p ON p.oid = t.tgfoid
                 WHERE c.oid = pg_catalog.to_regclass(%s) AND NOT t.tgisinternal AND t.tgenabled IN ('A', '%s')
                   AND NOT (%s) ORDER BY t.tgname"""
                        .formatted(Relation.literal(table), replica ? "R" : "O", own.condition);
        List<Trigger> triggers = new ArrayList<>();
        try (Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            try (ResultSet rows = statement.executeQuery(query)) {
                while (rows.next()) {
                    triggers.add(new Trigger(rows.getString(1), rows.getString(2)));
                }
            }
        }
        return triggers;
    }

    private static void alter(
            Connection connection, String table, List<Trigger> triggers, Function<Trigger, String> change)
            throws SQLException {
        if (triggers.isEmpty()) {
            return;
        }
        Target.execute(
                connection,
                triggers.stream()
                        .map(trigger -> change.apply(trigger) + " TRIGGER " + Relation.quote(trigger.name()))
                        .collect(Collectors.joining(", ", "ALTER TABLE ONLY " + table + " ", "")));
    }
}
