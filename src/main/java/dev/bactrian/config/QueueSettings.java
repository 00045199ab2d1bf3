package dev.bactrian.config;

/**
 * How many backups there may be; {@link SettingName} has the defaults.
 *
 * @param maxConcurrent how many run at once, on all nodes together ({@code BACKUP_MAX_CONCURRENT})
 * @param limit how many requests may wait ({@code BACKUP_QUEUE_LIMIT})
 * @param requestsPerMinute how many requests of callers this node takes in a minute ({@code BACKUP_RATE_LIMIT})
 */
public record QueueSettings(int maxConcurrent, int limit, int requestsPerMinute) {}
