package dev.bactrian.supabase.storage;

import org.jspecify.annotations.Nullable;

/**
 * What a store has under a file's name: bytes, not only a row.
 *
 * @param size -1 when the store doesn't say
 * @param eTag without its quotes; null when the store doesn't say
 */
public record FoundFile(long size, @Nullable String eTag) {}
