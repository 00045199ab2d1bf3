package dev.bactrian.restore.unpack;

import org.jspecify.annotations.Nullable;

/**
 * An entry that becomes a file of the same name.
 *
 * @param sha256 that it must have; null where nothing says it, as of a table's definition in an older archive
 */
record UnpackedEntry(String name, @Nullable String sha256) {}
