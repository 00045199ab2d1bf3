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
        return latestFolder(database) + "archive";
    }

    /** Where the {@link #latest} manifest and the copy of a database's newest archive lie; with a slash at the end. */
    public String latestFolder(String database) {
        return prefix + "/latest/" + database + "/";
    }

    /** A name of its own for the copy of each archive: one is there before the one before it goes. */
    public String latestCopy(String database, String key) {
        int name = key.lastIndexOf('/');
        return latestFolder(database) + key.substring(key.lastIndexOf('/', name - 1) + 1);
    }

    /** Whether Bactrian gave a key to an archive: only what lies there is ever deleted. */
    public boolean isArchive(String key) {
        return key.startsWith(prefix + "/archive/") && key.endsWith(".zip") && !key.contains("/../");
    }

    /** The manifest of a database's newest good backup, which names the archive's key. */
    public String latest(String database) {
        return manifest(besideLatest(database));
    }
}
