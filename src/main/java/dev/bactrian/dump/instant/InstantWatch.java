package dev.bactrian.dump.instant;

import dev.bactrian.backup.BackupRun;
import dev.bactrian.postgres.Snapshot;
import dev.bactrian.postgres.Table;
import dev.bactrian.problem.ProblemException;
import dev.bactrian.support.Units;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
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

    private final BackupRun run;
    private final Snapshot snapshot;
    private final CatalogState state;
    private final Witness witness;
    private final LookBudget budget;
    private final List<WatchedReading> unsettled = new ArrayList<>();
    private final Set<Table> doubtful = new LinkedHashSet<>();
    private final Set<Table> proven = new HashSet<>();
    private boolean definitionsProven;
    private Look last = new Look(null);
    private final SnapshotFacts known;

    /**
     * What was seen at one time.
     *
     * @param now null where nothing had been changed
     */
    record Look(@Nullable Fingerprint now) {}

    private InstantWatch(BackupRun run, Snapshot snapshot, CatalogState state, long spent) {
        this.run = run;
        this.snapshot = snapshot;
        this.state = state;
        this.budget = new LookBudget(state.size());
        this.budget.spend(spent);
        this.witness = new Witness(run);
        this.known = new SnapshotFacts(run, snapshot, witness);
    }

    /**
     * Begins to watch.
     *
     * @param connection that of the snapshot
     */
    public static InstantWatch begin(BackupRun run, Snapshot snapshot, Connection connection) throws SQLException {
        long start = System.nanoTime();
        CatalogState state = CatalogState.read(connection, snapshot.getBounds());
        InstantWatch watch = new InstantWatch(run, snapshot, state, System.nanoTime() - start);
        // Now, because later its programs could wait for it while it waits for their connections.
        watch.witness.connected();
        return watch;
    }

    /** Before a program is started that reads these tables; those that it wouldn't find are for {@link #place}. */
    public synchronized Reading reading(List<Table> tables) throws SQLException {
        if (budget.allows()) {
            look();
        }
        Fingerprint now = last.now();
        List<Table> elsewhere = now == null ? List.of() : known.places().elsewhere(tables, now);
        return new WatchedReading(
                this,
                tables.stream().filter(table -> !elsewhere.contains(table)).toList(),
                elsewhere,
                last);
    }

    /**
     * Where a table's rows are now.
     *
     * @throws dev.bactrian.problem.ProblemException when they can't be had any more
     */
    public synchronized Place place(Table table) throws SQLException {
        Look look = look();
        Optional<Place> found = known.places().find(table, known.seen(look.now()));
        if (found.isEmpty()) {
            ConcurrentChange.refuse(known.changeOf(table, look.now()), null);
        }
        return found.orElseThrow();
    }

    synchronized void locked(WatchedReading reading) throws SQLException {
        if (budget.allows()) {
            Look look = look();
            reading.sawLocked(look, known);
        }
    }

    synchronized void ended(WatchedReading reading) throws SQLException {
        unsettled.add(reading);
        if (budget.allows()) {
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

    /** A table's rows were found by {@link #place}, and it is still there. */
    public synchronized void provenAt(Table table, Place place) throws SQLException {
        if (!place(table).equals(place)) {
            throw ConcurrentChange.undone(table);
        }
        proven.add(table);
    }

    /**
     * Makes sure that everything was watched that is about to be called saved: routes can be edited.
     *
     * @throws dev.bactrian.problem.ProblemException when something wasn't
     */
    public synchronized void requireProven(List<Table> tables) {
        boolean all = definitionsProven && unsettled.isEmpty() && doubtful.isEmpty() && proven.containsAll(tables);
        if (!all) {
            throw ProblemException.stopped(
                    "The routes don't confirm that everything that was read is the snapshot's.",
                    "Compare dump.camel.yaml and dump-tables.camel.yaml in routes/backup/ with the shipped files: "
                            + "they call confirm-definitions, read each group with the header \"reading\", and call "
                            + "direct:confirm-tables.");
        }
    }

    /** How long all looks have taken. */
    public synchronized String getSpent() {
        return Units.readable(budget.spent());
    }

    public synchronized boolean hasDoubtful() {
        return !doubtful.isEmpty();
    }

    /**
     * Fails where the definitions that were just read may not be the snapshot's.
     *
     * @param saved whether what is in the schema of this name is saved
     */
    public synchronized void settleDefinitions(Predicate<String> saved) throws SQLException {
        Fingerprint now = look().now();
        if (now != null) {
            ConcurrentChange.refuse(known.definitions().first(now, saved), null);
        }
        definitionsProven = true;
    }

    /** Fails where roles that the database needs may be missing among those that were just read. */
    public synchronized void settleRoles() throws SQLException {
        Fingerprint now = look().now();
        if (now != null) {
            ConcurrentChange.refuse(known.roles().first(now), null);
        }
    }

    /** Fails where one of these tables isn't as it was: for what doesn't read them by {@link #reading}. */
    public synchronized void settleNow(List<Table> tables) throws SQLException {
        Look look = look();
        for (Table table : tables) {
            ConcurrentChange.refuse(known.changeOf(table, look.now()), null);
        }
    }

    /** Throws the change that may be why these tables couldn't be read, if there is one. */
    synchronized void explain(List<Table> tables, Throwable failure) {
        if (!witness.answers(failure)) {
            return;
        }
        try {
            Look look = look();
            for (Table table : tables) {
                ConcurrentChange.refuse(known.changeOf(table, look.now()), failure);
            }
            // pg_dump reads more than it prints.
            explainDefinitions(failure, schema -> true);
        } catch (SQLException e) {
            failure.addSuppressed(e);
        }
    }

    /** The same for definitions. */
    public synchronized void explainDefinitions(Throwable failure, Predicate<String> saved) {
        if (!witness.answers(failure)) {
            return;
        }
        try {
            Fingerprint now = look().now();
            if (now != null) {
                ConcurrentChange.refuse(known.definitions().first(now, saved), failure);
            }
        } catch (SQLException e) {
            failure.addSuppressed(e);
        }
    }

    /** Looks, and settles what has ended before. */
    private Look look() throws SQLException {
        witness.connected();
        long start = System.nanoTime();
        Look look = new Look(witness.ask(this::differing).orElse(null));
        last = look;
        List<WatchedReading> open = List.copyOf(unsettled);
        unsettled.clear();
        for (WatchedReading reading : open) {
            doubtful.addAll(reading.settle(look, known));
            proven.addAll(reading.inPlace());
        }
        budget.spend(System.nanoTime() - start);
        return look;
    }

    /** What is there now, where that can be something else than the snapshot sees. */
    private Optional<Fingerprint> differing(Connection connection) throws SQLException {
        boolean same = CatalogState.read(connection, snapshot.getBounds()).equals(state);
        return same ? Optional.empty() : Optional.of(Fingerprint.read(connection));
    }

    @Override
    public synchronized void close() throws SQLException {
        witness.close();
    }
}
