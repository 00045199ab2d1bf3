package dev.bactrian.app;

import dev.bactrian.config.Settings;
import dev.bactrian.history.ControlDatabase;
import java.util.concurrent.CountDownLatch;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Brings the history's tables up to date while the routes are loaded: far away, that takes as long. */
final class HistoryStart {

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
            next.getConnection().close();
        } catch (Exception e) {
            failure = e;
        } finally {
            ended.countDown();
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
