package dev.bactrian.archive;

import java.time.Instant;

/**
 * What a store's list tells of one of its objects.
 *
 * @param size bytes; 0 of one that is unfinished
 * @param finished false of what was begun and neither completed nor given up: it can't be read
 */
public record StoredObject(String key, long size, Instant modified, boolean finished) {}
