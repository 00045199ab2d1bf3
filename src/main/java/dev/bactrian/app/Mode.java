package dev.bactrian.app;

/** What the application is started for. */
public enum Mode {
    /** HTTP and every other trigger; takes any backup from the queue. */
    SERVICE,
    /** One command's backup; no triggers, no HTTP. */
    ONE_SHOT,
    /** One command that verifies a backup, and records that in the history. */
    RECORDED_VERIFY,
    /** One command that deletes old backups; makes none. */
    PRUNE,
    /** One command that reads archives: no control database is needed or touched. */
    RESTORE,
    /** The same for an archive in a local file: no store is needed either. */
    FILE_RESTORE,
    /** One command that looks whether a backup would work: nothing is begun by itself, and nothing is opened that might be amiss. */
    CHECK;

    boolean hasHistory() {
        return this == SERVICE || this == ONE_SHOT || this == RECORDED_VERIFY || this == PRUNE;
    }
}
