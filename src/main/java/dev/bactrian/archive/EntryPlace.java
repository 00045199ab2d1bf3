package dev.bactrian.archive;

/**
 * Where an entry lies in an archive, with its header and all that belongs to it, and by what its bytes can be known again. Lengths
 * and offsets in bytes.
 *
 * @param offset of its header
 * @param length up to the next entry
 * @param crc32 of these bytes, as they lie there
 * @param compressed of its data
 * @param contentCrc32 of its content, as the zip tells it
 */
public record EntryPlace(long offset, long length, long crc32, long compressed, long contentCrc32) {

    /** The first byte that isn't its own. */
    public long end() {
        return offset + length;
    }
}
