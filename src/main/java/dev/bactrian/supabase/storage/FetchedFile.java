package dev.bactrian.supabase.storage;

import org.jspecify.annotations.Nullable;

/**
 * What became of a file.
 *
 * @param doubt why its bytes aren't in the archive; null when they are
 * @param bytes of the entry
 * @param sha256 of the entry
 * @param reused whether its bytes are from an earlier archive
 * @param outOfReach whether it couldn't even be asked for
 */
public record FetchedFile(
        StorageObject object,
        @Nullable String doubt,
        long bytes,
        @Nullable String sha256,
        boolean reused,
        boolean outOfReach) {

    static FetchedFile without(StorageObject object, String doubt, boolean outOfReach) {
        return new FetchedFile(object, doubt, 0, null, false, outOfReach);
    }

    /** Whether its row must be looked at again: as it is now, and not as it was at the snapshot's instant. */
    public boolean isDoubtful() {
        return doubt != null;
    }
}
