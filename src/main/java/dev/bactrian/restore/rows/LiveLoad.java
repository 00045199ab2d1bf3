package dev.bactrian.restore.rows;

import dev.bactrian.archive.read.SavedBackup;
import dev.bactrian.postgres.script.CopyStatement;
import dev.bactrian.postgres.script.RowDigest;
import dev.bactrian.restore.RestorePlan.TableLoad;
import dev.bactrian.restore.RestoreRequest;
import dev.bactrian.restore.RestoreRun;
import dev.bactrian.restore.Target;
import dev.bactrian.restore.target.TargetTables;
import dev.bactrian.selection.Relation;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * Loads a table that others may use: one that was there, or one that came by triggers as it was made. All of it in one
 * transaction, which the caller ends: locks, triggers off, rows replaced, what is stored read back and compared with what
 * was sent, constraints checked, triggers put back. Where it breaks off, the table is as it was.
 */
final class LiveLoad {

    private static final String DENIED = "42501";
    private static final String WRONG_KIND = "42809";
    private static final String OTHER_ROWS = "P0001";

    private final TableLoad table;
    private final RestoreRun run;
    private final SavedBackup saved;
    private final Connection connection;
    private final boolean managed;
    private List<String> columns = List.of();

    /** @param managed whether the table is the target's platform's own */
    LiveLoad(TableLoad table, RestoreRun run, SavedBackup saved, Connection connection, boolean managed) {
        this.table = table;
        this.run = run;
        this.saved = saved;
        this.connection = connection;
        this.managed = managed;
    }

    /**
     * Loads and proves it.
     *
     * @return how many rows it got
     * @throws SQLException when the target can't hold exactly these rows
     */
    long load() throws SQLException, IOException {
        // With a snapshot from before the lock, rows that others committed until then would stay, unseen.
        execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED");
        requireTable();
        boolean replica = asReplica();
        // Files' rows join those that are there, which stay in use.
        boolean joins = managed && StorageSchemaRows.are(table.target());
        boolean replaces = run.getRequest().is(RestoreRequest.Option.TRUNCATE) && !joins && !table.created();
        boolean referenced = replaces && TargetTables.referenced(connection).contains(table.target());
        if (referenced && !replica) {
            throw new SQLException(
                    "This role may not set session_replication_role: deleting the rows of a table that others refer to"
                            + " could delete theirs.",
                    DENIED);
        }
        if (!joins) {
            lock(replaces && !referenced ? "ACCESS EXCLUSIVE" : "EXCLUSIVE");
            // Its name may have become another one's until it was locked.
            requireTable();
        }
        if (referenced) {
            SideEffects.refuse(connection, table.quoted(), true, SideEffects.Event.DELETE);
        }
        List<TableTriggers> triggers = new ArrayList<>();
        List<Relation.Named> members = members();
        for (Relation.Named member : members) {
            triggers.add(TableTriggers.off(
                    connection,
                    member.quoted(),
                    replica,
                    managed ? TableTriggers.Own.SAME_SCHEMA : TableTriggers.Own.NONE));
        }
        if (replaces) {
            empty(referenced);
        } else if (!joins) {
            requireEmpty();
        }
        long rows = fill(replica);
        // Those that somebody has set to ENABLE ALWAYS are deferred under replica, too; none may be open below.
        execute("SET CONSTRAINTS ALL IMMEDIATE");
        if (replica) {
            for (Relation.Named member : members) {
                SkippedConstraints.require(connection, member);
            }
            run.loadedUnchecked(table.target());
        }
        for (TableTriggers off : triggers) {
            off.putBack();
        }
        return rows;
    }

