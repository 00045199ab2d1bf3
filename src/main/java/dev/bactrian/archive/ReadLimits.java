package dev.bactrian.archive;

import dev.bactrian.support.Units;

/**
 * How much of what comes with an archive is read into memory: manifests, the zip's directory, single members of lists, entries that
 * are read whole. All of it is untrusted, and a few bytes can stand for much. What Bactrian writes fits for as long as it fits
 * into memory, of which each limit is a part: a larger heap takes a larger archive.
 *
 * @param manifestBytes of a manifest, or of another entry that is read whole. A manifest's table takes about 700: of 1 GiB of
 *     memory, 95,000 tables
 * @param manifestTokens names, values and brackets of a manifest. A table has about 30
 * @param entries of a zip: with 7 GiB of memory, 10 million
 * @param memberBytes of one member of a list that is read member by member, as of one file of Storage
 */
public record ReadLimits(long manifestBytes, long manifestTokens, long entries, long memberBytes) {

    /** Those of this process. */
    public static final ReadLimits HERE = of(Runtime.getRuntime().maxMemory());

    private static final String REMEDY =
            " If the archive is genuine, give Bactrian more memory, for example BACTRIAN_JAVA_OPTS=-Xmx4g";

    /** Those that fit into so many bytes of memory: each of them may be reached at the same time as the others. */
    static ReadLimits of(long memory) {
        return new ReadLimits(
                Math.min(memory / 16, 1L << 30), memory / 200, memory / 700, Math.min(memory / 64, 16L << 20));
    }

    /** What is said of a manifest that is too large. */
    DamagedArchiveException largeManifest() {
        return new DamagedArchiveException(
                "its manifest is larger than the limit of " + Units.readable(manifestBytes) + "." + REMEDY);
    }

    /** What is said of a manifest that would take more memory than its size lets expect. */
    DamagedArchiveException fullManifest() {
        return new DamagedArchiveException(
                "its manifest has more than the limit of " + manifestTokens + " JSON tokens." + REMEDY);
    }

    /** Begins to count the entries of a zip. */
    public EntryCount count() {
        return new EntryCount(this);
    }

    /** What is said of a zip that has too many entries, or too long names. */
    DamagedArchiveException manyEntries() {
        return new DamagedArchiveException("its zip has more than the limit of " + entries
                + " entries, or names of more than 100 characters on average." + REMEDY);
    }

    /**
     * Bytes of an entry that is read whole, as a manifest is.
     *
     * @param largest that such an entry can be
     */
    public int entryBytes(int largest) {
        return (int) Math.min(largest, manifestBytes);
    }

    /** What is said of an entry that is too large. */
    public DamagedArchiveException largeEntry(String entry) {
        return new DamagedArchiveException(
                entry + " is larger than the limit of " + Units.readable(manifestBytes) + "." + REMEDY);
    }

    /** What is said of a list's member that is too large. */
    public DamagedArchiveException largeMember(String list) {
        return new DamagedArchiveException("a member of " + list + " is larger than the limit "
                + "of " + Units.readable(memberBytes)
                + "." + REMEDY);
    }
}
