package dev.bactrian.archive;

/** Counts the entries of a zip, and their names, which may be long, up to the limit. */
public final class EntryCount {

    /** What an entry takes besides its name, in as many characters of it. */
    private static final long OF_ITSELF = 100;

    private static final long USUAL_NAME = 100;

    private final ReadLimits limits;
    private long entries;
    private long taken;

    EntryCount(ReadLimits limits) {
        this.limits = limits;
    }

    /**
     * There is another one.
     *
     * @throws DamagedArchiveException when it is one too many
     */
    public void add(String name) throws DamagedArchiveException {
        entries++;
        taken += OF_ITSELF + name.length();
        if (entries > limits.entries() || taken > limits.entries() * (OF_ITSELF + USUAL_NAME)) {
            throw limits.manyEntries();
        }
    }
}
