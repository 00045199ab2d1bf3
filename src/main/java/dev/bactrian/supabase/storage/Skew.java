package dev.bactrian.supabase.storage;

import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Why a file isn't in an archive whose instant has its row.
 *
 * @param detail in words
 */
record Skew(StorageObject object, Reason reason, String detail) {

    /** What a look at the row as it is now says. */
    enum Reason {
        /** The row is gone: somebody deleted the file since. */
        DELETED,
        /** The row is another: somebody has put other bytes there since. */
        CHANGED,
        /** The row is the same: its bytes are missing or damaged in the project itself. */
        MISSING,
        /** The row is the same: the configured way to the files can't ask for this one. */
        UNREACHABLE;

        String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Finds out.
     *
     * @param now columns of the row as it is now, null where there is none
     */
    static Skew of(FetchedFile file, @Nullable Map<String, Object> now) {
        StorageObject object = file.object();
        if (now == null) {
            return new Skew(object, Reason.DELETED, "its row has been deleted since the snapshot");
        }
        boolean same = Objects.equals(now.get("version"), object.column("version"))
                && Objects.equals(now.get("updated_at"), object.column("updated_at"));
        if (!same) {
            return new Skew(object, Reason.CHANGED, "its row has changed since the snapshot");
        }
        return new Skew(
                object,
                file.outOfReach() ? Reason.UNREACHABLE : Reason.MISSING,
                file.doubt() + "; its row hasn't changed since the snapshot");
    }
}
