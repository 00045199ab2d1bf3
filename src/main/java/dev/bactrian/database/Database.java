package dev.bactrian.database;

import dev.bactrian.selection.Filters;

/**
 * A database that can be backed up, under the name that requests and commands use.
 *
 * @param name {@code default}, or the lower-cased end of {@code DATABASE_URL_<NAME>}
 * @param filters what the settings leave out of it
 */
public record Database(String name, DatabaseUrl url, Filters filters) {

    /** A database of which everything is saved. */
    public Database(String name, DatabaseUrl url) {
        this(name, url, Filters.none());
    }
}
