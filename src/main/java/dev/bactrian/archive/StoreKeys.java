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

    /** The manifest of a database's newest good backup, which names the archive's key. */
    public String latest(String database) {
        return prefix + "/latest/" + database + "/" + EntryNames.MANIFEST;
    }
}
