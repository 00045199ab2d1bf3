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
    private static final String SCAN = "SELECT CASE WHEN age('%2$s'::xid) BETWEEN 0 AND 2147483646"
            + " AND coalesce(min(age(t.xmin)) > age('%2$s'::xid) AND max(age(t.xmin)) < 2147483647, true)"
            + " THEN count(*) ELSE -1 END FROM ONLY %1$s AS t %3$s";

    /** Blocks that one message looks at: some seconds, so that the first newer row ends it, and others see that it goes on. */
    private static final long RANGE = 1L << 17;

    /** A range of blocks is found without reading the others (TID range scan, PostgreSQL 14). */
    private static final int RANGES = 140_000;

    private static final String BY_RANGES = " SET LOCAL enable_seqscan = off; SET LOCAL enable_tidscan = on; ";

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
     * @param moved called each time that a part of it was looked at
     * @throws SQLException when the table can't be read, the lock isn't free in time, or the connection is lost; then it isn't
     *     proved
     */
    public static boolean none(
            Connection inSnapshot, Table table, SourceState earlier, long earlierRows, Runnable moved)
            throws SQLException {
        if (earlierRows < 0 || earlier.gap() != null) {
            return false;
        }
        boolean ranges = table.blocks() > RANGE && earlier.server().versionNumber() >= RANGES;
        long rows = 0;
        for (long from = 0; from == 0 || ranges && from < table.blocks(); from += RANGE) {
            String range = !ranges
                    ? ""
                    : "WHERE ctid >= '(" + from + ",0)'"
                            // The last one has no end: the table may have grown.
                            + (from + RANGE < table.blocks() ? " AND ctid < '(" + (from + RANGE) + ",0)'" : "");
            long found = count(inSnapshot, table, earlier, ranges ? PLAN + BY_RANGES : PLAN, range);
            moved.run();
            rows += found;
            if (found < 0 || rows > earlierRows) {
                return false;
            }
        }
        return rows == earlierRows;
    }

    /** How many rows a part of it has; negative where one is newer, or the table isn't as it was. */
    private static long count(Connection inSnapshot, Table table, SourceState earlier, String plan, String range)
            throws SQLException {
        String name = table.quoted();
        String sql = LOCK.formatted(name)
                + SAME_FILE.formatted(Relation.literal(name), table.oid())
                + plan
                + SCAN.formatted(name, Xids.lower(earlier.xmin()), range);
        try {
            List<String> answers = Aside.ask(inSnapshot, sql);
            return answers.size() == 2 && "t".equals(answers.get(0)) ? Long.parseLong(answers.get(1)) : -1;
        } catch (SQLException e) {
            if (CHANGED.contains(String.valueOf(e.getSQLState()))) {
                return -1;
            }
            throw e;
        }
    }
}
