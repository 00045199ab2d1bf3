package dev.bactrian.instant;

import dev.bactrian.database.Table;
import java.sql.SQLException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A reading with what was seen of the database before it and while it held the tables' locks. */
final class WatchedReading implements Reading {

    private final InstantWatch watch;
    private final List<Table> tables;
    private final List<Table> elsewhere;
    private final InstantWatch.Look before;
    private final Set<Table> doubtful = new LinkedHashSet<>();
    private InstantWatch.@Nullable Look locked;

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

    /** The last look before the program was started. */
    InstantWatch.Look before() {
        return before;
    }

    /** A look after the program had locked all tables; null where there was none. */
    InstantWatch.@Nullable Look lockedAt() {
        return locked;
    }

    void sawLocked(InstantWatch.Look look) {
        locked = look;
    }

    /** Tables that may have been changed and changed back. */
    Set<Table> doubtful() {
        return doubtful;
    }
}
