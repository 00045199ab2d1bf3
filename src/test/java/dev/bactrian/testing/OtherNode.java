package dev.bactrian.testing;

import dev.bactrian.testing.servers.TestDatabase;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.springframework.dao.DataAccessException;

/** The heartbeats of backups and restores whose rows a test has written as another node's: without them a service gives them up. */
public final class OtherNode implements AutoCloseable {

    /** The node that tests write into rows. */
    private static final String NAME = "elsewhere/1/1";

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "other-node");
        thread.setDaemon(true);
        return thread;
    });

    private OtherNode(TestDatabase control) {
        timer.scheduleAtFixedRate(() -> beat(control), 0, 2, TimeUnit.SECONDS);
    }

    /** Beats until it is closed. */
    public static OtherNode beating(TestDatabase control) {
        return new OtherNode(control);
    }

    private static void beat(TestDatabase control) {
        try {
            for (String table : List.of("backup_history", "restore_history")) {
                control.jdbc()
                        .update(
                                "UPDATE " + table
                                        + " SET heartbeat_at = now() WHERE node = ? AND status = 'in_progress'",
                                NAME);
            }
        } catch (DataAccessException e) {
            // The test has the history away; the next beat is soon.
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
