package dev.bactrian.files;

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
        MISSING;

        String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Finds out.
     *
     * @param now columns of the row as it is now, null where there is none
     */
    static Skew of(StorageObject object, @Nullable Map<String, Object> now, String doubt) {
        if (now == null) {
            return new Skew(object, Reason.DELETED, "its row has been deleted since the snapshot");
        }
        boolean same = Objects.equals(now.get("version"), object.column("version"))
                && Objects.equals(now.get("updated_at"), object.column("updated_at"));
        return same
                ? new Skew(object, Reason.MISSING, doubt + "; its row hasn't changed since the snapshot")
                : new Skew(object, Reason.CHANGED, "its row has changed since the snapshot");
    }
}
