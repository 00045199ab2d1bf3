package dev.bactrian.app;

import dev.bactrian.config.Settings;
import dev.bactrian.history.ControlDatabase;
import java.sql.SQLException;
import java.util.concurrent.CountDownLatch;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings the history's tables up to date while the routes are loaded: far away, that takes as long. */
final class HistoryStart {

    private static final Logger LOG = LoggerFactory.getLogger(HistoryStart.class);

    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile @Nullable Exception failure;

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
        } catch (Exception e) {
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
        Exception failed = failure;
        if (failed != null) {
            throw failed;
        }
    }

    /** After something else has failed: this comes first where it has failed as well. */
    Exception before(Exception other) {
        try {
            await();
            return other;
        } catch (Exception e) {
            return e;
        }
    }
}
