package dev.bactrian.retention;

import java.time.Instant;
import java.util.Comparator;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A successful backup whose archive is in the store, as far as the history knows.
 *
 * @param madeAt when it began
 * @param partial whether its request asked for a part of the database
 * @param key of the archive
 * @param deletionReason why its deletion has begun, by somebody who didn't get to its end; null when it hasn't
 */
public record KeptBackup(
        UUID id,
        String database,
        Instant madeAt,
        boolean partial,
        String key,
        long size,
        @Nullable String deletionReason) {

    /** Of two of one instant, always the same one comes first. */
    static final Comparator<KeptBackup> NEWEST_FIRST = Comparator.comparing(KeptBackup::madeAt)
            .thenComparing(KeptBackup::id)
            .reversed();
}
