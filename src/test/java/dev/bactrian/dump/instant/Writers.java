package dev.bactrian.dump.instant;

import dev.bactrian.testing.servers.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.postgresql.util.PSQLState;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/**
 * Sessions that change a database at random times, as their seed has it. Each of their transactions first moves a clock,
 * a row of the table {@code clock}, and by its lock keeps the others out until it ends; before that it reads all rows.
 * So a backup tells by the row that it holds which instant it shows, and what was there then is known.
 */
final class Writers implements AutoCloseable {

    private static final int SESSIONS = 2;

    private final TestDatabase database;
    private final List<Change> changes;
    private final Random random;
    private final ScheduledExecutorService threads = Executors.newScheduledThreadPool(SESSIONS);
    private final NavigableMap<Long, Instant> journal = new ConcurrentSkipListMap<>();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private volatile double meanPause = 200;

    /** What was there when the clock showed a number, and what made it so; null for the begin. */
    private record Instant(Change change, Map<String, List<String>> rows) {}

    /** Makes the tables of all changes, and begins to change them. */
    Writers(TestDatabase database, List<Change> changes, long seed) {
        this.database = database;
        this.changes = changes;
        this.random = new Random(seed);
        database.run("CREATE TABLE clock (tick bigint)", "INSERT INTO clock VALUES (0)");
        changes.forEach(change -> database.run(change.before().toArray(String[]::new)));
        journal.put(0L, new Instant(null, Content.rows(database.jdbc())));
        for (int i = 0; i < SESSIONS; i++) {
            continueLater();
        }
    }

    /** From now on they pause for so many milliseconds on average. */
    void pause(double mean) {
        meanPause = mean;
    }

    /** What the clock has shown for certain; all that was there before is forgotten. */
    long now() {
        long now = Math.max(0, journal.lastKey() - 1);
        journal.headMap(now).clear();
        return now;
    }

    /** What was there when the clock showed this. */
    Map<String, List<String>> rowsAt(long tick) {
        return journal.get(tick).rows();
    }

    /** What was done after the clock showed this. */
    List<Change> changesSince(long tick) {
        return journal.tailMap(tick, false).values().stream()
                .map(Instant::change)
                .toList();
    }

    /** Fails when one of them had to give up. */
    void requireAllWell() {
        Throwable first = failure.get();
        if (first != null) {
            throw new AssertionError("a writer failed", first);
        }
    }

    private void continueLater() {
        // The pauses between events that don't know of each other.
        long pause = Math.round(-Math.log(1 - random.nextDouble()) * meanPause);
        threads.schedule(this::next, Math.min(pause, TimeUnit.SECONDS.toMillis(10)), TimeUnit.MILLISECONDS);
    }

    private void next() {
        Change change = changes.get(random.nextInt(changes.size()));
        try (Connection connection = database.connect()) {
            if (change.alone()) {
                run(connection, change.meanwhile());
            } else {
                connection.setAutoCommit(false);
                write(connection, change);
            }
            continueLater();
        } catch (SQLException | RuntimeException e) {
            if (lostToAnother(e)) {
                continueLater();
            } else if (!threads.isShutdown()) {
                failure.compareAndSet(null, new IllegalStateException(change.toString(), e));
            }
        }
    }

    /** Two that wait for each other: one of them is ended by the server, and has changed nothing. */
    private static boolean lostToAnother(Exception e) {
        return NestedExceptionUtils.getMostSpecificCause(e) instanceof SQLException cause
                && PSQLState.DEADLOCK_DETECTED.getState().equals(cause.getSQLState());
    }

    private void write(Connection connection, Change change) throws SQLException {
        JdbcTemplate jdbc = new JdbcTemplate(new SingleConnectionDataSource(connection, true));
        long tick = jdbc.queryForObject("UPDATE clock SET tick = tick + 1 RETURNING tick", Long.class);
        run(connection, change.meanwhile());
        // Known before any backup can see it.
        journal.put(tick, new Instant(change, Content.rows(jdbc)));
        connection.commit();
    }

    private static void run(Connection connection, List<String> statements) throws SQLException {
        try (var statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    /** Ends them, and waits until what they are at has ended. */
    @Override
    public void close() throws InterruptedException {
        threads.shutdownNow();
        threads.awaitTermination(1, TimeUnit.MINUTES);
    }
}
