package dev.bactrian.backup;

import dev.bactrian.archive.ManifestJson;
import dev.bactrian.archive.StoreKeys;
import dev.bactrian.problem.Problem;
import dev.bactrian.problem.ProblemException;
import java.util.Map;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.jspecify.annotations.Nullable;

/** Compares what {@code latest/} names with the history. */
public final class Latest {

    /** Each change is compared once more; others change it only when a backup ends or goes. */
    private static final int MOST_CHANGES = 5;

    private final StoreKeys keys;

    public Latest(StoreKeys keys) {
        this.keys = keys;
    }

    /** The key of the archive that a manifest names; empty when there is none, or nothing that can be read. */
    public static String named(@Body @Nullable String manifest) {
        return manifest == null ? "" : ManifestJson.text(manifest, "/archive/key");
    }

    /** Whether a manifest names an archive. */
    public boolean names(@Body @Nullable String manifest, @ExchangeProperty("key") String key) {
        return key.equals(named(manifest));
    }

    /**
     * Whether latest/ still has to be compared.
     *
     * @throws ProblemException when it changes again and again
     */
    public boolean isOpen(
            @ExchangeProperty("agrees") boolean inLine,
            @ExchangeProperty(Exchange.LOOP_INDEX) @Nullable Integer changes) {
        if (!inLine && changes != null && changes > MOST_CHANGES) {
            throw new ProblemException(
                    new Problem(
                            "latest/ keeps naming a backup that isn't the newest one, however often it is changed.",
                            "The backups are complete.",
                            "Check whether another service with its own history writes to the same bucket and prefix."),
                    null);
        }
        return !inLine;
    }

    /**
     * Whether latest/ names what it should: the newest good backup. An archive of which this history knows nothing is another
     * history's: it stays when it is newer, by the time that keys begin with. Where there is no good backup any more, only the
     * deleted one's name goes.
     *
     * @param newest as find-newest-backup.sql has it; null when there is none
     * @param latestKey what is named; empty for nothing
     * @param deleted key of an archive that is being deleted
     */
    public boolean isInLine(
            @ExchangeProperty("newest") @Nullable Map<String, Object> newest,
            @ExchangeProperty("latestKey") String latestKey,
            @ExchangeProperty("deleted") @Nullable String deleted) {
        if (newest == null) {
            return !latestKey.equals(deleted);
        }
        String key = String.valueOf(newest.get("s3_key"));
        boolean known = Boolean.TRUE.equals(newest.get("knows_latest"));
        return latestKey.equals(key) || !known && keys.isArchive(latestKey) && latestKey.compareTo(key) > 0;
    }
}
