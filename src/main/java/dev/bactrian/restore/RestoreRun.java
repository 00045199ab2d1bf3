package dev.bactrian.restore;

import dev.bactrian.postgres.DatabaseRun;
import dev.bactrian.postgres.url.Database;
import dev.bactrian.selection.Relation;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** One running restore: what was asked for, how far it is, and what must be freed when it ends. */
public final class RestoreRun extends DatabaseRun {

    private final RestoreRequest request;
    private final Instant startedAt = Instant.now();
    private final RestoreReport report = new RestoreReport();
    private final NameLookup names = new NameLookup(report);
    private final LaterRows later = new LaterRows();
    private final Map<Relation.Named, List<String>> columnsOf = new ConcurrentHashMap<>();
    private final Set<Relation.Named> unchecked = ConcurrentHashMap.newKeySet();
    private volatile String phase = "opening";
    private volatile boolean writing;
    private volatile boolean startsOver;
    private volatile @Nullable Instant rowsSince;
    private volatile boolean databaseWhole;
    private volatile @Nullable RestorePlan plan;
    private volatile @Nullable ScratchLimits limits;
    private volatile @Nullable FileProgress files;
    private volatile Map<Relation.Named, Long> kept = Map.of();

    RestoreRun(RestoreRequest request, Database target, Path folder) {
        super(request.id(), target, folder);
        this.request = request;
    }

    public RestoreRequest getRequest() {
        return request;
    }

    public Instant getStartedAt() {
        return startedAt;
    }

    public RestoreReport getReport() {
        return report;
    }

    /** The columns of an archive's COPY statement, in its order. */
    public void columnsOf(Relation.Named table, List<String> columns) {
        columnsOf.put(table, columns);
    }

    /** The columns that a table's saved rows have, in their order; null where none were loaded. */
    public @Nullable List<String> columnsOf(Relation.Named table) {
        return columnsOf.get(table);
    }

    /** The statement that sets the search path for a table's rows, in the transaction that loads them. */
    public String pathOfRows(Relation.Named table, Connection connection) throws SQLException {
        RestorePlan made = plan;
        return made == null
                ? "SET LOCAL search_path = ''"
                : names.ofRows(table, made, connection).use();
    }

    /** Tables whose rows are tried again. */
    public LaterRows getLater() {
        return later;
    }

    public NameLookup getNames() {
        return names;
    }

    /** What it is doing, in words. */
    public String getPhase() {
        return phase;
    }

    void enter(String next) {
        if ("rows".equals(next)) {
            rowsSince = Instant.now();
        }
        phase = next;
    }

    /** When rows began to be loaded; null before. */
    public @Nullable Instant getRowsSince() {
        return rowsSince;
    }

    /** Whether something may have been written to the target. */
    public boolean isWriting() {
        return writing;
    }

    public void beginWriting() {
        writing = true;
    }

    /**
     * The very first thing that was to be written failed, and the server took it back.
     *
     * @return whether the target is as it was
     */
    public boolean wroteNothing() {
        writing = startsOver || request.isEverything();
        return !writing;
    }

    /** Rows of this table came in without a look at foreign keys. */
    public void loadedUnchecked(Relation.Named table) {
        unchecked.add(table);
    }

    /** Tables whose foreign keys, on either side, are yet to be checked. */
    public Set<Relation.Named> getUnchecked() {
        return Set.copyOf(unchecked);
    }

    /** Whether all is done in the database: what fails from then on takes nothing from it. */
    boolean isDatabaseWhole() {
        return databaseWhole;
    }

    public void endDatabase() {
        databaseWhole = true;
    }

    /** The files of Storage that are brought back; null where there are none. */
    public @Nullable FileProgress getFiles() {
        return files;
    }

    /** From now on these files are part of it. */
    public void expect(FileProgress expected) {
        files = expected;
    }

    /** From now on these tables have all rows that this restore gives them: its first run, which broke off, loaded them. */
    public void keep(Map<Relation.Named, Long> rows) {
        startsOver = true;
        kept = Map.copyOf(rows);
    }

    public boolean keeps(Relation.Named table) {
        return kept.containsKey(table);
    }

    /** How many rows the first run loaded into a table that is kept. */
    public long keptRows(Relation.Named table) {
        return kept.getOrDefault(table, 0L);
    }

    /** Null until it is made. */
    public @Nullable RestorePlan getPlan() {
        return plan;
    }

    public void planned(RestorePlan made) {
        plan = made;
    }

    public void limitedBy(ScratchLimits found) {
        limits = found;
    }

    /** Whether a sequence can't be in the target, which is told then. */
    public boolean leavesOut(Relation.Named sequence) {
        ScratchLimits found = limits;
        return found != null && found.leavesOut(sequence);
    }

    @Override
    public String toString() {
        return "restore " + getId() + " into " + getDatabase().name();
    }
}
