package dev.bactrian.http.functions;

import dev.bactrian.backup.BackupRequest;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened on GitHub.
 *
 * @param name as GitHub calls it, such as {@code push} or {@code ping}
 * @param request the backup that it leads to; null when it leads to none
 */
public record GithubEvent(String name, @Nullable BackupRequest request) {}
