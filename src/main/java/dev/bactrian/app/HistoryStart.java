package dev.bactrian.app;

import dev.bactrian.config.Settings;
import dev.bactrian.history.ControlDatabase;
import java.sql.SQLException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings the history's tables up to date while the routes are loaded: far away, that takes as long. */
final class HistoryStart {

    private static final Logger LOG = LoggerFactory.getLogger(HistoryStart.class);

    private static final int PATIENCE_SECONDS = 10;

    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile @Nullable Throwable failure;

    private HistoryStart() {}

    /**
     * Begins.
     *
     * @param next a second pool, whose first connection is made, too, so that a backup needn't wait for it
     */
    static HistoryStart begin(Settings settings, DataSource dataSource, DataSource next) {
        HistoryStart start = new HistoryStart();
        Thread thread = new Thread(() -> start.run(settings, dataSource, next), "history");
        thread.setDaemon(true);
        thread.start();
        return start;
    }

    /** Where there is no history. */
    static HistoryStart none() {
        HistoryStart start = new HistoryStart();
        start.ended.countDown();
        return start;
    }

    private void run(Settings settings, DataSource dataSource, DataSource next) {
        try {
            ControlDatabase.migrate(settings.controlDatabase(), settings.historySchema(), dataSource);
        } catch (Throwable e) {
            failure = e;
        } finally {
            ended.countDown();
        }
        if (failure == null) {
            connect(next);
        }
    }

    private static void connect(DataSource next) {
        try {
            next.getConnection().close();
        } catch (SQLException e) {
            LOG.debug("The second pool has no connection yet: {}", e.getMessage());
        }
    }

    /** Waits for its end, and throws what has failed. */
    void await() throws Exception {
        ended.await();
        Throwable failed = failure;
        if (failed instanceof Error error) {
            throw error;
        }
        if (failed != null) {
            throw (Exception) failed;
        }
    }

    /** After something else has failed: this comes first where it has failed by then as well. */
    Exception before(Exception other) throws InterruptedException {
        if (ended.await(PATIENCE_SECONDS, TimeUnit.SECONDS) && failure instanceof Exception first) {
            first.addSuppressed(other);
            return first;
        }
        return other;
    }
}
