package dev.bactrian.http.security;

import dev.bactrian.http.functions.GithubEvents;
import dev.bactrian.http.functions.HmacSignature;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.impl.RoutingContextInternal;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Takes in what GitHub delivers, before any route sees it. Every caller may send here, so it costs little until the signature is known to
 * be right: a few deliveries at once, each for a few seconds, hashed as they come. A delivery has its place until it is answered.
 */
final class Deliveries {

    /** Each is held in memory: 4 MiB at most, and several times that while its route reads it. */
    static final int AT_ONCE = 4;

    static final int RETRY_AFTER_SECONDS = 10;

    /** GitHub itself gives up after ten seconds. */
    static final Duration LONGEST = Duration.ofSeconds(10);

    private static final Set<String> HEADERS = Set.of("x-hub-signature-256", "x-github-event", "x-github-delivery");

    private final @Nullable HmacSignature signature;
    private final Semaphore places = new Semaphore(AT_ONCE);

    /**
     * Prepares.
     *
     * @param secret what GitHub signs with; null when nothing is taken
     */
    Deliveries(@Nullable String secret) {
        this.signature = secret == null ? null : new HmacSignature(secret);
    }

    /** Passes a delivery on when it is signed, with its body; answers otherwise. */
    void take(RoutingContext context) {
        HttpServerRequest request = context.request();
        List<String> shown = request.headers().getAll("X-Hub-Signature-256");
        if (signature == null) {
            GateResponses.answer(context, GateResponses.GITHUB_OFF);
        } else if (ApiKeyGate.isLarger(request, GithubEvents.LARGEST)) {
            GateResponses.answer(context, GateResponses.tooLarge(GithubEvents.LARGEST));
        } else if (shown.size() != 1 || !HmacSignature.isOne(shown.get(0))) {
            GateResponses.answer(context, GithubEvents.BAD_SIGNATURE);
        } else if (!places.tryAcquire()) {
            context.response().putHeader("Retry-After", Integer.toString(RETRY_AFTER_SECONDS));
            GateResponses.answer(context, GateResponses.DELIVERIES_BUSY);
        } else {
            context.addEndHandler(ended -> places.release());
            receive(context, signature.begin(), shown.get(0));
        }
    }

    private static void receive(RoutingContext context, HmacSignature.Running running, String shown) {
        HttpServerRequest request = context.request();
        Buffer body = Buffer.buffer();
        long timer = context.vertx()
                .setTimer(
                        LONGEST.toMillis(),
                        late -> stop(context, () -> GateResponses.answer(context, GateResponses.DELIVERY_SLOW)));
        context.addEndHandler(ended -> context.vertx().cancelTimer(timer));
        request.handler(bytes -> {
            if (context.response().ended()) {
                return;
            }
            if (body.length() + bytes.length() > GithubEvents.LARGEST) {
                stop(context, () -> GateResponses.answer(context, GateResponses.tooLarge(GithubEvents.LARGEST)));
                return;
            }
            running.add(bytes.getBytes());
            body.appendBuffer(bytes);
        });
        request.endHandler(ended -> {
            context.vertx().cancelTimer(timer);
            if (context.response().ended()) {
                return;
            }
            if (!running.is(shown)) {
                GateResponses.answer(context, GithubEvents.BAD_SIGNATURE);
                return;
            }
            passOn(context, body);
        });
        if ("100-continue".equalsIgnoreCase(request.getHeader("Expect"))) {
            context.response().writeContinue();
        }
    }

    private static void stop(RoutingContext context, Runnable answer) {
        if (!context.response().ended() && !context.response().closed()) {
            answer.run();
        }
    }

    private static void passOn(RoutingContext context, Buffer body) {
        HttpServerRequest request = context.request();
        ApiKeyGate.passOn(
                request,
                Stream.concat(ApiKeyGate.PASSED_ON.stream(), HEADERS.stream()).collect(Collectors.toSet()));
        // The signature is that of the bytes as they came; a form's would be taken apart and lost.
        request.headers().set("Content-Type", "application/octet-stream");
        // The body has been read: Camel's reader of bodies must not wait for it.
        RoutingContextInternal read = (RoutingContextInternal) context;
        read.visitHandler(RoutingContextInternal.BODY_HANDLER);
        read.setBody(body);
        context.next();
    }
}
