package dev.bactrian.supabase.auth;

import dev.bactrian.restore.rows.TableTriggers;
import java.sql.Connection;
import java.util.List;

/**
 * The project that users are imported into: one transaction, which nobody sees before its end.
 *
 * @param triggers that are off until then
 */
record AuthProject(
        Connection connection, TableCopy users, TableCopy identities, TableCopy factors, List<TableTriggers> triggers) {

    TableCopy table(String name) {
        return switch (name) {
            case AuthTable.USERS -> users;
            case AuthTable.IDENTITIES -> identities;
            default -> factors;
        };
    }
}
