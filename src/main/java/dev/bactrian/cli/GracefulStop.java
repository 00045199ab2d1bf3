package dev.bactrian.cli;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** Turns SIGTERM and Ctrl-C into an orderly end: the process stays until the command has ended, or patience has. */
final class GracefulStop implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(120);

    private final CountDownLatch ended = new CountDownLatch(1);
    private final AtomicBoolean requested = new AtomicBoolean();
    private final Thread hook;

    private GracefulStop(Runnable stop) {
        this.hook = new Thread(
                () -> {
                    requested.set(true);
                    stop.run();
                    awaitEnd();
                },
                "graceful-stop");
    }

    /** From now on a signal runs this action, which must make the command end soon. */
    static GracefulStop onSignal(Runnable stop) {
        GracefulStop graceful = new GracefulStop(stop);
        Runtime.getRuntime().addShutdownHook(graceful.hook);
        return graceful;
    }

    /** Whether a signal has come. */
    boolean requested() {
        return requested.get();
    }

    private void awaitEnd() {
        try {
            if (!ended.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                System.err.println("The service didn't stop in time; the next start cleans up.");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The command has ended and freed everything. */
    @Override
    public void close() {
        ended.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The process is ending already: the hook is what waited for this.
        }
    }
}
