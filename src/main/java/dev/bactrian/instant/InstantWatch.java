package dev.bactrian.instant;

import dev.bactrian.backup.BackupRun;
import dev.bactrian.database.Snapshot;
import dev.bactrian.database.Table;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Watches one backup's database for changes that a snapshot doesn't keep off: pg_dump reads the catalogs in the snapshot,
 * but COPY finds a table by its name of now, reads the file of now, and prints labels and names of now.
 *
 * <p>It looks by a session without the snapshot: after a program has locked its tables, since from then on nothing can
 * change them; when it has ended, for what such a lock doesn't keep off; and at the end of everything. A change fails the
 * backup unless the table had been read by then. What was changed and is as it was again may have been otherwise in
 * between: such tables are doubtful, and are read once more to compare. Threads may share it.
 */
public final class InstantWatch implements AutoCloseable {

    /** Looks before the last one may take this share of the time, and so much in any case. */
    private static final double SHARE = 0.01;

    private static final long ALWAYS_NANOS = 60_000_000;

    private final BackupRun run;
    private final Snapshot snapshot;
    private final CatalogState state;
    private final Witness witness;
    private final long began = System.nanoTime();
    private final List<WatchedReading> unsettled = new ArrayList<>();
    private final Set<Table> doubtful = new LinkedHashSet<>();
    private Look last = new Look(null);
    private long spent;
    private @Nullable Known known;

    /**
     * What was seen at one time.
     *
     * @param now null where nothing had been changed
     */
    record Look(@Nullable Fingerprint now) {}

    /** What the snapshot sees, which is only asked for once something was changed. */
    private record Known(Fingerprint then, RowChanges rows, DefinitionChanges definitions) {}

    private InstantWatch(BackupRun run, Snapshot snapshot, CatalogState state) {
        this.run = run;
        this.snapshot = snapshot;
        this.state = state;
        this.witness = new Witness(run);
    }

    /**
     * Begins to watch.
     *
     * @param connection that of the snapshot
     */
    public static InstantWatch begin(BackupRun run, Snapshot snapshot, Connection connection) throws SQLException {
        return new InstantWatch(run, snapshot, CatalogState.read(connection, snapshot.getBounds()));
    }

    /** Before a program is started that reads these tables. */
    public synchronized Reading reading(List<Table> tables) {
        return new WatchedReading(this, tables, last);
    }

    synchronized void locked(WatchedReading reading) throws SQLException {
        if (isAffordable()) {
            Look look = look();
            reading.sawLocked(look);
            settleTables(reading, look);
        }
    }

    synchronized void ended(WatchedReading reading) throws SQLException {
        unsettled.add(reading);
        if (isAffordable()) {
            look();
        }
    }

    /** The last look at what was read of tables. */
    public synchronized void settle() throws SQLException {
        look();
    }

    /** Tables to read once more, to compare; they aren't returned a second time. */
    public synchronized List<Table> takeDoubtful() {
        List<Table> taken = List.copyOf(doubtful);
        doubtful.clear();
        return taken;
    }

    public synchronized boolean hasDoubtful() {
        return !doubtful.isEmpty();
    }

    /** Fails where the definitions that were just read may not be the snapshot's. */
    public synchronized void settleDefinitions() throws SQLException {
        Fingerprint now = look().now();
        if (now != null) {
            refuse(known().definitions().first(now), null);
        }
    }

    /** Fails where one of these tables isn't as it was: for what doesn't read them by {@link #reading}. */
    public synchronized void settleNow(List<Table> tables) throws SQLException {
        Look look = look();
        for (Table table : tables) {
            refuse(changeOf(table, look), null);
        }
    }

    /** Throws the change that may be why these tables couldn't be read, if there is one. */
    synchronized void explain(List<Table> tables, Throwable failure) {
        if (run.isStopped()) {
            return;
        }
        try {
            Look look = look();
            for (Table table : tables) {
                refuse(changeOf(table, look), failure);
            }
        } catch (SQLException e) {
            failure.addSuppressed(e);
        }
    }

    /** The same for definitions. */
    public synchronized void explainDefinitions(Throwable failure) {
        if (run.isStopped()) {
            return;
        }
        try {
            Fingerprint now = look().now();
            if (now != null) {
                refuse(known().definitions().first(now), failure);
            }
        } catch (SQLException e) {
            failure.addSuppressed(e);
        }
    }

    private @Nullable Change changeOf(Table table, Look look) throws SQLException {
        Fingerprint now = look.now();
        if (now == null) {
            return null;
        }
        Change change = known().rows().ofTable(table, now);
        return change == null ? known().rows().ofNeeds(table, now) : change;
    }

    private boolean isAffordable() {
        return spent < Math.max(ALWAYS_NANOS, (System.nanoTime() - began) * SHARE);
    }

    /** Looks, and settles what has ended before. */
    private Look look() throws SQLException {
        long start = System.nanoTime();
        Look look = new Look(witness.ask(this::differing).orElse(null));
        last = look;
        List<WatchedReading> open = List.copyOf(unsettled);
        unsettled.clear();
        for (WatchedReading reading : open) {
            settle(reading, look);
        }
        spent += System.nanoTime() - start;
        return look;
    }

    /** What is there now, where that can be something else than the snapshot sees. */
    private Optional<Fingerprint> differing(Connection connection) throws SQLException {
        boolean same = CatalogState.read(connection, snapshot.getBounds()).equals(state);
        return same ? Optional.empty() : Optional.of(Fingerprint.read(connection));
    }

    private void settle(WatchedReading reading, Look look) throws SQLException {
        if (reading.lockedAt() == null) {
            settleTables(reading, look);
        }
        Fingerprint now = look.now();
        if (now != null) {
            RowChanges rows = known().rows();
            for (Table table : reading.tables()) {
                refuse(rows.ofNeeds(table, now), null);
                if (!rows.needsVersion(table, now).equals(rows.needsVersion(table, seen(reading.before())))) {
                    reading.doubtful().add(table);
                }
            }
        }
        doubtful.addAll(reading.doubtful());
    }

    private void settleTables(WatchedReading reading, Look look) throws SQLException {
        Fingerprint now = look.now();
        if (now == null) {
            return;
        }
        for (Table table : reading.tables()) {
            refuse(known().rows().ofTable(table, now), null);
            if (!RowChanges.version(table, now).equals(RowChanges.version(table, seen(reading.before())))) {
                reading.doubtful().add(table);
            }
        }
    }

    private Fingerprint seen(Look look) throws SQLException {
        Fingerprint seen = look.now();
        return seen == null ? known().then() : seen;
    }

    private Known known() throws SQLException {
        Known before = known;
        if (before != null) {
            return before;
        }
        try (Connection connection = Snapshot.importInto(run, snapshot.getId())) {
            Fingerprint then = Fingerprint.read(connection);
            Known read = new Known(
                    then,
                    new RowChanges(then, TypeUse.read(connection), this::inSnapshot, witness, snapshot.getBounds()),
                    new DefinitionChanges(then, this::inSnapshot, witness));
            known = read;
            return read;
        }
    }

    private <T> T inSnapshot(Witness.Question<T> question) throws SQLException {
        try (Connection connection = Snapshot.importInto(run, snapshot.getId())) {
            return question.ask(connection);
        }
    }

    private static void refuse(@Nullable Change change, @Nullable Throwable cause) {
        if (change != null) {
            throw change.failure(cause);
        }
    }

    @Override
    public synchronized void close() throws SQLException {
        witness.close();
    }
}
