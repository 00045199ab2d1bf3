package dev.bactrian.backup;

/** Backups are switched off, by the configuration or at run time. */
public final class BackupsDisabledException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public BackupsDisabledException(String message) {
        super(message);
    }
}
