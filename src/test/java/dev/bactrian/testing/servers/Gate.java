package dev.bactrian.testing.servers;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Holds a server's threads in the middle of their work for as long as a test wants. Open at first. */
public final class Gate {

    private static final int MOST_MINUTES = 2;

    private volatile CountDownLatch closed = new CountDownLatch(0);

    public void close() {
        closed = new CountDownLatch(1);
    }

    public void open() {
        closed.countDown();
    }

    public boolean isOpen() {
        return closed.getCount() == 0;
    }

    /** Returns once it is open. */
    public void pass() {
        try {
            if (!closed.await(MOST_MINUTES, TimeUnit.MINUTES)) {
                throw new IllegalStateException("nobody opened the gate");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