    /** The table, and of one whose rows go to its partitions those on every level. */
    private List<Relation.Named> members() throws SQLException {
        List<Relation.Named> members = new ArrayList<>(List.of(table.target()));
        if (table.part().isPartitioned()) {
            try (Statement statement = connection.createStatement()) {
                statement.setEscapeProcessing(false);
                ResultSet rows = statement.executeQuery("SELECT n.nspname, c.relname FROM pg_catalog.pg_partition_tree("
                        + "pg_catalog.to_regclass(" + Relation.literal(table.quoted())
                        + ")) t JOIN pg_catalog.pg_class c ON c.oid = t.relid JOIN pg_catalog.pg_namespace n ON n.oid ="
                        + " c.relnamespace WHERE t.level > 0 ORDER BY t.level, n.nspname, c.relname");
                while (rows.next()) {
                    members.add(new Relation.Named(rows.getString(1), rows.getString(2)));
                }
            }
        }
        return members;
    }

    /** How statements name it that mean its own rows: those of a partitioned table are its partitions'. */
    private String own() {
        return (table.part().isPartitioned() ? "" : "ONLY ") + table.quoted();
    }

    private void requireTable() throws SQLException {
        String kind = Target.text(
                connection,
                "SELECT relkind FROM pg_catalog.pg_class WHERE oid = pg_catalog.to_regclass("
                        + Relation.literal(table.quoted()) + ")");
        if (!"r".equals(kind) && !(table.part().isPartitioned() && "p".equals(kind))) {
            throw new SQLException(
                    kind.isEmpty()
                            ? "The target no longer has it."
                            : "The target has something else under this name: a view, a partitioned or a foreign table.",
                    WRONG_KIND);
        }
    }

    /** So that no foreign key wants its rows in order; they are checked at the end. */
    private boolean asReplica() throws SQLException {
        if (tryExecute("SET LOCAL session_replication_role = replica")) {
            return true;
        }
        run.getReport().note("This role may not set session_replication_role: foreign keys were checked row by row.");
        return false;
    }

    /**
     * Before anything else, and against row locks too: a session that has locked rows to change them goes on with that, and
     * this waits for it without holding what it needs. A role that may only insert can't lock; what others write meanwhile is
     * found by reading back, then.
     */
    private void lock(String mode) throws SQLException {
        tryExecute("LOCK TABLE " + own() + " IN " + mode + " MODE");
    }

    private void empty(boolean referenced) throws SQLException {
        execute(
                referenced
                        // Some roles may delete only with a condition (safeupdate).
                        ? "DELETE FROM " + own() + " WHERE true"
                        : "TRUNCATE " + own());
    }

    private void requireEmpty() throws SQLException {
        if ("t".equals(Target.text(connection, "SELECT EXISTS (SELECT FROM " + own() + ")"))) {
            throw new SQLException(
                    "Rows were added since the restore began, and restoring would mix them with the saved ones.",
                    OTHER_ROWS);
        }
    }

    private long fill(boolean replica) throws SQLException, IOException {
        if (managed) {
            PlatformTableRows into = new PlatformTableRows(table, run, connection);
            RowDigest sent = SavedRows.copy(table.part(), into::into, run, saved, connection);
            if (into.waits()) {
                return into.finish(sent.rows(), replica);
            }
            columns = into.columns();
            prove(sent);
            return sent.rows();
        }
        RowDigest sent = SavedRows.copy(table.part(), this::copySql, run, saved, connection);
        prove(sent);
        return sent.rows();
    }

    private String copySql(CopyStatement from) {
        columns = from.columns();
        return "COPY " + table.quoted() + ReadBack.list(columns) + " FROM STDIN";
    }

    private void prove(RowDigest sent) throws SQLException {
        if (!ReadBack.same(sent, ReadBack.of(connection, table.part().isPartitioned(), table.quoted(), columns))) {
            throw ReadBack.differs();
        }
    }

    private void execute(String sql) throws SQLException {
        Target.execute(connection, sql);
    }

    /** Whether the role may; what it may not leaves no trace. */
    private boolean tryExecute(String sql) throws SQLException {
        Savepoint before = connection.setSavepoint();
        try {
            execute(sql);
            connection.releaseSavepoint(before);
            return true;
        } catch (SQLException e) {
            if (!DENIED.equals(e.getSQLState())) {
                throw e;
            }
            connection.rollback(before);
            connection.releaseSavepoint(before);
            return false;
        }
    }
}
