package dev.bactrian.archive;

/** Names in the store that follow from an archive's. */
public final class StoreKeys {

    private final String prefix;

    public StoreKeys(String prefix) {
        this.prefix = prefix;
    }

    /** The manifest beside an archive. */
    public String manifest(String key) {
        return key.substring(0, key.lastIndexOf('/') + 1) + EntryNames.MANIFEST;
    }

    /** Beside this name, which no archive has, lies the {@link #latest} manifest of a database. */
    public String besideLatest(String database) {
        return prefix + "/latest/" + database + "/archive";
    }

    /** The manifest of a database's newest good backup, which names the archive's key. */
    public String latest(String database) {
        return manifest(besideLatest(database));
    }
}
