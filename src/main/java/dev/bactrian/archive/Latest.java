package dev.bactrian.archive;

import org.apache.camel.Body;
import org.apache.camel.ExchangeProperty;
import org.jspecify.annotations.Nullable;

/** Decides which backup is named as the latest of its database. Keys begin with the time, so that their order is that of time. */
public final class Latest {

    private final StoreKeys keys;

    public Latest(StoreKeys keys) {
        this.keys = keys;
    }

    /** Whether a backup takes the place of the one that is named now: not when that began later, and was done sooner. */
    public boolean isSucceededBy(@Body @Nullable String latest, @ExchangeProperty("key") String key) {
        String named = named(latest);
        return !keys.isArchive(named) || named.compareTo(key) < 0;
    }

    /** Whether a backup is the one that is named now. */
    public boolean names(@Body @Nullable String latest, @ExchangeProperty("key") String key) {
        return key.equals(named(latest));
    }

    private static String named(@Nullable String latest) {
        return latest == null ? "" : ManifestJson.text(latest, "/archive/key");
    }
}
