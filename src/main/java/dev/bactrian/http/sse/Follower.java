package dev.bactrian.http.sse;

import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One who follows. No thread is occupied but while the route is asked; all of this runs on the connection's event loop. */
final class Follower {

    private static final Logger LOG = LoggerFactory.getLogger(Follower.class);

    private final RoutingContext context;
    private final HttpServerResponse response;
    private final Context loop;
    private final Supplier<Future<FollowedResponse>> question;
    private final Pace pace;
    private final long begun = System.nanoTime();
    private long spoke = begun;
    private @Nullable String told;
    private boolean gone;

    /**
     * Prepares the stream.
     *
     * @param question asks the route; its answer comes on the connection's event loop
     */
    Follower(RoutingContext context, Supplier<Future<FollowedResponse>> question, Pace pace) {
        this.context = context;
        this.response = context.response();
        this.loop = context.vertx().getOrCreateContext();
        this.question = question;
        this.pace = pace;
    }

    void ask() {
        if (!gone) {
            question.get().onComplete(this::tell);
        }
    }

    /** Ends the stream, whatever there would be to follow; from any thread. */
    void end() {
        loop.runOnContext(ignored -> {
            if (!gone && !response.ended()) {
                response.end();
            }
        });
    }

    /** Notes that the connection, or the stream, has ended. */
    void gone() {
        gone = true;
    }

    private void tell(AsyncResult<FollowedResponse> asked) {
        if (gone || response.ended()) {
            return;
        }
        if (asked.failed()) {
            giveUp(asked.cause());
            return;
        }
        FollowedResponse answer = asked.result();
        if (answer.isError() && !response.headWritten()) {
            response.setStatusCode(answer.status());
            if (answer.contentType() != null) {
                response.putHeader("Content-Type", answer.contentType());
            }
            response.end(answer.body());
            return;
        }
        if (answer.isError()) {
            response.end();
            return;
        }
        write(answer);
        if (answer.last() && answer.body().equals(told) || since(begun).compareTo(pace.longest()) >= 0) {
            response.end();
        } else {
            context.vertx().setTimer(pace.period().toMillis(), timer -> ask());
        }
    }

    private void write(FollowedResponse answer) {
        if (!response.headWritten()) {
            response.setChunked(true)
                    .putHeader("Content-Type", "text/event-stream")
                    .putHeader("Cache-Control", "no-store")
                    // nginx would collect what comes, and pass it on by the page.
                    .putHeader("X-Accel-Buffering", "no");
        }
        // Slow readers get what is true when they have read the rest: nothing is kept for them meanwhile.
        if (response.writeQueueFull()) {
            return;
        }
        if (!answer.body().equals(told)) {
            send(answer.text());
            told = answer.body();
        } else if (since(spoke).compareTo(pace.quiet()) >= 0) {
            send(":\n\n");
        }
    }

    private void send(String text) {
        response.write(text);
        spoke = System.nanoTime();
    }

    private void giveUp(Throwable cause) {
        if (response.headWritten()) {
            LOG.warn("The state to follow could not be read, and the stream ends: {}", cause.getMessage());
            response.end();
        } else {
            context.fail(cause);
        }
    }

    private static Duration since(long nanos) {
        return Duration.ofNanos(System.nanoTime() - nanos);
    }
}
