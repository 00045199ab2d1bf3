package dev.bactrian.dump.instant;

import dev.bactrian.postgres.Table;
import java.sql.SQLException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** A reading with what was seen of the database before it and while it held the tables' locks. */
final class WatchedReading implements Reading {

    private final InstantWatch watch;
    private final List<Table> tables;
    private final List<Table> elsewhere;
    private final InstantWatch.Look before;
    private final Set<Table> doubtful = new LinkedHashSet<>();
    private boolean locked;

    WatchedReading(InstantWatch watch, List<Table> tables, List<Table> elsewhere, InstantWatch.Look before) {
        this.watch = watch;
        this.tables = List.copyOf(tables);
        this.elsewhere = List.copyOf(elsewhere);
        this.before = before;
    }

    @Override
    public void locked() throws SQLException {
        watch.locked(this);
    }

    @Override
    public void ended() throws SQLException {
        watch.ended(this);
    }

    @Override
    public void explain(Throwable failure) {
        watch.explain(tables, failure);
    }

    @Override
    public List<Table> inPlace() {
        return tables;
    }

    @Override
    public List<Table> elsewhere() {
        return elsewhere;
    }

    /** A look after the program had locked all tables. */
    void sawLocked(InstantWatch.Look look, SnapshotFacts known) throws SQLException {
        locked = true;
        compareTables(look, known);
    }

    /**
     * Fails where a table may have been read otherwise than the snapshot has it, by a look after the program had ended.
     *
     * @return tables that may have been changed and changed back
     */
    Set<Table> settle(InstantWatch.Look look, SnapshotFacts known) throws SQLException {
        if (!locked) {
            compareTables(look, known);
        }
        Fingerprint now = look.now();
        if (now != null) {
            RowChanges rows = known.rows();
            for (Table table : tables) {
                ConcurrentChange.refuse(rows.ofNeeds(table, now), null);
                Fingerprint earlier = known.seen(before.now());
                if (!rows.needsVersion(table, now).equals(rows.needsVersion(table, earlier))
                        || rows.namesMoved(table, earlier, now)) {
                    doubtful.add(table);
                }
            }
        }
        return doubtful;
    }

    private void compareTables(InstantWatch.Look look, SnapshotFacts known) throws SQLException {
        Fingerprint now = look.now();
        if (now == null) {
            return;
        }
        for (Table table : tables) {
            ConcurrentChange.refuse(known.rows().ofTable(table, now), null);
            if (!RowChanges.version(table, now).equals(RowChanges.version(table, known.seen(before.now())))) {
                doubtful.add(table);
            }
        }
    }
}
