package dev.bactrian.archive.verify;

import java.util.List;

/**
 * What reading a whole archive has shown.
 *
 * @param key of the archive in the store, or the file's name
 * @param entries that could be read
 * @param tables whose rows were read
 * @param rows of those tables
 * @param bytes of the archive
 * @param sha256 of the archive as it was read
 * @param readers ids of the keys that open it, where it is encrypted and no key was given: then only its outside was read
 * @param differences a sentence each, {@link #MOST_DIFFERENCES} at the most; none when the archive is what its manifest says
 */
public record ArchiveReport(
        String key,
        int entries,
        int tables,
        long rows,
        long bytes,
        String sha256,
        List<String> differences,
        List<String> readers) {

    public static final int MOST_DIFFERENCES = 100;

    public ArchiveReport {
        differences = List.copyOf(differences);
        readers = List.copyOf(readers);
    }
}
