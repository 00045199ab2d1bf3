package dev.bactrian.restore.target;

import dev.bactrian.restore.Target;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * Which large objects a restore has made so far, in its mark. They are made in several transactions, of which each notes its
 * own: when the restore breaks off, they go, however far it came.
 */
public final class LargeObjectMarks {

    /** A row for each object, and one without a number for each transaction, whose number is its {@code xmin}. */
    static final String TABLE = Marker.SCHEMA + ".objects";

    static final String DEFINITION = "CREATE TABLE IF NOT EXISTS " + TABLE + " (number oid)";

    private static final String SOME =
            "WITH gone AS (DELETE FROM " + TABLE + " WHERE ctid = ANY (ARRAY(SELECT ctid FROM "
                    + TABLE + " LIMIT %d)) RETURNING number) SELECT count(*), count(pg_catalog.lo_unlink(m.oid))"
                    + " FROM gone LEFT JOIN pg_catalog.pg_largeobject_metadata m ON m.oid = gone.number";

    private static final String WRITTEN_SINCE =
            "SELECT DISTINCT 'large object ' || l.loid FROM pg_catalog.pg_largeobject l JOIN " + TABLE
                    + " o ON o.number = l.loid WHERE l.xmin::text NOT IN (SELECT xmin::text FROM " + TABLE + ")";

    private LargeObjectMarks() {}

    /** Makes one, unless there is one of its number; the transaction notes that. */
    public static boolean create(long number, Statement statement) throws SQLException {
        return statement.executeUpdate("INSERT INTO " + TABLE + " SELECT pg_catalog.lo_create(" + number
                        + "::pg_catalog.oid) WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_largeobject_metadata WHERE oid = "
                        + number + ")")
                == 1;
    }

    /** Commits what was done so far. */
    public static void commit(Connection connection, Statement statement) throws SQLException {
        statement.execute("INSERT INTO " + TABLE + " VALUES (NULL)");
        connection.commit();
    }

    /** Removes all that were made, in autocommit. */
    public static void undo(Connection connection) throws SQLException {
        int size = Batches.AT_ONCE;
        while (true) {
            try {
                if ("0".equals(Target.text(connection, SOME.formatted(size)))) {
                    return;
                }
            } catch (SQLException e) {
                if (size == 1 || !Batches.isOutOfMemory(e)) {
                    throw e;
                }
                size = Math.max(1, size / 4);
            }
        }
    }

    /** Those of them that others have written since, where the role may see that. */
    public static List<String> writtenSince(Connection connection) throws SQLException {
        return "t"
                        .equals(Target.text(
                                connection,
                                "SELECT pg_catalog.has_table_privilege('pg_catalog.pg_largeobject', 'SELECT')"))
                ? Target.texts(connection, WRITTEN_SINCE)
                : List.of();
    }
}
