package dev.bactrian.dump.instant;

import dev.bactrian.backup.BackupRun;
import dev.bactrian.postgres.Table;
import java.sql.SQLException;
import java.util.List;

/**
 * A reading of a table by other names than its saved ones: it must stay where it was found, from before its program is started
 * until that has ended.
 */
public final class PlacedReading implements Reading {

    private final BackupRun run;
    private final InstantWatch watch;
    private final Table table;
    private final Place place;

    private PlacedReading(BackupRun run, InstantWatch watch, Table table, Place place) {
        this.run = run;
        this.watch = watch;
        this.table = table;
        this.place = place;
    }

    /**
     * Finds the table.
     *
     * @throws dev.bactrian.problem.ProblemException when its rows can't be had any more
     */
    public static PlacedReading begin(BackupRun run, InstantWatch watch, Table table) throws SQLException {
        return new PlacedReading(run, watch, table, watch.place(table));
    }

    /** Where it was found. */
    public Place place() {
        return place;
    }

    @Override
    public List<Table> inPlace() {
        return List.of();
    }

    @Override
    public List<Table> elsewhere() {
        return List.of(table);
    }

    /** Another table may have been locked: the names may have been given away before the program came. */
    @Override
    public void locked() throws SQLException {
        if (!watch.place(table).equals(place)) {
            throw ConcurrentChange.undone(table);
        }
    }

    @Override
    public void ended() throws SQLException {
        watch.provenAt(table, place);
        run.warn("Table " + table.quoted() + " was renamed to " + place.name().quoted()
                + ", or its columns were renamed, after the backup's snapshot was taken. It is saved as it was.");
    }

    /** That it was renamed explains nothing: that is known. */
    @Override
    public void explain(Throwable failure) {}
}
