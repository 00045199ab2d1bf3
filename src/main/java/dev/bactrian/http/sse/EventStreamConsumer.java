package dev.bactrian.http.sse;

import dev.bactrian.http.api.ApiProblem;
import io.vertx.core.WorkerExecutor;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.RoutingContext;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.Processor;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpRouter;
import org.apache.camel.support.DefaultConsumer;
import org.jspecify.annotations.Nullable;

/** Takes in who follows, up to the endpoint's limit, and asks the route for them. */
final class EventStreamConsumer extends DefaultConsumer {

    private static final int UNAVAILABLE = 503;
    private static final String RETRY_AFTER_SECONDS = "30";
    /** Own ones: when the answers are slow in coming, who follows must not occupy the threads of all others. */
    private static final int THREADS = 2;

    private final EventStreamEndpoint endpoint;
    private final Set<Follower> followers = new HashSet<>();
    private @Nullable Route route;
    private @Nullable WorkerExecutor threads;

    EventStreamConsumer(EventStreamEndpoint endpoint, Processor processor) {
        super(endpoint, processor);
        this.endpoint = endpoint;
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        VertxPlatformHttpRouter router = Objects.requireNonNull(
                VertxPlatformHttpRouter.lookup(
                        endpoint.getCamelContext(), VertxPlatformHttpRouter.getRouterNameFromPort(endpoint.getPort())),
                "the HTTP server");
        threads = router.vertx().createSharedWorkerExecutor("event-stream" + endpoint.getPath(), THREADS);
        route = router.get(endpoint.getPath().replaceAll("\\{(\\w+)}", ":$1")).handler(this::follow);
    }

    @Override
    protected void doStop() throws Exception {
        if (route != null) {
            route.remove();
        }
        present().forEach(Follower::end);
        if (threads != null) {
            threads.close();
        }
        super.doStop();
    }

    private void follow(RoutingContext context) {
        WorkerExecutor workers = Objects.requireNonNull(threads);
        Map<String, String> parameters = Map.copyOf(context.pathParams());
        Follower follower =
                new Follower(context, () -> workers.executeBlocking(() -> ask(parameters), false), endpoint.pace());
        if (!admit(follower)) {
            ApiProblem problem = new ApiProblem(
                    UNAVAILABLE,
                    "too-many-followers",
                    "Too many followers",
                    "This service has " + endpoint.getFollowers() + " followers, which is the limit. Request the "
                            + "backup itself every few seconds instead, or follow it later.");
            context.response()
                    .setStatusCode(problem.status())
                    .putHeader("Content-Type", ApiProblem.CONTENT_TYPE)
                    .putHeader("Retry-After", RETRY_AFTER_SECONDS)
                    .end(problem.json());
            return;
        }
        // At the end of the answer as well as when the connection breaks.
        context.addEndHandler(ended -> {
            follower.gone();
            dismiss(follower);
        });
        follower.ask();
    }

    private FollowedResponse ask(Map<String, String> parameters) throws Exception {
        Exchange exchange = createExchange(false);
        try {
            exchange.setPattern(ExchangePattern.InOut);
            exchange.getIn().getHeaders().putAll(parameters);
            createUoW(exchange);
            try {
                getProcessor().process(exchange);
            } finally {
                doneUoW(exchange);
            }
            if (exchange.getException() != null) {
                throw exchange.getException();
            }
            return FollowedResponse.of(exchange.getMessage());
        } finally {
            releaseExchange(exchange, false);
        }
    }

    private synchronized boolean admit(Follower follower) {
        return followers.size() < endpoint.getFollowers() && followers.add(follower);
    }

    private synchronized void dismiss(Follower follower) {
        followers.remove(follower);
    }

    private synchronized List<Follower> present() {
        return List.copyOf(followers);
    }
}
