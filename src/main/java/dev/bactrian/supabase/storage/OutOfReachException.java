package dev.bactrian.supabase.storage;

/** The way to the files that the settings name can't ask for this one: whether its bytes are there isn't known. */
public final class OutOfReachException extends RefusedFileException {

    private static final long serialVersionUID = 1L;

    public OutOfReachException(String message) {
        super(message);
    }
}
