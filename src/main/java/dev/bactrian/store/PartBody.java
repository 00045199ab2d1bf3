package dev.bactrian.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import software.amazon.awssdk.core.async.AsyncRequestBody;

/**
 * What is sent of a part, from its beginning each time that it is asked for. The SDK's own body for files changes the thread for
 * every 16 KiB.
 */
final class PartBody implements AsyncRequestBody {

    private static final int CHUNK = 1 << 17;

    private final SpooledPart part;
    private final Runnable moved;

    /**
     * Prepares a body.
     *
     * @param moved called for each piece that goes out
     */
    PartBody(SpooledPart part, Runnable moved) {
        this.part = part;
        this.moved = moved;
    }

    @Override
    public Optional<Long> contentLength() {
        return Optional.of(part.size());
    }

    @Override
    public void subscribe(Subscriber<? super ByteBuffer> subscriber) {
        subscriber.onSubscribe(new Reading(subscriber));
    }

    /** One way through the part (Reactive Streams 1.0.4): whoever asks while another asks leaves it to that one. */
    private final class Reading implements Subscription {

        private final Subscriber<? super ByteBuffer> subscriber;
        private final AtomicLong wanted = new AtomicLong();
        private volatile boolean ended;
        private long position;

        Reading(Subscriber<? super ByteBuffer> subscriber) {
            this.subscriber = subscriber;
        }

        @Override
        public void request(long count) {
            if (count <= 0) {
                ended = true;
                subscriber.onError(new IllegalArgumentException("nothing was asked for"));
            } else if (wanted.getAndAccumulate(count, Reading::sum) == 0) {
                long more = wanted.get();
                while (more > 0 && !ended) {
                    emit();
                    more = wanted.decrementAndGet();
                }
            }
        }

        private static long sum(long one, long other) {
            return one + other < 0 ? Long.MAX_VALUE : one + other;
        }

        private void emit() {
            try {
                if (position < part.size()) {
                    ByteBuffer next = part.read(position, CHUNK);
                    position += next.remaining();
                    moved.run();
                    subscriber.onNext(next);
                }
                if (position == part.size() && !ended) {
                    ended = true;
                    subscriber.onComplete();
                }
            } catch (IOException e) {
                ended = true;
                subscriber.onError(e);
            }
        }

        @Override
        public void cancel() {
            ended = true;
        }
    }
}
