package dev.bactrian.unchanged;

import dev.bactrian.postgres.Table;
import dev.bactrian.selection.Relation;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;

/**
 * Reads which transactions wrote a table's rows, and sends nothing but the result. Where none is newer than an earlier snapshot,
 * the rows are some of those that the earlier one saw; where they are as many, they are the same (ADR 0057).
 */
public final class NewerRows {

    /**
     * Under the lock, the table of that name is the one that is meant, and has the file that the snapshot knows: after a TRUNCATE
     * or a rewrite the snapshot would find no rows. Where it isn't so, it is an error, and the rest of the message isn't run:
     * what has the name now may be a view.
     */
    private static final String SAME_FILE =
            "SELECT CASE WHEN to_regclass(%1$s)::oid = c.oid AND c.relkind = 'r' AND c.relam = 2"
                    + " AND pg_relation_filenode(c.oid) = c.relfilenode THEN true"
                    + " ELSE (c.relname || ' is not as it was in the snapshot')::bool END FROM pg_class c WHERE c.oid = %2$s; ";

    private static final String LOCK = "LOCK TABLE ONLY %s IN ACCESS SHARE MODE; ";

    /** Rows have to be visited, not entries of an index; and by this connection alone, since others are at work. */
    private static final String PLAN = "SET LOCAL row_security = off; SET LOCAL max_parallel_workers_per_gather = 0;"
            + " SET LOCAL enable_indexscan = off; SET LOCAL enable_indexonlyscan = off; SET LOCAL enable_bitmapscan = off; ";

    /**
     * {@code age()} is the distance to the next transaction, as signed 32 bits. What is further away than the earlier snapshot's
     * oldest is older; what seems to come from the future isn't known, nor what has no transaction (the greatest number).
     */
    private static final String SCAN = "SELECT count(*) = %3$s AND age('%2$s'::xid) BETWEEN 0 AND 2147483646"
            + " AND coalesce(min(age(t.xmin)) > age('%2$s'::xid) AND max(age(t.xmin)) < 2147483647, true)"
            + " FROM ONLY %1$s AS t";

    /** What both questions answer. */
    private static final List<String> PROVED = List.of("t", "t");

    /** SQLSTATEs of that error, and of a table that isn't called so any more. */
    private static final Set<String> CHANGED = Set.of("22P02", "42P01");

    private NewerRows() {}

    /**
     * Whether the table has the rows that the earlier backup read, and no others.
     *
     * @param inSnapshot in a transaction that sees this backup's snapshot; it is as it was afterwards, and the table's lock is
     *     released
     * @param table one of {@link Judgement#candidates}
     * @param earlier what it was judged by
     * @param earlierRows how many rows the earlier backup read
     * @throws SQLException when the table can't be read, the lock isn't free in time, or the connection is lost; then it isn't
     *     proved
     */
    public static boolean none(Connection inSnapshot, Table table, SourceState earlier, long earlierRows)
            throws SQLException {
        if (earlierRows < 0 || earlier.gap() != null) {
            return false;
        }
        String name = table.quoted();
        String sql = LOCK.formatted(name)
                + SAME_FILE.formatted(Relation.literal(name), table.oid())
                + PLAN
                + SCAN.formatted(name, Xids.lower(earlier.xmin()), earlierRows);
        try {
            return PROVED.equals(Aside.ask(inSnapshot, sql));
        } catch (SQLException e) {
            if (CHANGED.contains(String.valueOf(e.getSQLState()))) {
                return false;
            }
            throw e;
        }
    }
}
