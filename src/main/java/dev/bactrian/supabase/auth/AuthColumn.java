package dev.bactrian.supabase.auth;

import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A column of one of the auth service's tables, as {@code sql/backup/supabase/auth-columns.sql} finds it.
 *
 * @param type its name in pg_type
 * @param generated whether the server works its value out
 * @param defaultValue the expression; null for none
 * @param key its name in the file; null when it isn't in there
 */
record AuthColumn(
        String relation,
        String name,
        String type,
        boolean isArray,
        boolean generated,
        boolean notNull,
        @Nullable String defaultValue,
        @Nullable String key) {

    static AuthColumn of(Map<String, Object> row) {
        return new AuthColumn(
                text(row, "relation"),
                text(row, "name"),
                text(row, "type"),
                Boolean.TRUE.equals(row.get("is_array")),
                Boolean.TRUE.equals(row.get("generated")),
                Boolean.TRUE.equals(row.get("not_null")),
                (String) row.get("default_value"),
                (String) row.get("key"));
    }

    private static String text(Map<String, Object> row, String column) {
        return String.valueOf(Objects.requireNonNull(row.get(column), column));
    }

    /** Whether its values are JSON themselves. */
    boolean isJson() {
        return "json".equals(type) || "jsonb".equals(type);
    }
}
