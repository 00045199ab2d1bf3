package dev.bactrian.supabase.auth;

import com.fasterxml.jackson.databind.JsonNode;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The users that the target has already, and how many of the file were among them. */
final class ExistingUsers {

    private static final String FIND =
            "SELECT id::text FROM auth.users WHERE id = ANY (?::uuid[]) UNION ALL SELECT phone FROM auth.users"
                    + " WHERE phone = ANY (?::text[]) UNION ALL SELECT email FROM auth.users u WHERE email = ANY (?::text[])"
                    // Older projects don't have the column.
                    + " AND NOT coalesce((to_jsonb(u) ->> 'is_sso_user')::boolean, false)";

    private long skipped;

    static long count(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("SELECT count(*) FROM auth.users")) {
            result.next();
            return result.getLong(1);
        }
    }

    long skipped() {
        return skipped;
    }

    /** The users of whom nobody there has the id, the e-mail or the phone; those who sign in by SSO may share an e-mail. */
    List<UserEntry> without(List<UserEntry> users, Connection connection) throws SQLException {
        Set<String> there = new HashSet<>();
        try (PreparedStatement statement = connection.prepareStatement(FIND)) {
            statement.setArray(
                    1, array(connection, users.stream().map(UserEntry::id).toList()));
            statement.setArray(2, array(connection, texts(users, "phone")));
            statement.setArray(3, array(connection, texts(users, "email")));
            try (ResultSet found = statement.executeQuery()) {
                while (found.next()) {
                    there.add(found.getString(1));
                }
            }
        }
        List<UserEntry> left = users.stream()
                .filter(user -> !there.contains(user.id())
                        && !there.contains(text(user, "phone"))
                        && (sso(user) || !there.contains(text(user, "email"))))
                .toList();
        skipped += users.size() - left.size();
        return left;
    }

    private static boolean sso(UserEntry user) {
        return user.json().path("is_sso_user").asBoolean();
    }

    private static List<String> texts(List<UserEntry> users, String key) {
        return users.stream()
                .map(user -> text(user, key))
                .filter(text -> !text.isEmpty())
                .toList();
    }

    private static String text(UserEntry user, String key) {
        JsonNode value = user.json().path(key);
        return value.isTextual() ? value.textValue() : "";
    }

    private static Array array(Connection connection, List<String> texts) throws SQLException {
        return connection.createArrayOf("text", texts.toArray());
    }
}
