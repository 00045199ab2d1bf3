package dev.bactrian.config;

import dev.bactrian.history.ControlDatabase;
import dev.bactrian.postgres.url.Database;
import dev.bactrian.postgres.url.DatabaseUrl;
import dev.bactrian.postgres.url.SupabaseAddress;
import java.util.Collection;

/**
 * How many connections a backup may use at once, so that it stays below what Supabase's session pooler has for one role
 * and database. Next to its workers a backup has its snapshot, the dumps of the definitions and of the roles, what looks for
 * changes, and what else is read from the same instant.
 *
 * @param poolSize connections that the pooler has for one role and database
 * @param wished how many pg_dump shall run at once where the pooler allows it
 * @param control where the history is kept: it has connections of its own, and often the same pool
 */
public record ConnectionBudget(int poolSize, int wished, DatabaseUrl control) {

    /** The snapshot, the definitions, the roles, and what looks for changes. */
    private static final int BESIDE = 4;
    /** For what copies rows or lists by itself, for {@code check}, and for a person who looks. */
    private static final int SPARE = 2;

    /** How many connections a run leaves to others, and to what it does itself next to its workers. */
    public static int nextToWorkers() {
        return BESIDE + SPARE;
    }

    /** How many pg_dump may run at once, whichever of these is backed up; one in any case. */
    public int parallelism(Collection<Database> databases) {
        return databases.stream()
                .map(Database::url)
                .filter(url -> SupabaseAddress.of(url).isSessionPooler())
                .mapToInt(url -> Math.max(1, poolSize - BESIDE - SPARE - ofControl(url)))
                .reduce(wished, Math::min);
    }

    /** The most connections that a backup of this database uses at once, with the history where that shares them. */
    public int needed(DatabaseUrl url, int parallelism) {
        return parallelism + BESIDE + ofControl(url);
    }

    private int ofControl(DatabaseUrl url) {
        return control.address().equals(url.address()) && control.user().equals(url.user())
                ? ControlDatabase.most(control)
                : 0;
    }
}
