package dev.bactrian.supabase.storage;

import java.io.IOException;

/** The store hasn't got a file, or doesn't give this one out; others may come. */
public class RefusedFileException extends IOException {

    private static final long serialVersionUID = 1L;

    public RefusedFileException(String message) {
        super(message);
    }
}
