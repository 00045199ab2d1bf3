package dev.bactrian.http.security;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Lets pages of certain origins call the API from a browser (the Fetch standard's CORS protocol). No cookies are involved:
 * such a page has to show the key, as everybody.
 */
final class Cors {

    private static final Pattern PATHS = Pattern.compile("/(api|functions/v1)/.*");
    private static final String METHODS = "GET, POST, PUT, DELETE";
    /** What supabase-js sends, with a region, when it tries again, and where traces are followed. */
    private static final String HEADERS = "authorization, content-type, apikey, x-client-info, x-region, x-retry-count,"
            + " traceparent, tracestate, baggage";

    private static final String SECONDS_KEPT = "600";

    private final Set<String> origins;

    /**
     * Prepares the rules.
     *
     * @param origins in lower case; {@code *} for all; none when no page may
     */
    Cors(Set<String> origins) {
        this.origins = origins;
    }

    /** Says in the response's headers what the page may read; answers when a browser only asks, without a key, whether it may call. */
    boolean answered(RoutingContext context) {
        if (origins.isEmpty() || !PATHS.matcher(context.normalizedPath()).matches()) {
            return false;
        }
        HttpServerResponse response = context.response();
        response.putHeader("Vary", "Origin");
        String origin = context.request().getHeader("Origin");
        boolean all = origins.contains("*");
        if (origin == null || !all && !origins.contains(origin.toLowerCase(Locale.ROOT))) {
            return false;
        }
        response.putHeader("Access-Control-Allow-Origin", all ? "*" : origin);
        if (context.request().method() == HttpMethod.OPTIONS
                && context.request().getHeader("Access-Control-Request-Method") != null) {
            response.putHeader("Access-Control-Allow-Methods", METHODS)
                    .putHeader("Access-Control-Allow-Headers", HEADERS)
                    .putHeader("Access-Control-Max-Age", SECONDS_KEPT)
                    .setStatusCode(204)
                    .end();
            return true;
        }
        response.putHeader("Access-Control-Expose-Headers", "Location");
        return false;
    }
}
