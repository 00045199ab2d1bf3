package dev.bactrian.postgres;

import dev.bactrian.postgres.url.DatabaseUrl;
import dev.bactrian.run.StoppableRun;
import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits where a server or pooler has no connection left: whoever has them gives them back sooner or later. The pauses
 * get longer, everything ends after some minutes, and at once when the run that waits is stopped. A run that waits is no
 * stalled one.
 */
public final class ConnectionRetry {

    private static final Logger LOG = LoggerFactory.getLogger(ConnectionRetry.class);
    private static final Duration USUAL = Duration.ofMinutes(5);
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(15);

    private final @Nullable StoppableRun run;
    private final Duration longest;
    private final Duration firstPause;

    /**
     * Retries for a time of its own.
     *
     * @param run that waits; null when nobody can stop it
     */
    public ConnectionRetry(@Nullable StoppableRun run, Duration longest, Duration firstPause) {
        this.run = run;
        this.longest = longest;
        this.firstPause = firstPause;
    }

    /** For who wants to know how things are now. */
    public static ConnectionRetry none() {
        return new ConnectionRetry(null, Duration.ZERO, FIRST_PAUSE);
    }

    /** For what belongs to no run. */
    public static ConnectionRetry usual() {
        return new ConnectionRetry(null, USUAL, FIRST_PAUSE);
    }

    /** For a run, as long as it waits at all. */
    public static ConnectionRetry of(StoppableRun run) {
        return run.waits() ? new ConnectionRetry(run, USUAL, FIRST_PAUSE) : none();
    }

    /** One try to connect. */
    @FunctionalInterface
    public interface Attempt<T> {
        T connect() throws SQLException;
    }

    /**
     * Connects, again and again as long as there is no connection left.
     *
     * @throws SQLException what the last try said
     */
    public <T> T connect(DatabaseUrl url, Attempt<T> attempt) throws SQLException {
        Waiting waiting = begin(url.toString());
        while (true) {
            try {
                return attempt.connect();
            } catch (SQLException e) {
                if (!PoolerErrors.isFull(e) || !waiting.again()) {
                    throw e;
                }
            }
        }
    }

    /**
     * Begins to wait, which takes no time before the first {@link Waiting#again}.
     *
     * @param database as the log shall show it
     */
    public Waiting begin(String database) {
        return new Waiting(database);
    }

    /** The tries for one connection, one after the other. */
    public final class Waiting {

        private final String database;
        private @Nullable Long since;
        private Duration pause = firstPause;

        private Waiting(String database) {
            this.database = database;
        }

        /** Waits before the next try; false when there shall be none. */
        public boolean again() {
            if (longest.isZero()) {
                return false;
            }
            long now = System.nanoTime();
            Long begun = since;
            if (begun == null) {
                begun = now;
                since = now;
                LOG.warn("{} has no connection left; waiting up to {} s for one", database, longest.toSeconds());
            }
            Duration left = longest.minusNanos(now - begun);
            if (left.isNegative() || left.isZero()) {
                LOG.warn("{} had no connection left for {} s; giving up", database, longest.toSeconds());
                return false;
            }
            boolean goesOn = pause(pause.compareTo(left) < 0 ? pause : left);
            pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
            return goesOn;
        }

        private boolean pause(Duration length) {
            if (run != null) {
                return run.pause(length);
            }
            try {
                Thread.sleep(length.toMillis());
                return true;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
    }
}
