package dev.bactrian.backup;

/**
 * An archive that has gone out completely.
 *
 * @param size bytes
 * @param sha256 of the whole archive, lower-case hex
 */
public record StoredArchive(String key, long size, String sha256) {}
