package dev.bactrian.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bactrian.backup.BackupRun;
import dev.bactrian.testing.SampleRun;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A full server is met by waiting: not for ever, and not when nobody wants it any more. */
@Timeout(30)
class ConnectionRetryTest {

    private static final SQLException FULL =
            new SQLException("FATAL: (EMAXCONNSESSION) max clients reached in session mode", "XX000");

    @TempDir
    private Path folder;

    private final AtomicInteger tries = new AtomicInteger();

    @Test
    void aConnectionThatComesLaterIsTaken() throws SQLException {
        ConnectionRetry retry = new ConnectionRetry(null, Duration.ofSeconds(20), Duration.ofMillis(1));

        assertThat(retry.connect(SampleRun.DATABASE, () -> {
                    if (tries.incrementAndGet() < 4) {
                        throw FULL;
                    }
                    return "connected";
                }))
                .isEqualTo("connected");
        assertThat(tries).hasValue(4);
    }

    /** What a pool of connections says has the server's answer as its cause. */
    @Test
    void thePoolsOwnErrorCountsByItsCause() throws SQLException {
        ConnectionRetry retry = new ConnectionRetry(null, Duration.ofSeconds(20), Duration.ofMillis(1));

        retry.connect(SampleRun.DATABASE, () -> {
            if (tries.incrementAndGet() < 2) {
                throw new SQLTransientConnectionException(
                        "restore - Connection is not available", new SQLException("too many clients", "53300"));
            }
            return "connected";
        });

        assertThat(tries).hasValue(2);
    }

    @Test
    void itEnds() {
        ConnectionRetry retry = new ConnectionRetry(null, Duration.ofMillis(20), Duration.ofMillis(1));

        assertThatThrownBy(() -> retry.connect(SampleRun.DATABASE, this::refuse))
                .isSameAs(FULL);
        assertThat(tries).hasValueGreaterThan(1);
    }

    @Test
    void otherErrorsAreNotWaitedFor() {
        SQLException wrongPassword = new SQLException("password authentication failed", "28P01");

        assertThatThrownBy(() -> ConnectionRetry.usual().connect(SampleRun.DATABASE, () -> {
                    tries.incrementAndGet();
                    throw wrongPassword;
                }))
                .isSameAs(wrongPassword);
        assertThat(tries).hasValue(1);
    }

    @Test
    void whoWantsToKnowNowIsToldNow() {
        assertThatThrownBy(() -> ConnectionRetry.none().connect(SampleRun.DATABASE, this::refuse))
                .isSameAs(FULL);
        assertThat(tries).hasValue(1);
    }

    @Test
    void aStoppedRunWaitsNoLonger() throws Exception {
        BackupRun run = SampleRun.in(folder);
        ConnectionRetry retry = new ConnectionRetry(run, Duration.ofMinutes(10), Duration.ofMinutes(10));
        CountDownLatch tried = new CountDownLatch(1);
        FutureTask<String> waiting = new FutureTask<>(() -> retry.connect(SampleRun.DATABASE, () -> {
            tried.countDown();
            return refuse();
        }));
        new Thread(waiting).start();
        assertThat(tried.await(10, TimeUnit.SECONDS)).isTrue();

        run.stop(new IOException("cancelled"));

        assertThatThrownBy(() -> waiting.get(10, TimeUnit.SECONDS)).hasCause(FULL);
        assertThat(tries).hasValue(1);
    }

    private String refuse() throws SQLException {
        tries.incrementAndGet();
        throw FULL;
    }
}
