package dev.bactrian.backup;

import dev.bactrian.archive.StoreKeys;
import dev.bactrian.archive.StoredBytes;
import dev.bactrian.archive.StoredObject;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.camel.Body;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Header;
import org.jspecify.annotations.Nullable;

/** What lies under {@code latest/}: the manifest that names the latest backup, and copies of archives. */
public final class LatestCopies {

    /** What {@link StoreKeys#latestCopy} names, below the folder of a database. */
    private static final Pattern COPY = Pattern.compile("\\d{4}-\\d\\d-\\d\\dT[^/]+/[^/]+\\.zip(\\.pgp)?");

    /**
     * Whether the manifest there may be replaced: it names the archive that was named when this was decided.
     *
     * @param named key of the archive that it names; empty for none
     * @param latestKey what was named then; null or empty for none
     */
    public boolean isStill(@Header("named") String named, @ExchangeProperty("latestKey") @Nullable String latestKey) {
        return named.equals(latestKey == null ? "" : latestKey);
    }

    /** Refuses a copy, which is removed already, that has another size than the archive. */
    public void refuse(
            @Header("archive") String archive, @Header("latestCopy") String copy, @Header("copySize") long size) {
        throw StoredBytes.differ(copy, "it is a copy of " + archive + ", and has " + size + " bytes");
    }

    /**
     * Whether the manifest that was just stored is there. Where another one is, another node was faster with a newer backup, or
     * something answered in the store's place: then no copy may go, since the manifest there may name it.
     *
     * @param stored what the store has; null for nothing
     * @throws dev.bactrian.problem.ProblemException when it is this backup's, and yet not as it was sent
     */
    public boolean isOwn(@Body @Nullable String stored, @Header("manifest") String sent, @Header("key") String key) {
        boolean own = Latest.named(stored).equals(Latest.named(sent));
        if (own && !sent.equals(stored)) {
            throw StoredBytes.differ(key, "it was read back");
        }
        return own;
    }

    /**
     * What older backups left in a database's folder, unfinished copies included; nothing but Bactrian's own copies. What a backup
     * that began later has put there stays: that one was faster.
     *
     * @param copy the newest, which need not exist where nothing is copied
     * @param former key of the archive that was named before: by a clock that was set back it may look newer
     */
    public List<StoredObject> former(
            @Body List<StoredObject> listed,
            @Header("prefix") String folder,
            @Header("latestCopy") String copy,
            @ExchangeProperty("latestKey") @Nullable String former) {
        return listed.stream()
                .filter(object -> goes(folder, object.key(), copy, former))
                .toList();
    }

    private static boolean goes(String folder, String key, String copy, @Nullable String former) {
        return COPY.matcher(key.substring(folder.length())).matches()
                && (key.compareTo(copy) < 0
                        || former != null && key.equals(folder + StoreKeys.ownName(former)) && !key.equals(copy));
    }
}
