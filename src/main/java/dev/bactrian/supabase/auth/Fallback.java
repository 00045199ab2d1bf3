package dev.bactrian.supabase.auth;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What stands in the columns of a table for which the file has nothing: the column's default, or what the auth service
 * can't do without. It reads most texts into variables that can't be NULL, and answers every request with an error when
 * it meets one.
 */
final class Fallback {

    private static final String NO_INSTANCE = "00000000-0000-0000-0000-000000000000";
    private static final String ROLE = "authenticated";
    private static final Set<String> TIMES = Set.of("created_at", "updated_at");
    private static final Set<String> EMPTY = Set.of("email_change", "phone_change");

    private final Map<String, String> values = new HashMap<>();
    private final Set<String> ids = new java.util.HashSet<>();

    private Fallback() {}

    /** Asks the server for the defaults, each of which is worked out once; ids are made anew for each row. */
    static Fallback of(AuthTable table, Connection connection) throws SQLException {
        Fallback fallback = new Fallback();
        for (AuthColumn column : table.columns()) {
            fallback.add(table, column, connection);
        }
        return fallback;
    }

    private void add(AuthTable table, AuthColumn column, Connection connection) throws SQLException {
        String expression = column.defaultValue();
        if ("uuid".equals(column.type()) && expression != null) {
            ids.add(column.name());
            return;
        }
        String value = needed(table, column);
        if (value == null && expression != null) {
            value = evaluated(connection, expression);
        }
        if (value != null) {
            values.put(column.name(), value);
        }
    }

    private static @Nullable String needed(AuthTable table, AuthColumn column) {
        if (TIMES.contains(column.name())) {
            return Instant.now().toString();
        }
        if (!AuthTable.USERS.equals(table.name())) {
            return null;
        }
        return switch (column.name()) {
            case "instance_id" -> NO_INSTANCE;
            case "aud", "role" -> ROLE;
            default -> column.key() == null || EMPTY.contains(column.name()) ? "" : null;
        };
    }

    private static @Nullable String evaluated(Connection connection, String expression) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("SELECT (" + expression + ")::text")) {
            result.next();
            return result.getString(1);
        }
    }

    /** The text of the value; null for NULL. */
    @Nullable
    String of(AuthColumn column) {
        return ids.contains(column.name())
                ? UUID.randomUUID().toString().toLowerCase(Locale.ROOT)
                : values.get(column.name());
    }
}
