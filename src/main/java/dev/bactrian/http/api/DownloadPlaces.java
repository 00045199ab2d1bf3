package dev.bactrian.http.api;

import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.camel.Exchange;
import org.apache.camel.support.SynchronizationAdapter;

/** Downloads through this service are few at once: each holds a connection to the store, which backups need, too. */
public final class DownloadPlaces {

    /** A quarter of the connections that the SDK's client of the store has by default. */
    public static final int PLACES = 12;

    private static final int TOO_MANY = 429;

    private final Semaphore free = new Semaphore(PLACES);

    /**
     * Takes a place until the exchange has ended, however it ends.
     *
     * @throws ApiException with 429 when none is free
     */
    public void take(Exchange exchange) {
        if (!free.tryAcquire()) {
            throw new ApiException(new ApiProblem(
                    TOO_MANY,
                    "too-many-downloads",
                    "Too many downloads at once",
                    PLACES + " downloads are running, which is the limit. Try again when one has ended."));
        }
        AtomicBoolean held = new AtomicBoolean(true);
        exchange.getExchangeExtension().addOnCompletion(new SynchronizationAdapter() {
            @Override
            public void onDone(Exchange ended) {
                // A caller who goes away may end it twice.
                if (held.compareAndSet(true, false)) {
                    free.release();
                }
            }
        });
    }
}
