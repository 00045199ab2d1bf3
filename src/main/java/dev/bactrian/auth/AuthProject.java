package dev.bactrian.auth;

import java.sql.Connection;

/** The project that users are imported into: one transaction, which nobody sees before its end. */
record AuthProject(Connection connection, TableCopy users, TableCopy identities, TableCopy factors) {

    TableCopy table(String name) {
        return switch (name) {
            case AuthTable.USERS -> users;
            case AuthTable.IDENTITIES -> identities;
            default -> factors;
        };
    }
}
