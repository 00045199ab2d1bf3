package dev.bactrian.restore.target;

import java.sql.SQLException;
import java.util.List;

/**
 * Work on many objects, some at a time: a transaction holds a lock for each object that it drops or changes to its end, and
 * a server has room for a limited number ({@code max_locks_per_transaction}).
 */
public final class Batches {

    /** Objects in one transaction; a table with a serial key takes about a dozen locks. */
    public static final int AT_ONCE = 100;

    private static final String OUT_OF_MEMORY = "53200";

    private Batches() {}

    /** One transaction. When it fails, nothing of it must be left. */
    public @FunctionalInterface interface Batch<T> {
        public void run(List<T> some) throws SQLException;
    }

    /** Takes all in their order; fewer at once where the server has no room. */
    public static <T> void run(List<T> all, Batch<T> batch) throws SQLException {
        int size = AT_ONCE;
        for (int from = 0; from < all.size(); ) {
            int to = Math.min(from + size, all.size());
            try {
                batch.run(all.subList(from, to));
                from = to;
            } catch (SQLException e) {
                if (size == 1 || !isOutOfMemory(e)) {
                    throw e;
                }
                size = Math.max(1, size / 4);
            }
        }
    }

    /** Whether the server had no room, for locks above all. */
    public static boolean isOutOfMemory(SQLException failure) {
        return OUT_OF_MEMORY.equals(failure.getSQLState());
    }
}
