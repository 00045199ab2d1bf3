package dev.bactrian.store;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The request that begins or completes an upload. One that was sent may be carried out, whether its answer is waited for or not:
 * what the server makes of it must be known before what is left of the upload is removed.
 */
final class OpenQuestion {

    private static final int PATIENCE_SECONDS = 10;

    private volatile @Nullable CompletableFuture<?> asked;

    /** From now on it is this one. */
    <T> CompletableFuture<T> is(CompletableFuture<T> request) {
        asked = request;
        return request;
    }

    /** Waits for the answer, for 10 s at most, and ends the request. */
    void end() {
        CompletableFuture<?> request = asked;
        if (request == null) {
            return;
        }
        try {
            request.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException | CancellationException e) {
            // Told where it was asked, if it counts.
        }
        request.cancel(true);
    }
}
