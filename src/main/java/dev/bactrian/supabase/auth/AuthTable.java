package dev.bactrian.supabase.auth;

import dev.bactrian.selection.Relation;
import java.util.List;
import java.util.Map;

/**
 * One of the auth service's tables with the columns it has in this project.
 *
 * @param columns none where the project's version doesn't have the table
 */
record AuthTable(String name, List<AuthColumn> columns) {

    static final String USERS = "users";
    static final String IDENTITIES = "identities";
    static final String FACTORS = "mfa_factors";

    /** Of the rows that {@code sql/backup/supabase/auth-columns.sql} gives. */
    static AuthTable of(String name, List<Map<String, Object>> rows) {
        return new AuthTable(
                name,
                rows.stream()
                        .map(AuthColumn::of)
                        .filter(column -> column.relation().equals(name))
                        .toList());
    }

    boolean exists() {
        return !columns.isEmpty();
    }

    String quoted() {
        return new Relation.Named("auth", name).quoted();
    }

    /** The column that says whose a row is. */
    String owner() {
        return USERS.equals(name) ? "id" : "user_id";
    }
}
