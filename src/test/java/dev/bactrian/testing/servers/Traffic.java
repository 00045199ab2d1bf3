package dev.bactrian.testing.servers;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;

/** Sessions of an application that go on with their work in a database, whatever is done to it. */
public final class Traffic implements AutoCloseable {

    private final AtomicLong rounds = new AtomicLong();
    private final List<CompletableFuture<Void>> sessions = new ArrayList<>();
    private volatile boolean ended;

    private Traffic() {}

    /** Runs the statements over and over, each in a transaction; one that fails is no reason to end. */
    public static Traffic on(TestDatabase database, int sessions, String... statements) {
        Traffic traffic = new Traffic();
        for (int i = 0; i < sessions; i++) {
            traffic.sessions.add(CompletableFuture.runAsync(() -> traffic.work(database, statements)));
        }
        return traffic;
    }

    private void work(TestDatabase database, String... statements) {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            while (!ended) {
                for (String sql : statements) {
                    try {
                        statement.execute(sql);
                    } catch (SQLException e) {
                        if (connection.isClosed()) {
                            throw e;
                        }
                    }
                }
                rounds.incrementAndGet();
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Waits until they have done some more. */
    public void awaitRounds(long more) {
        long before = rounds.get();
        Awaitility.await("traffic").atMost(Duration.ofSeconds(60)).until(() -> rounds.get() >= before + more);
    }

    @Override
    public void close() {
        ended = true;
        sessions.forEach(CompletableFuture::join);
    }
}
