package dev.bactrian.config;

/**
 * How many backups there may be.
 *
 * @param maxConcurrent how many run at once, on all nodes together
 * @param limit how many requests may wait
 * @param requestsPerMinute how many requests of callers this node takes in a minute
 */
public record QueueSettings(int maxConcurrent, int limit, int requestsPerMinute) {}
