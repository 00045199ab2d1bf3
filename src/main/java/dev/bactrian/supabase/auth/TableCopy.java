package dev.bactrian.supabase.auth;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.bactrian.restore.NotApplied;
import dev.bactrian.selection.Relation;
import dev.bactrian.support.Units;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/** Writes users' rows into one of the auth service's tables by COPY: into the columns that it has here. */
final class TableCopy {

    /** Said by where a row stands, or of a user's other rows. */
    private static final Set<String> UNDERSTOOD = Set.of("identities", "factors", "user_id");

    private final AuthTable table;
    private final Fallback fallback;
    private final List<AuthColumn> written;
    private final Set<String> keys = new HashSet<>(UNDERSTOOD);
    private final Map<String, Long> leftOut = new TreeMap<>();
    private long rows;
    private long rowsLeftOut;

    TableCopy(AuthTable table, Connection connection) throws SQLException {
        this.table = table;
        this.fallback = Fallback.of(table, connection);
        this.written =
                table.columns().stream().filter(column -> !column.generated()).toList();
        table.columns().stream()
                .map(AuthColumn::key)
                .filter(java.util.Objects::nonNull)
                .forEach(keys::add);
    }

    AuthTable table() {
        return table;
    }

    /** How many have been written. */
    long rows() {
        return rows;
    }

    /** What there is no place for here. */
    List<NotApplied> leftOut() {
        List<NotApplied> parts = new ArrayList<>();
        leftOut.forEach((key, count) -> parts.add(new NotApplied(
                "\"" + key + "\" of " + Units.counted(count, "row") + " of auth." + table.name(),
                "The target doesn't have this column.",
                null)));
        if (rowsLeftOut > 0) {
            parts.add(new NotApplied(
                    Units.counted(rowsLeftOut, "row") + " of auth." + table.name(),
                    "The target doesn't have this table.",
                    null));
        }
        return parts;
    }

    /**
     * Writes the rows of these users.
     *
     * @return the bytes that went to the server
     * @throws RowException when one can't be written, with its user
     */
    long write(List<UserEntry> users, Connection connection) throws SQLException, IOException {
        if (!table.exists()) {
            rowsLeftOut += users.stream()
                    .mapToLong(user -> user.rows(table.name()).size())
                    .sum();
            return 0;
        }
        StringBuilder text = new StringBuilder();
        List<UserEntry> owners = new ArrayList<>();
        for (UserEntry user : users) {
            for (ObjectNode row : user.rows(table.name())) {
                append(text, row, user);
                owners.add(user);
            }
        }
        if (owners.isEmpty()) {
            return 0;
        }
        byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
        try {
            rows += connection.unwrap(PGConnection.class).getCopyAPI().copyIn(sql(), new ByteArrayInputStream(bytes));
        } catch (SQLException e) {
            throw RowException.of(e, table.name(), owners);
        }
        return bytes.length;
    }

    private String sql() {
        return written.stream()
                .map(column -> Relation.quote(column.name()))
                .collect(Collectors.joining(", ", "COPY " + table.quoted() + " (", ") FROM STDIN"));
    }

    private void append(StringBuilder text, ObjectNode row, UserEntry user)
            throws JsonProcessingException, SQLException {
        for (Iterator<String> names = row.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            if (!keys.contains(name)) {
                leftOut.merge(name, 1L, Long::sum);
            }
        }
        String before = "";
        for (AuthColumn column : written) {
            text.append(before);
            CopyText.append(text, value(column, row, user));
            before = "\t";
        }
        text.append('\n');
    }

    private @Nullable String value(AuthColumn column, ObjectNode row, UserEntry user)
            throws JsonProcessingException, SQLException {
        if (column.name().equals(table.owner())) {
            return user.id();
        }
        JsonNode value = column.key() == null ? null : row.get(column.key());
        if (value == null || value.isNull() && !column.isJson()) {
            return fallback.of(column);
        }
        if (column.isJson()) {
            return UserReader.JSON.writeValueAsString(value);
        }
        if (column.isArray() && value.isArray()) {
            return CopyText.array(value);
        }
        if (!value.isValueNode()) {
            throw new RowException(table.name(), column.name(), "it is no single value", user, null);
        }
        return value.asText();
    }
}
