package dev.bactrian.database;

/**
 * A database that can be backed up, under the name that requests and commands use.
 *
 * @param name {@code default}, or the lower-cased end of {@code DATABASE_URL_<NAME>}
 */
public record Database(String name, DatabaseUrl url) {}
