package dev.bactrian.verify;

import dev.bactrian.archive.Manifest;
import dev.bactrian.archive.verify.Difference;
import dev.bactrian.postgres.CopySession;
import dev.bactrian.postgres.SessionSettings;
import dev.bactrian.postgres.Snapshot;
import dev.bactrian.postgres.script.RowDigest;
import dev.bactrian.postgres.url.DatabaseUrl;
import dev.bactrian.run.Progress;
import dev.bactrian.support.Units;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;

/**
 * Whether a database holds exactly the rows that an archive says: their number and their digest, table by table, in one
 * snapshot and as the text that pg_dump prints (see {@link CopySession} for what that depends on).
 */
final class DatabaseComparison {

    /** The names as they are quoted in a statement; generated columns aren't saved. */
    private static final String COLUMNS =
            """
            SELECT coalesce((SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute
                              WHERE attrelid = c.oid AND attnum > 0 AND NOT attisdropped AND attgenerated = ''), '')
              FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
             WHERE n.nspname = ? AND c.relname = ? AND c.relkind IN ('r', 'p')""";

    /** Class of SQLSTATE: the object, a column of it, or the right to read it is missing. */
    private static final String ODD_OBJECT = "42";

    private final DatabaseUrl url;
    private final boolean textless;
    private final boolean money;
    private final Set<Connection> open = ConcurrentHashMap.newKeySet();
    private volatile boolean cancelled;

    /**
     * Prepares a comparison.
     *
     * @param url of the database to be looked at
     * @param manifest of the archive
     */
    DatabaseComparison(DatabaseUrl url, Manifest manifest) {
        this.url = url;
        this.textless = "SQL_ASCII".equals(manifest.source().encoding());
        this.money = SessionSettings.MONEY_LOCALE.equals(manifest.source().moneyLocale());
    }

    /**
     * Compares tables.
     *
     * @param progress is told of tables and bytes
     * @param connections how many tables are read at a time, each through a connection of its own
     * @throws SQLException when the database can't be read, which says nothing about its rows
     */
    public List<Difference> tables(List<SavedTable> tables, Progress progress, int connections) throws SQLException {
        List<SavedTable> largestFirst = new ArrayList<>(tables);
        largestFirst.sort(Comparator.comparing((SavedTable table) ->
                        Objects.requireNonNullElse(table.table().bytes(), 0L))
                .reversed());
        progress.expect(tables.size());
        Queue<SavedTable> waiting = new ConcurrentLinkedQueue<>(largestFirst);
        List<Difference> found = Collections.synchronizedList(new ArrayList<>());
        ExecutorService threads = Executors.newFixedThreadPool(Math.max(1, Math.min(connections, tables.size())));
        try (Snapshot snapshot = Snapshot.export(url)) {
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < Math.min(connections, tables.size()); i++) {
                running.add(threads.submit(() -> {
                    compareNext(snapshot, waiting, found, progress);
                    return null;
                }));
            }
            awaitAll(running);
            snapshot.confirmAlive();
        } finally {
            threads.shutdownNow();
        }
        found.sort(Comparator.comparing(Difference::object));
        return List.copyOf(found);
    }

    private void awaitAll(List<Future<?>> running) throws SQLException {
        SQLException failure = null;
        for (Future<?> worker : running) {
            try {
                worker.get();
            } catch (ExecutionException e) {
                if (failure == null) {
                    failure = e.getCause() instanceof SQLException cause
                            ? cause
                            : new SQLException("The rows couldn't be compared", e.getCause());
                    cancel();
                }
            } catch (InterruptedException e) {
                cancel();
                Thread.currentThread().interrupt();
                throw new SQLException("interrupted", e);
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    /** Ends what is under way, from another thread: {@link #tables} then fails. */
    public void cancel() {
        cancelled = true;
        for (Connection connection : open) {
            try {
                connection.abort(Runnable::run);
            } catch (SQLException e) {
                // It is gone already.
                open.remove(connection);
            }
        }
    }

    private void compareNext(Snapshot snapshot, Queue<SavedTable> waiting, List<Difference> found, Progress progress)
            throws SQLException {
        try (Connection connection = Snapshot.importInto(url, snapshot.getId(), textless)) {
            open.add(connection);
            useCopy(connection);
            for (SavedTable table = waiting.poll(); table != null; table = waiting.poll()) {
                if (cancelled) {
                    throw new SQLException("The comparison was cancelled");
                }
                Difference difference = compare(connection, table, progress);
                if (difference != null) {
                    found.add(difference);
                }
                progress.tableDone();
            }
            open.remove(connection);
        }
    }

    private void useCopy(Connection connection) throws SQLException {
        if (money) {
            CopySession.use(connection);
        } else {
            CopySession.useWithMoneyOfServer(connection);
        }
    }

    private static @Nullable Difference compare(Connection connection, SavedTable table, Progress progress)
            throws SQLException {
        String columns = columns(connection, table);
        if (columns == null) {
            return new Difference(table.title(), "isn't in the database");
        }
        Savepoint before = connection.setSavepoint();
        try {
            RowDigest digest = digest(connection, table.copy(columns), progress);
            // Nothing was written; but the snapshot's transaction would hold the locks of all tables to its end.
            connection.rollback(before);
            connection.releaseSavepoint(before);
            return compare(table, digest);
        } catch (SQLException e) {
            if (e.getSQLState() == null || !e.getSQLState().startsWith(ODD_OBJECT)) {
                throw e;
            }
            // A column is missing, or a privilege: the other tables can still be read.
            connection.rollback(before);
            return new Difference(table.title(), "can't be read: " + e.getMessage());
        }
    }

    private static @Nullable String columns(Connection connection, SavedTable table) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(COLUMNS)) {
            statement.setString(1, table.table().schema());
            statement.setString(2, table.table().name());
            try (ResultSet result = statement.executeQuery()) {
                return result.next() ? result.getString(1) : null;
            }
        }
    }

    private static RowDigest digest(Connection connection, String statement, Progress progress) throws SQLException {
        RowDigest digest = new RowDigest();
        CopyOut copy = connection.unwrap(PGConnection.class).getCopyAPI().copyOut(statement);
        // One message per row, its line break included (PostgreSQL manual, "COPY Operations").
        for (byte[] row = copy.readFromCopy(); row != null; row = copy.readFromCopy()) {
            digest.row(row, 0, row.length - 1);
            progress.moved(row.length);
        }
        return digest;
    }

    private static @Nullable Difference compare(SavedTable saved, RowDigest digest) {
        Manifest.TablePart table = saved.table();
        if (!Objects.equals(table.rows(), digest.rows())) {
            return new Difference(
                    saved.title(), "has " + Units.counted(digest.rows(), "row") + " instead of " + table.rows());
        }
        if (!RowDigest.NAME.equals(table.rowDigestKind())) {
            return new Difference(
                    saved.title(), "has a digest in the archive that this version of Bactrian can't compute");
        }
        return digest.hex().equals(table.rowDigest())
                ? null
                : new Difference(saved.title(), "has the right number of rows, but different rows");
    }

    /** Compares how many large objects there are. */
    public List<Difference> largeObjects(long saved) throws SQLException {
        try (Snapshot snapshot = Snapshot.export(url);
                Connection connection = snapshot.dataSource().getConnection();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("SELECT count(*) FROM pg_largeobject_metadata")) {
            result.next();
            long there = result.getLong(1);
            return there == saved
                    ? List.of()
                    : List.of(new Difference(
                            "The database", "has " + Units.counted(there, "large object") + " instead of " + saved));
        }
    }
}
