package dev.bactrian.postgres;

import dev.bactrian.run.Workers;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Measures how far away a run's database is, and chooses by that how many tables the run works on at once. */
public final class Distance {

    private static final Logger LOG = LoggerFactory.getLogger(Distance.class);

    private static final int TRIES = 3;
    /** Below, it makes no difference to anything. */
    private static final Duration NEAR = Duration.ofMillis(2);

    /**
     * How many more sessions the server has room for. Its own statistics say who is there to every role, which the list of
     * sessions doesn't.
     */
    private static final String FREE = "SELECT least(current_setting('max_connections')::bigint"
            + " - current_setting('superuser_reserved_connections')::bigint"
            + " - coalesce(current_setting('reserved_connections', true), '0')::bigint"
            + " - (SELECT sum(s.numbackends) FROM pg_catalog.pg_stat_database s),"
            + " CASE WHEN d.datconnlimit >= 0 AND NOT r.rolsuper THEN d.datconnlimit"
            + " - (SELECT s.numbackends FROM pg_catalog.pg_stat_database s WHERE s.datid = d.oid) END,"
            + " CASE WHEN r.rolconnlimit >= 0 AND NOT r.rolsuper THEN r.rolconnlimit"
            + " - (SELECT count(*) FROM pg_catalog.pg_stat_activity a WHERE a.usename = r.rolname) END)"
            + " FROM pg_catalog.pg_roles r, pg_catalog.pg_database d"
            + " WHERE r.rolname = session_user AND d.datname = current_database()";

    private Distance() {}

    /**
     * Measures, chooses, and says why in the log.
     *
     * @param connection in a session of ours
     * @param others how many sessions the run needs next to those of its workers
     */
    public static void choose(DatabaseRun run, Workers wanted, Connection connection, int others) throws SQLException {
        Duration roundTrip = measure(connection);
        run.isAway(roundTrip);
        int chosen = wanted.at(roundTrip);
        if (chosen == wanted.near()) {
            run.workBy(chosen);
            return;
        }
        long room = free(connection) - others;
        int workers = (int) Math.max(wanted.near(), Math.min(chosen, room));
        run.workBy(workers);
        LOG.info(
                "{}: {} ms away: {} tables at once{}",
                run,
                Math.round(roundTrip.toNanos() / 1e6),
                workers,
                workers < chosen
                        ? ", not " + chosen + ": the server has no room for more connections"
                        : ", " + wanted.near() + " if it were near");
    }

    /** The least of a few statements that do nothing: what the network takes there and back. */
    static Duration measure(Connection connection) throws SQLException {
        Duration least = Duration.ofSeconds(Long.MAX_VALUE);
        for (int i = 0; i < TRIES && least.compareTo(NEAR) > 0; i++) {
            long begun = System.nanoTime();
            try (Statement statement = connection.createStatement()) {
                statement.execute("SELECT 1");
            }
            Duration took = Duration.ofNanos(System.nanoTime() - begun);
            least = took.compareTo(least) < 0 ? took : least;
        }
        return least;
    }

    private static long free(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(FREE)) {
            return row.next() ? row.getLong(1) : 0;
        }
    }
}
