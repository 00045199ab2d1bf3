package dev.bactrian.archive;

import java.util.List;

/** The versions of a manifest's format: each archive has the oldest whose readers read it as it is. */
public final class ManifestFormat {

    /** The newest that is read here. */
    public static final int NEWEST = 3;

    private static final int WITH_SPLIT_TABLES = 2;
    private static final int FIRST = 1;

    private ManifestFormat() {}

    /**
     * Of an archive: readers of the first would pass over split tables, and those of the second compare a SHA-256 that isn't there.
     *
     * @param takenOver whether some of it was taken over from an earlier archive
     */
    public static int of(List<Manifest.TablePart> tables, boolean takenOver) {
        if (takenOver) {
            return NEWEST;
        }
        return tables.stream().anyMatch(table -> table.dataEntries() != null) ? WITH_SPLIT_TABLES : FIRST;
    }
}
