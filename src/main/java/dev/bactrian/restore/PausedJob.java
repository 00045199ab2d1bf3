package dev.bactrian.restore;

/**
 * A job that ran in the saved database, and doesn't run in the target until it is started.
 *
 * @param what it is, as a person would name it, for example {@code cron job "nightly"}; never its command
 * @param sql the statement that starts it
 */
public record PausedJob(String what, String sql) {}
