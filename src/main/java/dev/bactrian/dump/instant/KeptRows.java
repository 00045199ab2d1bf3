package dev.bactrian.dump.instant;

import dev.bactrian.postgres.Snapshot;
import dev.bactrian.postgres.Table;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * Whether the rows of a table that got another file are still those that the snapshot sees. VACUUM FULL, CLUSTER and SET
 * TABLESPACE copy each row with the number of the transaction that wrote it; TRUNCATE and a rewriting ALTER TABLE don't,
 * and snapshots from before then find nothing (PostgreSQL manual, "Caveats" of MVCC).
 */
final class KeptRows {

    /**
     * A new, empty file begins with relfrozenxid at the oldest transaction running then; VACUUM FULL and CLUSTER stay
     * behind what any snapshot needs (heapam_relation_set_new_filelocator and vacuum_get_cutoffs in PostgreSQL 15 to 18).
     */
    private static final String FILE =
            """
            SELECT NOT pg_catalog.pg_is_in_recovery()
               AND c.relam = (SELECT oid FROM pg_catalog.pg_am WHERE amname = 'heap')
               AND pg_catalog.age(c.relfrozenxid) >= pg_catalog.age(CAST(? AS pg_catalog.xid))
              FROM pg_catalog.pg_class c WHERE c.oid = CAST(? AS pg_catalog.oid)
            """;

    private KeptRows() {}

    /** Whether the table's file may have its old rows, as a session without the snapshot sees it. */
    static boolean mayBe(Connection now, Table table, Snapshot.Bounds bounds) throws SQLException {
        try (PreparedStatement statement = now.prepareStatement(FILE)) {
            statement.setString(1, bounds.xmin());
            statement.setLong(2, table.oid());
            try (ResultSet row = statement.executeQuery()) {
                return row.next() && row.getBoolean(1);
            }
        }
    }

    /**
     * Whether the snapshot finds what it found before in the file of now: rows that are older than every transaction that it
     * saw running, or none where there was nothing. Others don't count: it sees all that was written frozen (COPY … FREEZE),
     * whoever wrote it. What copies rows in other ways, as pg_repack does, leaves none, though it may keep relfrozenxid.
     *
     * @param name the table's quoted name as it is now
     */
    static boolean areSeen(Connection snapshot, Table table, String name, Snapshot.Bounds bounds) throws SQLException {
        String old = " t WHERE pg_catalog.age(t.xmin) > pg_catalog.age('" + bounds.xmin() + "'::pg_catalog.xid))";
        try (Statement statement = snapshot.createStatement();
                ResultSet row = statement.executeQuery("SELECT "
                        + (table.blank()
                                ? "NOT EXISTS (SELECT FROM ONLY " + name + ")"
                                : "EXISTS (SELECT FROM ONLY " + name + old))) {
            return row.next() && row.getBoolean(1);
        }
    }
}
