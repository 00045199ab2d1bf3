package dev.bactrian.archive;

/**
 * Bytes of an archive that the store has already.
 *
 * @param key of the archive
 * @param offset of the first
 * @param length how many
 * @param crc32 of them
 */
public record StoredRange(String key, long offset, long length, long crc32) {

    /** Up to the last one, itself included. */
    public long last() {
        return offset + length - 1;
    }
}
