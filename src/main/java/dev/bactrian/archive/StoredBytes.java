package dev.bactrian.archive;

import dev.bactrian.problem.ProblemException;

/** What to say of an object that isn't what was sent. */
public final class StoredBytes {

    private static final String REMEDY =
            "Start the backup again. If it happens again, find what changes data between this machine and the store: "
                    + "a proxy, a gateway or the store itself.";

    private StoredBytes() {}

    /** The failure of whoever stored it; {@code how} says by what that was noticed. */
    public static ProblemException differ(String key, String how) {
        return ProblemException.stopped(
                "The store has different bytes under " + key + " than were sent (" + how + ").", REMEDY);
    }

    /** The failure of a backup that takes entries over from an earlier archive whose bytes aren't what was stored. */
    public static ProblemException changed(StoredRange range) {
        return ProblemException.stopped(
                "The archive " + range.key() + ", from which unchanged tables are copied, has different bytes from "
                        + range.offset() + " to " + range.last() + " than were stored.",
                "Verify that archive, and don't rely on it. Set BACKUP_UNCHANGED=off, or delete it, and start the backup again: "
                        + "then all tables are read.");
    }
}
