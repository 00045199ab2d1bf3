package dev.bactrian.restore.plan;

import dev.bactrian.restore.Target;
import dev.bactrian.restore.ddl.Definitions;
import dev.bactrian.restore.ddl.ScriptEntry;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * When a table's row security begins. Grants come before the rows, policies after them: without row security in between,
 * who may read the table could read all of it, in a database that is in use. With it, and no policy yet, none.
 */
final class RowSecurity {

    private final Definitions definitions;
    private final boolean seesAll;

    RowSecurity(Definitions definitions, Connection connection) throws SQLException {
        this.definitions = definitions;
        this.seesAll = "t"
                .equals(Target.text(
                        connection,
                        "SELECT rolsuper OR rolbypassrls FROM pg_catalog.pg_roles WHERE rolname = current_user"));
    }

    /** Whether an entry switches it on, and can do so before the rows: not where it would keep out the role that loads them. */
    boolean comesFirst(ScriptEntry entry) throws IOException {
        if (!"ROW SECURITY".equals(entry.type())) {
            return false;
        }
        ScriptEntry table = definitions.tableOf(entry);
        return table != null && (seesAll || !definitions.text(table).contains("FORCE ROW LEVEL SECURITY"));
    }
}
