package dev.bactrian.supabase.auth;

import dev.bactrian.selection.Relation;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The rows of one of the auth service's tables, ordered by the user they belong to, some at a time. Each is a JSON object
 * without the columns that are NULL. In a transaction, because only there the server keeps what isn't fetched yet.
 */
final class AuthRows implements AutoCloseable {

    private final Statement statement;
    private final ResultSet rows;
    private final List<byte[]> keys;
    private boolean there;
    private String owner = "";

    private AuthRows(Statement statement, ResultSet rows, List<byte[]> keys) {
        this.statement = statement;
        this.rows = rows;
        this.keys = keys;
    }

    /**
     * Begins to read, and stands on the first row.
     *
     * @param fetched how many rows may be in memory
     */
    static AuthRows open(Connection connection, AuthTable table, int fetched) throws SQLException {
        List<AuthColumn> columns =
                table.columns().stream().filter(column -> column.key() != null).toList();
        Statement statement = connection.createStatement();
        try {
            statement.setFetchSize(fetched);
            AuthRows opened = new AuthRows(
                    statement,
                    statement.executeQuery(query(table, columns)),
                    columns.stream().map(AuthRows::key).toList());
            opened.advance();
            return opened;
        } catch (SQLException e) {
            statement.close();
            throw e;
        }
    }

    private static String query(AuthTable table, List<AuthColumn> columns) {
        String owner = Relation.quote(table.owner());
        return columns.stream()
                .map(column -> "to_jsonb(" + Relation.quote(column.name()) + ")::text")
                .collect(Collectors.joining(
                        ", ",
                        "SELECT " + owner + "::text, ",
                        " FROM ONLY " + table.quoted() + " ORDER BY " + owner + ", id"));
    }

    private static byte[] key(AuthColumn column) {
        return ("\"" + column.key() + "\": ").getBytes(StandardCharsets.UTF_8);
    }

    /** Whether there is a row here. */
    boolean isThere() {
        return there;
    }

    /** The user's id, in lower case: as texts these have the order that they have in the server. */
    String owner() {
        return owner;
    }

    void advance() throws SQLException {
        there = rows.next();
        owner = there ? rows.getString(1) : "";
    }

    /** Writes this row's object without its closing brace, so that it can take more. */
    void write(OutputStream out) throws SQLException, IOException {
        String before = "{";
        for (int i = 0; i < keys.size(); i++) {
            byte[] value = rows.getBytes(i + 2);
            if (value != null) {
                out.write(before.getBytes(StandardCharsets.US_ASCII));
                out.write(keys.get(i));
                out.write(value);
                before = ", ";
            }
        }
    }

    @Override
    public void close() throws SQLException {
        statement.close();
    }
}
