package dev.bactrian.restore.ddl;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HexFormat;
import org.postgresql.PGConnection;

/**
 * Text of databases in SQL_ASCII, which is any bytes at all, on its way through a driver that sends UTF-8 alone and a session
 * that takes nothing else from it. Text is one character per byte (ISO 8859-1).
 */
public final class RawText {

    private static final String NO_ENCODING = "SQL_ASCII";
    private static final String FROM = " FROM STDIN";
    private static final String FREEZING = " WITH (FREEZE)";
    private static final String INVALID_TEXT = "22021";

    private RawText() {}

    /** Whether the bytes are text in UTF-8. */
    public static boolean isText(String bytes) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes.getBytes(StandardCharsets.ISO_8859_1)));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    /**
     * Statements as the driver takes them. Those that are no text in UTF-8 are given to the server as bytes, which makes text
     * of them itself; the statements must be such as may run in a transaction.
     *
     * @throws SQLException when the database has an encoding, so that it can't store these bytes
     */
    public static String statements(String bytes, Connection connection) throws SQLException {
        if (isText(bytes)) {
            return EntryText.forDriver(bytes);
        }
        if (!takesBytes(connection)) {
            throw new SQLException(
                    "It has bytes that aren't valid UTF-8, which a database with encoding SQL_ASCII allows; the "
                            + "target doesn't. Restore into a database with encoding SQL_ASCII (--create-database "
                            + "creates one), or change the text.",
                    INVALID_TEXT);
        }
        String hex = HexFormat.of().formatHex(bytes.getBytes(StandardCharsets.ISO_8859_1));
        return "DO $$BEGIN EXECUTE pg_catalog.convert_from(pg_catalog.decode('" + hex + "', 'hex'), '" + NO_ENCODING
                + "'); END$$;";
    }

    /** A COPY from or to the client that gives and takes bytes, whatever encoding the session has for everything else. */
    public static String copy(String sql, Connection connection) throws SQLException {
        if (!takesBytes(connection)) {
            return sql;
        }
        if (sql.endsWith(FREEZING)) {
            return sql.substring(0, sql.length() - 1) + ", ENCODING '" + NO_ENCODING + "')";
        }
        if (sql.endsWith(FROM) || sql.endsWith(" TO STDOUT")) {
            return sql + " WITH (ENCODING '" + NO_ENCODING + "')";
        }
        throw new IllegalArgumentException("No COPY that an encoding can be added to: " + sql);
    }

    private static boolean takesBytes(Connection connection) throws SQLException {
        return NO_ENCODING.equals(connection.unwrap(PGConnection.class).getParameterStatus("server_encoding"));
    }
}
