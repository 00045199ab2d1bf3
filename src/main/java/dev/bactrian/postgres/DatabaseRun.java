package dev.bactrian.postgres;

import dev.bactrian.postgres.url.Database;
import dev.bactrian.run.StoppableRun;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;

/** A run that reads or writes a database. */
public abstract class DatabaseRun extends StoppableRun {

    private final Database database;
    private volatile Duration roundTrip = Duration.ZERO;

    protected DatabaseRun(UUID id, Database database, Path folder) {
        super(id, folder);
        this.database = database;
    }

    public final Database getDatabase() {
        return database;
    }

    /** How long its database takes to answer, at the least; zero as long as that isn't known. */
    public final Duration getRoundTrip() {
        return roundTrip;
    }

    final void isAway(Duration measured) {
        roundTrip = measured;
    }
}
