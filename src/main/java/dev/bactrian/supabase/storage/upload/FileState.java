package dev.bactrian.supabase.storage.upload;

/** What became of a file. */
public enum FileState {
    /** The project hasn't got its bytes, or other ones. */
    LACKING,
    /** The project had it before. */
    THERE,
    UPLOADED,
    /** It can't be brought back; the report says why. */
    REFUSED
}
