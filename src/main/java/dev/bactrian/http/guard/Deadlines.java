package dev.bactrian.http.guard;

import dev.bactrian.http.guard.RequestScanner.Place;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Ends a connection on which a request, or the reading of an answer, gets no further. It is looked at once a second. */
final class Deadlines {

    /** How long, and for how many bytes, a client that was answered early may go on sending. */
    private static final Duration LINGERING = Duration.ofSeconds(5);

    private static final long MOST_DISCARDED = 16L << 20;

    private final HttpLimits limits;
    private final RequestGuard guard;
    private @Nullable ScheduledFuture<?> look;
    /** Since when the reading is where it is. */
    private long since = System.nanoTime();

    private Place seen = Place.BETWEEN;
    private int seenRequests;
    private boolean lingering;
    private long discarded;
    private long movedOn = since;
    private @Nullable Object writing;
    private long written;
    private long waiting;

    Deadlines(HttpLimits limits, RequestGuard guard) {
        this.limits = limits;
        this.guard = guard;
    }

    void start(ChannelHandlerContext of) {
        look = of.executor().scheduleAtFixedRate(() -> look(of), 1, 1, TimeUnit.SECONDS);
    }

    void stop() {
        if (look != null) {
            look.cancel(false);
        }
    }

    /** Notes that bytes were read. */
    void read(boolean wasBetween) {
        Place now = guard.scanner().place();
        if (wasBetween || now != seen || guard.scanner().begun() != seenRequests) {
            since = System.nanoTime();
        }
        seen = now;
        seenRequests = guard.scanner().begun();
    }

    /** Notes that an answer has left for the client. */
    void answered() {
        if (guard.scanner().place() == Place.BETWEEN) {
            since = System.nanoTime();
        }
    }

    /** Begins to wait for the client's end of the connection, and no longer than that takes. */
    void linger() {
        lingering = true;
        since = System.nanoTime();
    }

    /** Notes that bytes were thrown away. */
    void discarded(ChannelHandlerContext of, int bytes) {
        discarded += bytes;
        if (discarded > MOST_DISCARDED) {
            of.close();
        }
    }

    private void look(ChannelHandlerContext of) {
        if (lingering
                ? isOver(since, LINGERING)
                : isStalled(of.channel().unsafe().outboundBuffer())) {
            of.close();
            return;
        }
        // Whoever doesn't read isn't kept waiting by the client.
        if (lingering || !of.channel().config().isAutoRead()) {
            return;
        }
        boolean first = guard.scanner().begun() == 0;
        switch (guard.scanner().place()) {
            case BETWEEN -> {
                if (guard.allSent() && isOver(since, first ? limits.headTime() : limits.idleTime())) {
                    of.close();
                }
            }
            case HEAD -> refuseWhenOver(of, limits.headTime());
            case BODY -> refuseWhenOver(of, limits.bodyTime());
        }
    }

    private void refuseWhenOver(ChannelHandlerContext of, Duration longest) {
        if (isOver(since, longest)) {
            guard.refuse(
                    of,
                    RefusedRequestException.of(
                            408,
                            "request-timeout",
                            "The request was too slow",
                            "Send all of it within " + longest.toSeconds() + " seconds."));
        }
    }

    private boolean isStalled(@Nullable ChannelOutboundBuffer out) {
        Object current = out == null ? null : out.current();
        long progress = out == null ? 0 : out.currentProgress();
        long pending = out == null ? 0 : out.totalPendingWriteBytes();
        if (pending == 0 || current != writing || progress != written || pending < waiting) {
            movedOn = System.nanoTime();
        }
        writing = current;
        written = progress;
        waiting = pending;
        return isOver(movedOn, limits.stallTime());
    }

    private static boolean isOver(long nanos, Duration longest) {
        return System.nanoTime() - nanos > longest.toNanos();
    }
}
