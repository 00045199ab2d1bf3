package dev.bactrian.archive.write;

import dev.bactrian.postgres.script.RowDigest;
import java.util.List;

/**
 * All rows of a table in an archive.
 *
 * @param bytes of the entries
 * @param rowDigest of the rows of all entries
 * @param entries with the rows, each in one of them
 */
public record TableRows(long rows, long bytes, String rowDigest, List<ArchiveContents.Data> entries) {

    static TableRows of(List<ArchiveContents.Data> entries) {
        return new TableRows(
                entries.stream().mapToLong(ArchiveContents.Data::rows).sum(),
                entries.stream().mapToLong(ArchiveContents.Data::bytes).sum(),
                RowDigest.sum(entries.stream().map(ArchiveContents.Data::rowDigest)),
                List.copyOf(entries));
    }

    /** Whether they are in several entries. */
    public boolean isSplit() {
        return entries.size() > 1;
    }
}
