package dev.bactrian.archive;

import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.apache.camel.Body;

/** Names in the store that follow from an archive's own, which {@code sql/control/claim-backup.sql} makes. */
public final class StoreKeys {

    /** What comes after the name of an archive's zip when it is encrypted. */
    public static final String SEALED = ".pgp";

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
        return latestFolder(database) + ownName(key);
    }

    /** The end of a key, which an archive shares with its copy: its folder, which begins with the time, and its name. */
    public static String ownName(String key) {
        return key.substring(key.lastIndexOf('/', key.lastIndexOf('/') - 1) + 1);
    }

    /** Whether something is called as an archive is, wherever it lies. */
    public static boolean isArchiveName(String name) {
        return name.endsWith(".zip") || name.endsWith(".zip" + SEALED);
    }

    /** Whether an archive's name says that it is encrypted; of a file, also one that a person has encrypted by gpg. */
    public static boolean isSealed(String name) {
        return Stream.of(SEALED, ".gpg", ".asc").anyMatch(name::endsWith);
    }

    /** The media type of an archive. */
    public static String contentType(String key) {
        return isSealed(key) ? "application/pgp-encrypted" : "application/zip";
    }

    /** Whether Bactrian gave a key to an archive: only what lies there is ever deleted. */
    public boolean isArchive(String key) {
        return key.startsWith(prefix + "/archive/") && isArchiveName(key) && !key.contains("/../");
    }

    /** Keys of the archives among what a store lists, the newest first. */
    public static List<String> archives(@Body List<StoredObject> listed) {
        return listed.stream()
                .filter(object -> isArchiveName(object.key()))
                .sorted(Comparator.comparing(StoredObject::modified).reversed())
                .map(StoredObject::key)
                .toList();
    }

    /** The manifest of a database's newest good backup, which names the archive's key. */
    public String latest(String database) {
        return manifest(besideLatest(database));
    }
}
