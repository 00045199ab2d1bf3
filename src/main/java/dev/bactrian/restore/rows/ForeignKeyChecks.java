package dev.bactrian.restore.rows;

import dev.bactrian.restore.Target;
import dev.bactrian.selection.Relation;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * Keeps a table's foreign keys from being checked while rows come in, in the connection's transaction, and nothing else:
 * other triggers fire. Only a superuser may.
 */
final class ForeignKeyChecks {

    private static final String CHECKS =
            """
            SELECT pg_catalog.format('ALTER TABLE %%s %%s TRIGGER %%I', t.tgrelid::pg_catalog.regclass, %s, t.tgname)
              FROM pg_catalog.pg_trigger t JOIN pg_catalog.pg_constraint f ON f.oid = t.tgconstraint AND f.contype = 'f'
             WHERE t.tgrelid = %s::pg_catalog.regclass AND f.conrelid = t.tgrelid AND t.tgenabled <> 'D' ORDER BY t.tgname""";

    private static final String STATE =
            "CASE t.tgenabled WHEN 'A' THEN 'ENABLE ALWAYS' WHEN 'R' THEN 'ENABLE REPLICA' ELSE 'ENABLE' END";

    private final Connection connection;
    private final List<String> putBack;

    private ForeignKeyChecks(Connection connection, List<String> putBack) {
        this.connection = connection;
        this.putBack = putBack;
    }

    /** @param table quoted */
    static ForeignKeyChecks off(Connection connection, String table) throws SQLException {
        String name = Relation.literal(table);
        ForeignKeyChecks checks =
                new ForeignKeyChecks(connection, Target.texts(connection, CHECKS.formatted(STATE, name)));
        Target.execute(connection, Target.texts(connection, CHECKS.formatted("'DISABLE'", name)));
        return checks;
    }

    /** Each as it was. */
    void putBack() throws SQLException {
        Target.execute(connection, putBack);
    }
}
