package dev.bactrian.http.security;

import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.CorsHandler;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Lets pages of certain origins call the API from a browser (the Fetch standard's CORS protocol). No cookies are involved:
 * such a page has to show the key, as every caller.
 */
final class Cors {

    private static final List<String> PATHS = List.of("/api/*", "/functions/v1/*");
    private static final Set<HttpMethod> METHODS =
            Set.of(HttpMethod.GET, HttpMethod.POST, HttpMethod.PUT, HttpMethod.DELETE);
    /** What supabase-js sends, with a region, when it tries again, and where traces are followed. */
    private static final Set<String> HEADERS = Set.of(
            "authorization",
            "content-type",
            "apikey",
            "x-client-info",
            "x-region",
            "x-retry-count",
            "traceparent",
            "tracestate",
            "baggage");

    private static final int SECONDS_KEPT = 600;

    private final Set<String> origins;
    private final CorsHandler handler;

    /**
     * Prepares the rules.
     *
     * @param origins in lower case; {@code *} for all; none when no page may
     */
    Cors(Set<String> origins) {
        this.origins = origins;
        this.handler = CorsHandler.create()
                .allowedMethods(METHODS)
                .allowedHeaders(HEADERS)
                .exposedHeader("Location")
                .maxAgeSeconds(SECONDS_KEPT);
        if (!isForAll()) {
            handler.addOrigins(List.copyOf(origins));
        }
    }

    /** Puts the rules before the gate: a browser asks without a key whether it may call. */
    void install(Router router, int order) {
        if (!origins.isEmpty()) {
            PATHS.forEach(path -> router.route(path).order(order).handler(this::apply));
        }
    }

    /** The handler itself would answer 403 to other origins, which may be no pages at all. */
    private void apply(RoutingContext context) {
        String origin = context.request().getHeader("Origin");
        if (origin != null && (isForAll() || origins.contains(origin.toLowerCase(Locale.ROOT)))) {
            ResponseHeaders.set(context);
            handler.handle(context);
        } else {
            context.response().putHeader("Vary", "Origin");
            context.next();
        }
    }

    private boolean isForAll() {
        return origins.contains("*");
    }
}
