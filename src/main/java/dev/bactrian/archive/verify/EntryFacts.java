package dev.bactrian.archive.verify;

import dev.bactrian.postgres.script.CopyStatement;
import org.jspecify.annotations.Nullable;

/**
 * What an entry turned out to be when it was read.
 *
 * @param bytes of the content
 * @param sha256 of the content, lower-case hex
 * @param rows null for what isn't a table's data
 */
record EntryFacts(String name, long bytes, String sha256, @Nullable Rows rows) {

    /**
     * A table's data.
     *
     * @param copy the statement before the rows, null where there is none that can be read
     * @param digest see {@link dev.bactrian.postgres.script.RowDigest}
     * @param problem why it isn't what Bactrian writes, null when it is
     */
    record Rows(@Nullable CopyStatement copy, long count, String digest, @Nullable String problem) {}
}
