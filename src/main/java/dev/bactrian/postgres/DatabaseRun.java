package dev.bactrian.postgres;

import dev.bactrian.postgres.url.Database;
import dev.bactrian.run.StoppableRun;
import java.nio.file.Path;
import java.util.UUID;

/** A run that reads or writes a database. */
public abstract class DatabaseRun extends StoppableRun {

    private final Database database;

    protected DatabaseRun(UUID id, Database database, Path folder) {
        super(id, folder);
        this.database = database;
    }

    public final Database getDatabase() {
        return database;
    }
}
