package dev.bactrian.restore.source;

import dev.bactrian.restore.source.BackupFinder.Kind;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What an archive says of itself, and how it was asked for.
 *
 * @param asked id, key, {@code latest:DATABASE} or file
 * @param key that it lies under in the store; null for a local file
 * @param manifest its text
 * @param beside whether that is the one beside the archive, which tells of the archive itself; else the one in it
 * @param backupId that the manifest names; null where that is no id
 */
public record Identity(
        Kind kind, String asked, @Nullable String key, String manifest, boolean beside, @Nullable UUID backupId) {}
